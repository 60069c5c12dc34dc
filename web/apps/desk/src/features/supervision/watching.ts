/** What the supervision page shows, as it stands in the address. Pure. */
export const KINDS = ["past", "near", "supervised", "reminded", "summoned", "summons_late"] as const;
export type Kind = (typeof KINDS)[number];
/** `unit`: who holds the cases (for summonses: who is called); null for all, "none" for cases that nobody holds. */
export interface Watching { kind: Kind; unit: number | "none" | null }
type Query = Record<string, unknown>;

export function watchingFrom(query: Query): Watching {
  const kind = KINDS.find((one) => one === query.kind) ?? "past";
  const unit = query.unit === "none" ? "none" : Number(query.unit);
  return { kind, unit: unit === "none" || (Number.isSafeInteger(unit) && unit > 0) ? unit : null };
}
export const queryOf = ({ kind, unit }: Watching): Record<string, string | undefined> => ({ kind: kind === "past" ? undefined : kind, unit: unit == null ? undefined : String(unit) });
export const wireOf = ({ kind, unit }: Watching) => ({ kind, ...(unit === "none" ? { nobody: true } : unit == null ? {} : { unit }) });

type Counts = Record<Kind, number>;
/** The counts of several units together. */
export function total(units: readonly Counts[]): Counts {
  return Object.fromEntries(KINDS.map((kind) => [kind, units.reduce((sum, one) => sum + one[kind], 0)])) as Counts;
}
