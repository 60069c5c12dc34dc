/** What the field dictionary has on: which fields a form asks for, and those that the city has defined for itself. */
import { answer, api, type Schemas } from "@jingwei/api";
import { useQuery } from "@tanstack/vue-query";
import { computed } from "vue";

export type OwnField = Schemas["RecordedFieldOut"];
export type OwnValues = Record<string, string | number | boolean | null>;

export function useDictionary(thing: string) {
  const found = useQuery({ queryKey: ["fields"], queryFn: () => answer(api.GET("/api/v1/fields")), staleTime: 300_000 });
  const fields = computed(() => found.data.value?.things.find((one) => one.thing === thing)?.fields ?? []);
  const own = computed<OwnField[]>(() => fields.value.filter((one) => one.own && one.is_on));
  /** Whether a field is asked for; until the dictionary is here, each is. */
  const on = (name: string) => fields.value.find((one) => one.name === name)?.is_on ?? true;
  return { own, on, loaded: found.isSuccess };
}

/** Only what differs from what stood there: what nobody touched is not said again. `null` empties. */
export function saidAnew(now: OwnValues, before: OwnValues): OwnValues {
  const empty = (value: unknown) => value === "" || value === undefined || value === null;
  return Object.fromEntries(Object.entries(now).filter(([name, value]) => !(empty(value) && empty(before[name])) && value !== before[name]).map(([name, value]) => [name, empty(value) ? null : value]));
}
