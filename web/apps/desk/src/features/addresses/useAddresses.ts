/** What the page's parts share: the place and node in the address of the page, the questions, and what is read anew after a change. */
import { answer, api } from "@jingwei/api";
import { useInfiniteQuery, useQuery, useQueryClient } from "@tanstack/vue-query";
import { computed, type Ref } from "vue";
import { useRoute, useRouter } from "vue-router";
import { useSession } from "../../shell/useSession";

const one = (value: unknown) => (typeof value === "string" ? value : "");

export function usePlaceOnPage() {
  const route = useRoute();
  const router = useRouter();
  const change = (what: Record<string, string | undefined>) => void router.replace({ query: { ...route.query, ...what } });
  const { scope } = useSession();
  const own = computed(() => (scope.value.length === 1 ? scope.value[0]!.code : "")); // who has one area looks at it
  const within = computed({ get: () => one(route.query.within) || own.value, set: (code) => change({ within: code || undefined, open: undefined }) });
  const node = computed(() => (/^\d{1,18}$/.test(one(route.query.node)) ? Number(route.query.node) : 0));
  const open = computed(() => one(route.query.open).split(",").filter(Boolean).map(Number));
  const choose = (id: number) => void router.push({ query: { ...route.query, node: id ? String(id) : undefined, form: undefined } });
  const toggle = (id: number) => change({ open: (open.value.includes(id) ? open.value.filter((n) => n !== id) : [...open.value, id]).join(",") || undefined });
  return { within, node, open, choose, toggle };
}

/** The nodes below one (0: the tops of a place), page by page. */
export function useBranch(parent: Ref<number>, within: Ref<string>) {
  return useInfiniteQuery({
    queryKey: ["addresses", "tree", parent, within],
    queryFn: ({ pageParam }) => answer(api.GET("/api/v1/addresses/tree", { params: { query: { ...(parent.value ? { parent: parent.value } : {}), within: within.value, after: pageParam } } })),
    initialPageParam: undefined as string | undefined, getNextPageParam: (last) => last.next ?? undefined,
  });
}
export function useAddress(id: Ref<number>) {
  return useQuery({ queryKey: ["addresses", "one", id], queryFn: () => answer(api.GET("/api/v1/addresses/{address_id}", { params: { path: { address_id: id.value } } })), enabled: computed(() => id.value > 0) });
}
export function useAnew() {
  const client = useQueryClient();
  return () => client.invalidateQueries({ queryKey: ["addresses"] });
}
