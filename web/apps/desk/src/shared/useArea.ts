import { answer, api } from "@jingwei/api";
import { useQuery } from "@tanstack/vue-query";
import { computed, type Ref } from "vue";

export interface Place { code: string; name: string }
const DIGITS = [2, 4, 6, 9, 12, 15];
const MOST = 200; // codes a question

/** Names asked for within a moment go out as one question: a list of people has a place in every row. */
let waiting = new Map<string, ((name: string) => void)[]>();
function nameOf(code: string): Promise<string> {
  return new Promise((resolve) => {
    if (!waiting.size) setTimeout(ask, 20);
    waiting.set(code, [...(waiting.get(code) ?? []), resolve]);
  });
}
async function ask() {
  const asked = [...waiting];
  waiting = new Map();
  for (let from = 0; from < asked.length; from += MOST) {
    const some = asked.slice(from, from + MOST);
    const found = await answer(api.GET("/api/v1/areas/names", { params: { query: { codes: some.map(([code]) => code).join(",") } } })).catch((): Place[] => []);
    const names = new Map(found.map((one) => [one.code, one.name]));
    for (const [code, tell] of some) for (const one of tell) one(names.get(code) ?? code);
  }
}

/** The places that one lies in, widest first, by its code alone; a level without a name of its own (市辖区) is left out. */
export function usePlaces(code: Ref<string>) {
  const found = useQuery({
    queryKey: ["place-ladder", code],
    queryFn: async (): Promise<Place[]> => {
      const prefixes = DIGITS.filter((n) => n <= code.value.length).map((n) => code.value.slice(0, n));
      const names = await Promise.all(prefixes.map(nameOf));
      return prefixes.map((one, i) => ({ code: one, name: names[i]! })).filter((one, i, all) => !i || one.name !== all[i - 1]!.name);
    },
    enabled: computed(() => !!code.value), staleTime: Infinity, retry: false,
  });
  const ladder = computed(() => found.data.value ?? []);
  const name = computed(() => ladder.value.at(-1)?.name ?? code.value);
  return { ladder, name };
}
