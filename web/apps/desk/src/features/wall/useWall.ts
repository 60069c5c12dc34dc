import { answer, api } from "@jingwei/api";
import { useQuery } from "@tanstack/vue-query";
import type { Ref } from "vue";
import { useChanges, useLine } from "../../shell/live/useLive";

const MINUTE = 60_000; // a limit runs out without anything happening

/** What burns, read again when something has happened (at most every two seconds), and each minute. */
export function useWall(place: Ref<string>, changed: () => void) {
  const { every, down } = useLine();
  const wall = useQuery({
    queryKey: ["wall", place],
    queryFn: () => answer(api.GET("/api/v1/wall", { params: { query: { place: place.value } } })),
    refetchInterval: () => every.value || MINUTE, refetchIntervalInBackground: true,
    placeholderData: (before) => before,
  });
  useChanges((changes) => {
    if (changes && !changes.some((one) => one.place.startsWith(place.value))) return;
    void wall.refetch();
    changed();
  }, 2_000);
  return { wall, down };
}
