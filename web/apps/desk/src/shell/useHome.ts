/** Where a map opens when nothing else says so: where this person's cases are. */
import { answer, api } from "@jingwei/api";
import { useQuery } from "@tanstack/vue-query";
import { computed } from "vue";
import { remember, rememberedJson } from "./remember";

interface View { lon: number; lat: number; zoom: number }
const middle = (numbers: number[]) => [...numbers].sort((a, b) => a - b)[Math.floor(numbers.length / 2)]!;

export function useHome() {
  const kept = rememberedJson<View>("home");
  const cases = useQuery({
    queryKey: ["home"],
    queryFn: () => answer(api.GET("/api/v1/cases", { params: { query: { view: "all", size: 50 } as never } })),
    enabled: !kept, staleTime: Infinity,
  });
  const view = computed<View | null>(() => {
    if (kept) return kept;
    const placed = cases.data.value?.items.filter((row) => row.lon != null && row.lat != null) ?? [];
    if (!placed.length) return null;
    const found = { lon: middle(placed.map((row) => row.lon!)), lat: middle(placed.map((row) => row.lat!)), zoom: 15 };
    remember("home", JSON.stringify(found));
    return found;
  });
  return { view };
}
