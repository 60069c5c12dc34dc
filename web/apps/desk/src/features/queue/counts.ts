/** Counts of several processes put together by state. Pure. */
import type { Name, StateCount } from "@jingwei/api";
import { LIGHTS, type LightCode } from "@jingwei/ui";

export interface Cell extends Record<LightCode, number> { code: string; name: Name; total: number }

/** Processes share their states' codes; where one names a state otherwise, the strip shows both names. */
export function cells(counts: readonly StateCount[]): Cell[] {
  const byCode = new Map<string, Cell>();
  for (const count of counts) {
    const { code, name } = count.state;
    const cell = byCode.get(code) ?? { code, name, green: 0, amber: 0, red: 0, paused: 0, none: 0, total: 0 };
    const both = (a: string, b: string) => (a.split(" / ").includes(b) ? a : `${a} / ${b}`);
    const sums = Object.fromEntries(LIGHTS.map((light) => [light, cell[light] + count[light]])) as Record<LightCode, number>;
    byCode.set(code, { code, name: { zh: both(cell.name.zh, name.zh), en: both(cell.name.en, name.en) }, ...sums, total: cell.total + count.total });
  }
  return [...byCode.values()];
}
