import { answer, api, newKey, type CaseRow, type Outcome } from "@jingwei/api";

/** One move for several cases; the key stays the same until a definite answer came, so that nothing is done twice. */
export function useManyMove() {
  let key = newKey();
  async function send(move: string, rows: readonly CaseRow[], form: Record<string, unknown>): Promise<Outcome[]> {
    try {
      const outcomes = await answer(api.POST("/api/v1/cases/moves/{move}", { params: { path: { move } }, headers: { "Idempotency-Key": key }, body: { cases: rows.map((row) => ({ id: row.id, seen_version: row.version })), form } as never }));
      key = newKey();
      return outcomes;
    } catch (error) {
      if (!(error as { undecided?: boolean }).undecided) key = newKey();
      throw error;
    }
  }
  return { send };
}
