/** Cases put together by the unit that the dispatch rules propose for them. Pure. */
import type { Name, UnitRef } from "@jingwei/api";

export interface Proposal { id: string; unit: UnitRef | null; why: Name }
/** `key`: the proposed unit, 0 for none; `unit`: where its cases go, null: they stay. */
export interface Group<Row> { key: number; proposed: UnitRef | null; why: Name; unit: number | null; rows: Row[] }

/** The largest group first, those without a proposal last. */
export function grouped<Row extends { id: string }>(rows: readonly Row[], proposals: readonly Proposal[]): Group<Row>[] {
  const of = new Map(proposals.map((one) => [one.id, one]));
  const found = new Map<number, Group<Row>>();
  for (const row of rows) {
    const proposal = of.get(row.id);
    const key = proposal?.unit?.id ?? 0;
    const group = found.get(key) ?? { key, proposed: proposal?.unit ?? null, why: proposal?.why ?? { zh: "", en: "" }, unit: proposal?.unit?.id ?? null, rows: [] };
    group.rows.push(row);
    found.set(key, group);
  }
  return [...found.values()].sort((a, b) => Number(!a.key) - Number(!b.key) || b.rows.length - a.rows.length);
}
