import { answer, api, asProblem, newKey, type CaseRow, type Name } from "@jingwei/api";
import { useQuery } from "@tanstack/vue-query";
import { computed, reactive, ref, watch } from "vue";
import { draftOf } from "../../shell/drafts";
import { useAdvice } from "../../shared/useAdvice";
import { useDebounced } from "../../shared/useDebounced";
import { emptyDraft, faults, isBlank, wireCase, type Caller, type Draft } from "./draft";

const METRES = 200;
const COMPARED = 300; // characters of a text that the server compares

export function useIntake(words: { needed: (field: string) => string; say: (name: Name) => string; unreachable: () => string; failed: () => string }) {
  const { found, keep } = draftOf<Draft>("case");
  const draft = reactive<Draft>({ ...emptyDraft(newKey()), ...found });
  const caller = reactive<Caller>({ name: "", phone: "" });
  const restored = ref(!isBlank(draft));
  const busy = ref(false);
  const trouble = ref("");
  const wrong = ref<Record<string, string>>({});
  watch(draft, () => keep(isBlank(draft) ? null : draft));
  /** The case that this very report has become before, when no answer came back. */
  const arrived = ref<CaseRow | null>(null);

  const point = computed(() => draft.at);
  const area = useQuery({
    queryKey: ["areas-at", point],
    queryFn: () => answer(api.GET("/api/v1/areas/at", { params: { query: { lon: draft.at!.lon, lat: draft.at!.lat } } })),
    enabled: computed(() => !!draft.at), staleTime: 60_000,
  });
  /** What is known so far ranks the cases nearby; asked again once the writing has rested. */
  const known = useDebounced(computed(() => ({ matter: draft.matter, text: draft.text.trim().slice(0, COMPARED), address: draft.address.trim() })), 400);
  const nearby = useQuery({
    queryKey: ["nearby", point, known],
    queryFn: async () => (await answer(api.POST("/api/v1/cases/nearby", { body: { ...draft.at!, metres: METRES, ...known.value } }))).items,
    enabled: computed(() => !!draft.at), refetchInterval: 30_000, placeholderData: (before) => before,
  });
  const advice = useAdvice(computed(() => ({ text: known.value.text, place: area.data.value?.grid?.code ?? "", matter: "" })), computed(() => !!known.value.text));
  const conditions = useQuery({
    queryKey: ["conditions", computed(() => draft.matter)],
    queryFn: () => answer(api.GET("/api/v1/matters/{code}/conditions", { params: { path: { code: draft.matter } } })),
    enabled: computed(() => !!draft.matter), staleTime: 300_000,
  });

  function clear() {
    Object.assign(draft, { component: undefined }, emptyDraft(newKey()));
    Object.assign(caller, { name: "", phone: "" });
    restored.value = false;
    wrong.value = {};
    trouble.value = "";
    arrived.value = null;
  }

  /** Sends once; a second press while it is under way does nothing, and a resend after silence carries the same key. */
  async function submit(): Promise<CaseRow | null> {
    if (busy.value) return null;
    trouble.value = "";
    arrived.value = null;
    wrong.value = Object.fromEntries(faults(draft, caller).map((field) => [field, words.needed(field)]));
    if (Object.keys(wrong.value).length) return null;
    busy.value = true;
    try {
      const made = await answer(api.POST("/api/v1/cases", { headers: { "Idempotency-Key": draft.key }, body: wireCase(draft, caller) }));
      clear();
      return made;
    } catch (error) {
      const problem = asProblem(error);
      if (!problem.undecided) draft.key = newKey();
      if (problem.code === "key_reused" && problem.present) arrived.value = problem.present;
      else if (problem.status === 0) trouble.value = words.unreachable();
      else {
        wrong.value = Object.fromEntries(problem.errors.map((one) => [one.field.replace(/^body\./, "").replace(/^reporter\./, "").replace(/^position.*/, "address"), typeof one.message === "string" ? one.message : words.say(one.message)]));
        trouble.value = problem.detail || words.failed();
      }
      return null;
    } finally {
      busy.value = false;
    }
  }
  return { draft, caller, restored, busy, trouble, wrong, arrived, area, nearby, advice, conditions, clear, submit, metres: METRES };
}
