import { answer, api, asProblem, keyOfChange, type CaseRow, type Outcome } from "@jingwei/api";

/** One move for several cases, with what each says for itself in `own`; the key stays the same until a definite answer came, so that nothing is done twice. */
export function useManyMove() {
  const key = keyOfChange();
  async function send(move: string, rows: readonly CaseRow[], form: Record<string, unknown>, own: (row: CaseRow) => Record<string, unknown> = () => ({})): Promise<Outcome[]> {
    const body = { cases: rows.map((row) => ({ id: row.id, seen_version: row.version, form: own(row) })), form };
    try {
      const outcomes = await answer(api.POST("/api/v1/cases/moves/{move}", { params: { path: { move } }, headers: { "Idempotency-Key": key.of(body) }, body: body as never }));
      key.decided();
      return outcomes;
    } catch (error) {
      if (!asProblem(error).undecided) key.decided();
      throw error;
    }
  }
  return { send };
}
