import { answer, api, keyOfChange, type Outcome } from "@jingwei/api";

/** One move for several cases, with what each says for itself in `own`. The same key goes with the same attempt until a definite answer came. */
export function useManyMove() {
  const key = keyOfChange();
  function send<Row extends { id: string; version: number }>(move: string, rows: readonly Row[], form: Record<string, unknown>, own: (row: Row) => Record<string, unknown> = () => ({})): Promise<Outcome[]> {
    const body = { cases: rows.map((row) => ({ id: row.id, seen_version: row.version, form: own(row) })), form };
    return key.send(body, (name) => answer(api.POST("/api/v1/cases/moves/{move}", { params: { path: { move } }, headers: { "Idempotency-Key": name }, body: body as never })));
  }
  return { send };
}
