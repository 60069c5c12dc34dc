/** The list's columns: which there are, which one sees, and in what order. Pure but for the browser's memory. */
import { remember, rememberedJson } from "../../shell/remember";

export const COLUMNS = ["light", "number", "state", "what", "where", "unit", "opened_at", "entered_at", "source", "place", "due_at"] as const;
export type Column = (typeof COLUMNS)[number];
export const USUAL: readonly Column[] = ["light", "number", "state", "what", "where", "unit"];
/** The number is the way into the case: it is always there. */
export const FIXED: Column = "number";

export function columnsFrom(value: unknown): Column[] {
  const known = Array.isArray(value) ? COLUMNS.filter((one) => (value as unknown[]).includes(one)) : [];
  const ordered = Array.isArray(value) ? (value as unknown[]).filter((one): one is Column => known.includes(one as Column)) : [];
  if (!ordered.length) return [...USUAL];
  return ordered.includes(FIXED) ? [...new Set(ordered)] : [FIXED, ...new Set(ordered)];
}
export const keptColumns = (): Column[] => columnsFrom(rememberedJson("queue.columns"));
export const keepColumns = (columns: readonly Column[]): void => remember("queue.columns", columns.join() === USUAL.join() ? null : JSON.stringify(columns));

/** The column one place further to the left (-1) or right (1). */
export function moved(columns: readonly Column[], column: Column, by: -1 | 1): Column[] {
  const at = columns.indexOf(column), to = at + by;
  if (at < 0 || to < 0 || to >= columns.length) return [...columns];
  const next = [...columns];
  [next[at], next[to]] = [next[to]!, next[at]!];
  return next;
}
