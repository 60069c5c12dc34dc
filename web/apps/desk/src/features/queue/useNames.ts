/** Names for the codes of a filter: states of every process, matters, units. */
import { answer, api } from "@jingwei/api";
import { useQueries, useQuery } from "@tanstack/vue-query";
import { computed, type Ref } from "vue";
import { useName } from "../../shell/useName";

/** Every state of the processes in force, once by its code, in the order of the longest process. */
export function useStates(wanted: Ref<boolean>) {
  const say = useName();
  const processes = useQuery({ queryKey: ["processes"], queryFn: () => answer(api.GET("/api/v1/processes")), enabled: wanted, staleTime: Infinity });
  const codes = computed(() => [...new Set((processes.data.value ?? []).map((one) => one.code))]);
  const details = useQueries({ queries: computed(() => codes.value.map((code) => ({ queryKey: ["process", code], queryFn: () => answer(api.GET("/api/v1/processes/{code}", { params: { path: { code } } })), staleTime: Infinity, retry: false }))) });
  const states = computed(() => {
    const found = new Map<string, string>();
    const known = details.value.map((one) => one.data).filter((one) => !!one).sort((a, b) => b.states.length - a.states.length);
    for (const process of known) for (const state of process.states) if (!found.has(state.code)) found.set(state.code, say(state.name));
    return [...found].map(([code, name]) => ({ code, name }));
  });
  const names = computed(() => (processes.data.value ?? []).filter((one, i, all) => all.findIndex((other) => other.code === one.code) === i).map((one) => ({ code: one.code, name: say(one.name) })));
  return { states, processes: names };
}

export function useMatterNames(codes: Ref<string[]>) {
  const found = useQueries({ queries: computed(() => codes.value.map((code) => ({ queryKey: ["matter-name", code], queryFn: async () => (await answer(api.GET("/api/v1/matters", { params: { query: { q: code } } }))).find((one) => one.code === code)?.name ?? code, staleTime: Infinity, retry: false }))) });
  return computed(() => Object.fromEntries(codes.value.map((code, i) => [code, found.value[i]?.data ?? code])));
}
export function useUnitNames(ids: Ref<string[]>) {
  const found = useQueries({ queries: computed(() => ids.value.map((id) => ({ queryKey: ["unit-name", id], queryFn: async () => (await answer(api.GET("/api/v1/units/{unit_id}", { params: { path: { unit_id: Number(id) } } }))).name, staleTime: Infinity, retry: false }))) });
  return computed(() => Object.fromEntries(ids.value.map((id, i) => [id, found.value[i]?.data ?? id])));
}
