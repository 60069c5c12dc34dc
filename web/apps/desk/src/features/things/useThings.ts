/** What the pages of organisations, components and pledges ask the server for. */
import { answer, api, type Schemas } from "@jingwei/api";
import { useInfiniteQuery, useQuery } from "@tanstack/vue-query";
import { computed, type Ref } from "vue";
import { useRoute, useRouter } from "vue-router";
import { useSession } from "../../shell/useSession";

export type ComponentPage = Schemas["ComponentOut"];
export type ComponentRow = Schemas["ComponentRowOut"];
export type OrganisationPage = Schemas["OrganisationOut"];
export type ComponentClass = Schemas["CountedClassOut"];
const SIZE = 50;
const LISTS = { components: "/api/v1/components", organisations: "/api/v1/organisations", pledges: "/api/v1/pledges" } as const;
type Query = Record<string, string | string[] | number | boolean | undefined>;

/** A list page after page. */
export function useList<T extends { id: string }>(what: keyof typeof LISTS, filter: Ref<Query>) {
  const list = useInfiniteQuery({
    queryKey: ["things", what, filter],
    queryFn: ({ pageParam }) => answer(api.GET(LISTS[what], { params: { query: { ...filter.value, after: pageParam, size: SIZE } as never } })) as unknown as Promise<{ items: T[]; next: string | null }>,
    initialPageParam: undefined as string | undefined,
    getNextPageParam: (page) => page.next ?? undefined,
    placeholderData: (before) => before,
  });
  return { list, rows: computed(() => list.data.value?.pages.flatMap((page) => page.items) ?? []) };
}

export const useComponent = (id: Ref<string>) => useQuery({ queryKey: ["things", "component", id], queryFn: () => answer(api.GET("/api/v1/components/{component_id}", { params: { path: { component_id: id.value } } })) });
export const useOrganisation = (id: Ref<string>) => useQuery({ queryKey: ["things", "organisation", id], queryFn: () => answer(api.GET("/api/v1/organisations/{organisation_id}", { params: { path: { organisation_id: id.value } } })) });
export const usePledge = (id: Ref<string>) => useQuery({ queryKey: ["things", "pledge", id], queryFn: () => answer(api.GET("/api/v1/pledges/{pledge_id}", { params: { path: { pledge_id: id.value } } })) });
export const useClasses = () => useQuery({ queryKey: ["things", "classes"], queryFn: () => answer(api.GET("/api/v1/component-classes")), staleTime: 300_000 });
export const useFacts = () => useQuery({ queryKey: ["component-facts"], queryFn: () => answer(api.GET("/api/v1/component-facts")), staleTime: Infinity });

/** The filter of a list stands in the address. */
export function useFilter() {
  const route = useRoute();
  const router = useRouter();
  const one = (name: string) => (typeof route.query[name] === "string" ? (route.query[name] as string) : "");
  const change = (what: Record<string, string | undefined>) => void router.replace({ query: { ...route.query, ...what } });
  return { one, change };
}

/** Whether this person holds one of the roles anywhere: what the server then decides for the place. */
export function useHolds() {
  const { me } = useSession();
  return (roles: readonly string[]) => !!me.value?.grants.some((grant) => roles.includes(grant.role));
}
