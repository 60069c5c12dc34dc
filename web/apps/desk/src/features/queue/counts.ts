/** Counts of several processes put together by state. Pure. */
import type { Name, StateCount } from "@jingwei/api";
import { LIGHTS, type LightCode } from "@jingwei/ui";

/** One state of the strip; `process` is empty where all processes mean the same by the state's code. */
export interface Cell extends Record<LightCode, number> { key: string; code: string; process: string; of: string[]; name: Name; total: number }

const KINDS = ["open", "waiting", "final"];

/** Processes share states by code; where one gives a code another name, it stands apart, and is filtered with its process. */
export function cells(counts: readonly StateCount[]): Cell[] {
  const names = new Map<string, Set<string>>();
  for (const { state } of counts) names.set(state.code, (names.get(state.code) ?? new Set()).add(state.name.zh));
  // The process with most states gives the order; what only others have follows where it stands in theirs.
  const size = (process: string) => new Set(counts.filter((one) => one.process === process).map((one) => one.state.code)).size;
  const sizes = new Map(counts.map((one) => [one.process, size(one.process)]));
  const ordered = [...counts].sort((a, b) => sizes.get(b.process)! - sizes.get(a.process)!);
  const found = new Map<string, Cell & { kind: string }>();
  for (const count of ordered) {
    const { code, name, kind } = count.state;
    const process = names.get(code)!.size > 1 ? count.process : "";
    const key = process ? `${code}-${process}` : code;
    const cell = found.get(key) ?? { key, code, process, of: [], name, kind, green: 0, amber: 0, red: 0, paused: 0, none: 0, total: 0 };
    for (const light of LIGHTS) cell[light] += count[light];
    cell.total += count.total;
    if (!cell.of.includes(count.process)) cell.of.push(count.process);
    found.set(key, cell);
  }
  return [...found.values()].sort((a, b) => KINDS.indexOf(a.kind) - KINDS.indexOf(b.kind));
}

/** Cells that carry the same word as another: they are shown with the name of their process. */
export function alike(strip: readonly Cell[]): Set<string> {
  const times = new Map<string, number>();
  for (const { name } of strip) times.set(name.zh, (times.get(name.zh) ?? 0) + 1);
  return new Set(strip.filter((cell) => times.get(cell.name.zh)! > 1).map((cell) => cell.key));
}
