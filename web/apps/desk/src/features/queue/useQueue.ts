import { answer, api } from "@jingwei/api";
import { useInfiniteQuery, useQuery } from "@tanstack/vue-query";
import { computed, type Ref } from "vue";
import type { QueueFilter } from "./filter";

const EVERY = 15_000;
const FEW_PAGES = 4; // a long list that somebody has opened is not read again every 15 seconds

/** The list, page by page behind a cursor, and the counts of the same view. */
export function useQueue(filter: Ref<QueueFilter>) {
  // Counts are of what the other filters leave, so that the strip and the list always agree.
  const narrowed = computed(() => ({ ...filter.value, state: undefined, process: undefined, light: undefined }));
  const list = useInfiniteQuery({
    queryKey: ["cases", filter],
    queryFn: ({ pageParam }) => answer(api.GET("/api/v1/cases", { params: { query: { ...filter.value, ...(pageParam ? { after: pageParam } : {}), size: 50 } as never } })),
    initialPageParam: "",
    getNextPageParam: (page) => page.next ?? undefined,
    refetchInterval: (query) => ((query.state.data?.pages.length ?? 0) <= FEW_PAGES ? EVERY : false),
    placeholderData: (before) => before,
  });
  const counts = useQuery({
    queryKey: ["case-counts", narrowed],
    queryFn: () => answer(api.GET("/api/v1/cases/counts", { params: { query: narrowed.value as never } })),
    refetchInterval: EVERY,
    placeholderData: (before) => before,
  });
  const rows = computed(() => list.data.value?.pages.flatMap((page) => page.items) ?? []);
  return { list, counts, rows };
}
