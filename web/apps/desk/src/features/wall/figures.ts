/** What the wall makes of the counts. Pure. */
import type { Name, StateCount, Wall } from "@jingwei/api";

export interface Bar { code: string; name: Name; red: number; amber: number; rest: number; total: number }

/** States of all processes by their word, in the order of the process that has most cases; `most` of them, the fullest. */
export function bars(counts: readonly StateCount[], most: number): Bar[] {
  const found = new Map<string, Bar>();
  const size = (process: string) => counts.reduce((sum, one) => sum + (one.process === process ? one.total : 0), 0);
  const sizes = new Map(counts.map((one) => [one.process, size(one.process)]));
  for (const { state, red, amber, total } of [...counts].sort((a, b) => sizes.get(b.process)! - sizes.get(a.process)!)) {
    const bar = found.get(state.name.zh) ?? { code: state.code, name: state.name, red: 0, amber: 0, rest: 0, total: 0 };
    bar.red += red;
    bar.amber += amber;
    bar.rest += total - red - amber;
    bar.total += total;
    found.set(state.name.zh, bar);
  }
  const all = [...found.values()];
  const kept = new Set([...all].sort((a, b) => b.total - a.total).slice(0, most));
  return all.filter((one) => kept.has(one));
}

export interface Figures { red: number; amber: number; open: number; paused: number; summoned: number; summonsLate: number; unanswered: number; today: number }

export function figures(wall: Wall): Figures {
  const sum = (pick: (count: StateCount) => number) => wall.counts.reduce((all, one) => all + pick(one), 0);
  const units = (pick: (unit: Wall["units"][number]) => number) => wall.units.reduce((all, one) => all + pick(one), 0);
  return {
    red: sum((one) => one.red), amber: sum((one) => one.amber), open: sum((one) => one.total), paused: sum((one) => one.paused),
    summoned: units((one) => one.summoned), summonsLate: units((one) => one.summons_late), unanswered: units((one) => one.supervised + one.reminded), today: wall.today,
  };
}
/** Nothing past its limit or near it, and nobody who was called is late. */
export const isCalm = ({ red, amber, summonsLate }: Figures): boolean => !red && !amber && !summonsLate;
