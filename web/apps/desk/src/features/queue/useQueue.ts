import { answer, api } from "@jingwei/api";
import { useInfiniteQuery, useQuery } from "@tanstack/vue-query";
import { computed, type Ref } from "vue";
import { useChanges, useLine } from "../../shell/live/useLive";
import { asked, askedBut, concerns, type QueueFilter } from "./filter";

/** The list, page by page behind a cursor, and the counts of the same view; read again when a change may touch them. */
export function useQueue(filter: Ref<QueueFilter>) {
  const { every } = useLine();
  // Counts are of what the other filters leave, so that the strip and the list always agree.
  const narrowed = computed(() => askedBut(filter.value, "sort", "state", "process", "light"));
  const list = useInfiniteQuery({
    queryKey: ["cases", filter],
    queryFn: ({ pageParam }) => answer(api.GET("/api/v1/cases", { params: { query: { ...asked(filter.value), ...(pageParam ? { after: pageParam } : {}), size: 50 } as never } })),
    initialPageParam: "",
    getNextPageParam: (page) => page.next ?? undefined,
    refetchInterval: every,
    placeholderData: (before) => before,
  });
  const counts = useQuery({
    queryKey: ["case-counts", narrowed],
    queryFn: () => answer(api.GET("/api/v1/cases/counts", { params: { query: narrowed.value as never } })),
    refetchInterval: every,
    placeholderData: (before) => before,
  });
  const rows = computed(() => list.data.value?.pages.flatMap((page) => page.items) ?? []);
  useChanges((changes) => {
    const shown = new Set(rows.value.map((row) => row.id));
    if (changes && !changes.some((one) => shown.has(one.id) || concerns(filter.value, one))) return;
    void list.refetch();
    void counts.refetch();
  });
  return { list, counts, rows };
}
