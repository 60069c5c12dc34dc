import { answer, api, asProblem, type Name } from "@jingwei/api";
import { useQuery, useQueryClient } from "@tanstack/vue-query";
import { ElMessage } from "element-plus";
import { computed, ref } from "vue";
import { useI18n } from "vue-i18n";
import { useName } from "../../shell/useName";

/** Whether the server lets this person edit, today's date there, and what wants to be seen to. */
export function useCatalogue() {
  const client = useQueryClient();
  const found = useQuery({ queryKey: ["catalogue"], queryFn: () => answer(api.GET("/api/v1/catalogue")), staleTime: 60_000 });
  const mayEdit = computed(() => found.data.value?.may_edit ?? false);
  const today = computed(() => found.data.value?.today ?? new Date().toISOString().slice(0, 10));
  const warning = (about: string): Name | null => found.data.value?.warnings.find((one) => one.about === about)?.text ?? null;
  /** After an edit everything of the catalogue is asked anew. */
  const changed = () => { for (const key of ["catalogue", "dispatch-table", "texts", "processes", "limits", "calendars", "matters", "dispatch"]) void client.invalidateQueries({ queryKey: [key] }); };
  return { mayEdit, today, warning, changed };
}

/** The moves, guards, fields, clock effects and roles that a process may name. */
export function useRegistry() {
  const found = useQuery({ queryKey: ["process-registry"], queryFn: () => answer(api.GET("/api/v1/processes/registry")), staleTime: Infinity });
  return computed(() => found.data.value);
}

/** Sends an edit: while it runs, what is wrong at which field, and what else went wrong. `conflict`: somebody was faster. */
export function useSaving() {
  const { t } = useI18n();
  const say = useName();
  const busy = ref(false);
  const trouble = ref("");
  const conflict = ref(false);
  const fields = ref<Record<string, string>>({});
  async function save<T>(call: () => Promise<T>, done?: string): Promise<T | undefined> {
    if (busy.value) return undefined;
    busy.value = true;
    trouble.value = "";
    conflict.value = false;
    fields.value = {};
    try {
      const got = await call();
      if (done) ElMessage.success({ message: done, grouping: true });
      return got;
    } catch (error) {
      const problem = asProblem(error);
      conflict.value = problem.status === 409;
      const words = (message: string | Name) => (typeof message === "string" ? message : say(message));
      fields.value = Object.fromEntries(problem.errors.map((one) => [one.field, words(one.message)]));
      trouble.value = problem.status === 0 ? t("ui.failing.lost") : problem.detail || t("ui.failing.broke");
      return undefined;
    } finally {
      busy.value = false;
    }
  }
  return { busy, trouble, conflict, fields, save };
}
