import { answer, api, keyOfChange, type Case } from "@jingwei/api";
import { useQuery, useQueryClient } from "@tanstack/vue-query";
import type { Ref } from "vue";
import { useLine } from "../../shell/live/useLive";

/** One case, read again when it changes, and whenever the window comes back. */
export function useCase(id: Ref<string>) {
  const client = useQueryClient();
  const { every } = useLine();
  const query = useQuery({
    queryKey: ["case", id],
    queryFn: () => answer(api.GET("/api/v1/cases/{case_id}", { params: { path: { case_id: id.value } } })),
    refetchInterval: (q) => (q.state.status === "error" ? false : every.value),
  });
  function put(present: Case) {
    client.setQueryData(["case", present.id], present);
    void client.invalidateQueries({ queryKey: ["cases"] });
    void client.invalidateQueries({ queryKey: ["case-counts"] });
  }
  return { query, put };
}

/** Sends one move. The same key goes with the same attempt until a definite answer came. */
export function useMove() {
  const key = keyOfChange();
  function send(id: string, move: string, seenVersion: number, form: Record<string, unknown>): Promise<Case> {
    const body = { seen_version: seenVersion, form };
    return key.send(body, (name) => answer(api.POST("/api/v1/cases/{case_id}/moves/{move}", { params: { path: { case_id: id, move } }, headers: { "Idempotency-Key": name }, body: body as never })));
  }
  return { send };
}
