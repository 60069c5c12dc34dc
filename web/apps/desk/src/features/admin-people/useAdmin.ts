/** What the pages of administration ask the server for. */
import { answer, api, type Person } from "@jingwei/api";
import { useInfiniteQuery, useQuery, useQueryClient } from "@tanstack/vue-query";
import { computed, type Ref } from "vue";

const SIZE = 50;

export const useRoles = () => useQuery({ queryKey: ["roles"], queryFn: () => answer(api.GET("/api/v1/roles")), staleTime: Infinity });

export const useUnit = (id: Ref<number>) => useQuery({ queryKey: ["admin-unit", id], queryFn: () => answer(api.GET("/api/v1/units/{unit_id}", { params: { path: { unit_id: id.value } } })) });

export const useHoldings = (id: Ref<number>, enabled: Ref<boolean>) =>
  useQuery({ queryKey: ["admin-holdings", id], queryFn: () => answer(api.GET("/api/v1/units/{unit_id}/holdings", { params: { path: { unit_id: id.value } } })), enabled });

export const usePerson = (id: Ref<number>) => useQuery({ queryKey: ["admin-person", id], queryFn: () => answer(api.GET("/api/v1/people/{person_id}", { params: { path: { person_id: id.value } } })) });

export interface PeopleFilter { q?: string; unit?: number; role?: string; area?: string; active?: boolean; machines?: boolean }

/** People page after page; the last one's id is the cursor. */
export function usePeople(filter: Ref<PeopleFilter>, enabled?: Ref<boolean>) {
  const list = useInfiniteQuery({
    queryKey: ["admin-people", filter],
    queryFn: ({ pageParam }) => answer(api.GET("/api/v1/people", { params: { query: { ...filter.value, after: pageParam, size: SIZE } } })),
    initialPageParam: 0,
    getNextPageParam: (page: Person[]) => (page.length < SIZE ? undefined : page.at(-1)!.id),
    placeholderData: (before) => before,
    ...(enabled ? { enabled } : {}),
  });
  return { list, rows: computed(() => list.data.value?.pages.flat() ?? []) };
}

/** After a change: everything of administration is asked for anew. */
export function useAnew() {
  const client = useQueryClient();
  return () => client.invalidateQueries({ predicate: ({ queryKey }) => /^(admin|units?$|places-below)/.test(String(queryKey[0])) });
}
