import { answer, api } from "@jingwei/api";
import { useInfiniteQuery, useQuery, useQueryClient } from "@tanstack/vue-query";
import { computed, type Ref } from "vue";
import { useChanges, useLine } from "../../shell/live/useLive";
import { wireOf, type Watching } from "./watching";

const MINUTE = 60_000; // a limit runs out without anything happening

/** Counts by unit, and the cases behind the count that is looked at; read again when something has happened, and each minute. */
export function useSupervision(watching: Ref<Watching>, place: Ref<string>) {
  const client = useQueryClient();
  const { every } = useLine();
  const often = () => every.value || MINUTE;
  const units = useQuery({
    queryKey: ["supervision", "units", place],
    queryFn: () => answer(api.GET("/api/v1/supervision/units", { params: { query: { place: place.value } } })),
    refetchInterval: often,
    placeholderData: (before) => before,
  });
  const list = useInfiniteQuery({
    queryKey: ["supervision", "cases", watching, place],
    queryFn: ({ pageParam }) => answer(api.GET("/api/v1/supervision/cases", { params: { query: { ...wireOf(watching.value), place: place.value, after: pageParam } } })),
    initialPageParam: "",
    getNextPageParam: (last) => last.next ?? undefined,
    refetchInterval: often,
  });
  const rows = computed(() => list.data.value?.pages.flatMap((page) => page.items) ?? []);
  useChanges((changes) => {
    if (!changes || changes.some((one) => one.place.startsWith(place.value))) void client.invalidateQueries({ queryKey: ["supervision"] });
  });
  const again = () => Promise.all([client.invalidateQueries({ queryKey: ["supervision"] }), client.invalidateQueries({ queryKey: ["cases"] }), client.invalidateQueries({ queryKey: ["case"] })]);
  return { units, list, rows, again };
}
