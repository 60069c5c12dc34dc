import { answer, api } from "@jingwei/api";
import { useQuery } from "@tanstack/vue-query";
import { computed, type Ref } from "vue";

export interface Place { code: string; name: string }
const DIGITS = [2, 4, 6, 9, 12, 15];
export const NO_NAMES = ["市辖区", "县"]; // a municipality's second level has no name of its own

/** The divisions that a place lies in, widest first, by its code alone; names are asked for once. */
export function usePlaces(code: Ref<string>) {
  const found = useQuery({
    queryKey: ["place-ladder", code],
    queryFn: async (): Promise<Place[]> => {
      const prefixes = DIGITS.filter((n) => n <= code.value.length).map((n) => code.value.slice(0, n));
      const names = await Promise.all(prefixes.map((one) => one.length === 15
        ? answer(api.GET("/api/v1/grids/{code}", { params: { path: { code: one } } })).then((grid) => grid.name).catch(() => one)
        : answer(api.GET("/api/v1/divisions/{code}", { params: { path: { code: one.padEnd(12, "0") } } })).then((division) => division.name).catch(() => one)));
      return prefixes.map((one, i) => ({ code: one, name: names[i]! }));
    },
    enabled: computed(() => !!code.value), staleTime: Infinity, retry: false,
  });
  const ladder = computed(() => found.data.value ?? []);
  const name = computed(() => [...ladder.value].reverse().find((one) => !NO_NAMES.includes(one.name))?.name ?? code.value);
  return { ladder, name };
}
