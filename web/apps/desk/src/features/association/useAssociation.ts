/** What is tied to one thing; a list can be read further on. */
import { answer, api, type Association, type AssociationEdge, type AssociationKind, type AssociationList } from "@jingwei/api";
import { useQuery } from "@tanstack/vue-query";
import { computed, ref, watch, type Ref } from "vue";

export const KINDS: readonly AssociationKind[] = ["room", "building", "resident", "household", "organisation", "component", "address", "case", "grid"];
export const isKind = (kind: string): kind is AssociationKind => (KINDS as readonly string[]).includes(kind);
/** Names of people are not kept longer than they are looked at. */
const ask = (kind: AssociationKind, id: string, query: { part?: string; after?: string; size?: number } = {}) =>
  answer(api.GET("/api/v1/association/{kind}/{id}", { params: { path: { kind, id }, query } }));

export function useAssociation(kind: Ref<string>, id: Ref<string>) {
  const query = useQuery({
    queryKey: ["association", kind, id],
    queryFn: () => ask(kind.value as AssociationKind, id.value, { size: 10 }),
    enabled: computed(() => isKind(kind.value)), retry: false, gcTime: 60_000,
  });
  const more = ref<Record<string, { items: AssociationEdge[]; next: string | null; busy?: boolean }>>({});
  watch(() => query.data.value, () => (more.value = {}));
  const lists = computed<AssociationList[]>(() => (query.data.value?.lists ?? []).map((list) => {
    const rest = more.value[list.part.code];
    return rest ? { ...list, items: [...list.items, ...rest.items], next: rest.next } : list;
  }));
  async function further(list: AssociationList) {
    const part = list.part.code, had = more.value[part] ?? { items: [], next: list.next };
    if (!had.next || had.busy) return;
    more.value = { ...more.value, [part]: { ...had, busy: true } };
    try {
      const page = (await ask(kind.value as AssociationKind, id.value, { part, after: had.next, size: 50 })).lists[0];
      more.value = { ...more.value, [part]: { items: [...had.items, ...(page?.items ?? [])], next: page?.next ?? null } };
    } catch {
      more.value = { ...more.value, [part]: had }; // the button stays: it can be pressed again
    }
  }
  return { query, lists, further, expand: (of: { kind: string; id: string }): Promise<Association> => ask(of.kind as AssociationKind, of.id, { size: 10 }) };
}
