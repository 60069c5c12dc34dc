import { answer, api, asProblem, sendFile, type ImportJob } from "@jingwei/api";
import { useQuery, useQueryClient } from "@tanstack/vue-query";
import { ElMessage } from "element-plus";
import { computed, ref, toRef, type Ref } from "vue";
import { useI18n } from "vue-i18n";

const WORKING = ["checking", "running", "undoing"];
export const isWorking = (job: ImportJob | undefined) => !!job && WORKING.includes(job.status);

export const useKinds = () => useQuery({ queryKey: ["import-kinds"], queryFn: () => answer(api.GET("/api/v1/import-kinds")), staleTime: Infinity });

/** The classes that components may be of. */
export const useClasses = (wanted: () => boolean) =>
  useQuery({ queryKey: ["import-classes"], queryFn: () => answer(api.GET("/api/v1/component-classes")), staleTime: Infinity, enabled: computed(wanted) });

/** Past imports, the newest first; while one is being worked on, asked again each few seconds. */
export function useImports() {
  return useQuery({
    queryKey: ["imports"],
    queryFn: () => answer(api.GET("/api/v1/imports", { params: { query: { limit: 100 } } })),
    refetchInterval: (query) => (query.state.data?.some(isWorking) ? 3000 : false),
  });
}

/** One import as it goes on, and its columns while they may be changed. */
export function useImport(id: () => string) {
  const key = toRef(id);
  const params = () => ({ params: { path: { import_id: key.value } } });
  const job = useQuery({
    queryKey: ["import", key],
    queryFn: () => answer(api.GET("/api/v1/imports/{import_id}", params())),
    refetchInterval: (query) => (isWorking(query.state.data) ? 1000 : false),
  });
  const mapped = computed(() => !!job.data.value?.may.includes("map"));
  const looked = useQuery({ queryKey: ["import-columns", key], queryFn: () => answer(api.GET("/api/v1/imports/{import_id}/columns", params())), enabled: mapped });
  return { job, looked, params };
}

/** Sends a change, and says what went wrong. */
export function useSending() {
  const { t } = useI18n();
  const client = useQueryClient();
  const busy = ref(false);
  const trouble = ref("");
  const faults: Ref<string[]> = ref([]);
  const anew = () => Promise.all([["imports"], ["import"], ["import-columns"]].map((queryKey) => client.invalidateQueries({ queryKey })));
  async function send<T>(call: () => Promise<T>, done?: string): Promise<T | undefined> {
    if (busy.value) return undefined;
    busy.value = true;
    trouble.value = "";
    faults.value = [];
    try {
      const got = await call();
      await anew();
      if (done) ElMessage.success({ message: done, grouping: true });
      return got;
    } catch (error) {
      const problem = asProblem(error);
      faults.value = problem.errors.map((one) => String(one.message));
      trouble.value = problem.status === 0 ? t("ui.failing.lost") : problem.status === 409 ? t("imports.conflict") : problem.detail || t("ui.failing.broke");
      if (problem.status === 409) await anew();
      return undefined;
    } finally {
      busy.value = false;
    }
  }
  return { busy, trouble, faults, send };
}

export const begin = (file: File, kind: string, area: string, told: (part: number) => void) =>
  sendFile<{ job: ImportJob }>(`/api/v1/imports?kind=${kind}${area ? `&area=${area}` : ""}`, file, told);
