import { answer, api, asProblem } from "@jingwei/api";
import { useQuery, useQueryClient } from "@tanstack/vue-query";
import { ElMessage } from "element-plus";
import { ref } from "vue";
import { useI18n } from "vue-i18n";

/** The dictionary, and what asks it anew. */
export function useFields() {
  const client = useQueryClient();
  const found = useQuery({ queryKey: ["fields"], queryFn: () => answer(api.GET("/api/v1/fields")) });
  const changed = () => void client.invalidateQueries({ queryKey: ["fields"] });
  return { found, changed };
}

/** Sends a change: while it runs, what is wrong at which field, and what else went wrong. */
export function useSending() {
  const { t } = useI18n();
  const busy = ref(false);
  const trouble = ref("");
  const faults = ref<Record<string, string>>({});
  async function send<T>(call: () => Promise<T>, done?: string): Promise<T | undefined> {
    if (busy.value) return undefined;
    busy.value = true;
    trouble.value = "";
    faults.value = {};
    try {
      const got = await call();
      if (done) ElMessage.success({ message: done, grouping: true });
      return got;
    } catch (error) {
      const problem = asProblem(error);
      faults.value = Object.fromEntries(problem.errors.map((one) => [one.field, String(one.message)]));
      trouble.value = problem.status === 0 ? t("ui.failing.lost") : problem.status === 409 ? t("fields.conflict") : problem.detail || t("ui.failing.broke");
      return undefined;
    } finally {
      busy.value = false;
    }
  }
  return { busy, trouble, faults, send };
}
