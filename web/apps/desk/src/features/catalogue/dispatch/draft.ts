/** The dispatch table while it is being edited. Pure. */
import type { DraftRule, Name, TableRule } from "@jingwei/api";

/** One line as the screen shows it; `gone`: it shall end. */
export interface Line {
  key: string;
  id: number | null;
  matter: string; matterName: string;
  area: string; areaName: string;
  source: string;
  days: DraftRule["days"];
  from: string | null; to: string | null;
  unit: { id: number; name: string } | null;
  note: string;
  validFrom: string | null; validTo: string | null;
  broken: Name | null;
  gone: boolean;
}
export type Change = "same" | "new" | "changed" | "moved" | "gone";

const minutes = (time: string | null) => time?.slice(0, 5) ?? null;

export function lineOf(rule: TableRule): Line {
  return {
    key: `r${rule.id}`, id: rule.id, matter: rule.matter, matterName: rule.matter_name, area: rule.area, areaName: rule.area_name, source: rule.source, days: rule.days as DraftRule["days"],
    from: minutes(rule.from_time), to: minutes(rule.to_time), unit: rule.unit, note: rule.note, validFrom: rule.valid_from, validTo: rule.valid_to, broken: rule.broken, gone: false,
  };
}

let made = 0;
export function emptyLine(): Line {
  return { key: `n${Date.now()}-${++made}`, id: null, matter: "", matterName: "", area: "", areaName: "", source: "", days: "any", from: null, to: null, unit: null, note: "", validFrom: null, validTo: null, broken: null, gone: false };
}

/** What is sent: the lines that stay, in their order. */
export function draftOf(lines: readonly Line[]): DraftRule[] {
  return lines.filter((line) => !line.gone).map((line) => ({
    id: line.id, unit_id: line.unit?.id ?? 0, matter: line.matter, area: line.area, source: line.source, days: line.days, from_time: line.from, to_time: line.to, note: line.note,
    valid_from: line.validFrom, valid_to: line.validTo,
  }));
}

const said = (line: Line) => JSON.stringify([line.matter, line.area, line.source, line.days, line.from, line.to, line.unit?.id, line.note, line.validFrom, line.validTo]);

/** For each line what became of it, compared with the table as it stands. Of lines that changed places as few as possible are called moved. */
export function changesOf(lines: readonly Line[], rules: readonly TableRule[]): Map<string, Change> {
  const before = new Map(rules.map((rule, place) => [rule.id, { place, said: said(lineOf(rule)) }]));
  const staying = lines.filter((line) => !line.gone && line.id != null && before.has(line.id));
  const still = new Set(longestRise(staying.map((line) => before.get(line.id!)!.place)).map((n) => staying[n]!.key));
  return new Map(lines.map((line) => {
    const old = line.id == null ? undefined : before.get(line.id);
    if (line.gone) return [line.key, "gone"];
    if (!old) return [line.key, "new"];
    if (old.said !== said(line)) return [line.key, "changed"];
    return [line.key, still.has(line.key) ? "same" : "moved"];
  }));
}

/** Which places of a list make up its longest rising part. */
export function longestRise(values: readonly number[]): number[] {
  const best: number[] = [], before: number[] = [];
  for (let i = 0; i < values.length; i++) {
    best[i] = 1; before[i] = -1;
    for (let j = 0; j < i; j++) if (values[j]! < values[i]! && best[j]! + 1 > best[i]!) { best[i] = best[j]! + 1; before[i] = j; }
  }
  const run: number[] = [];
  for (let at = best.indexOf(Math.max(0, ...best)); at >= 0; at = before[at]!) run.unshift(at);
  return run;
}

/** A draft made on an older table, on the table of now: what others added comes in at its place, what they ended and nobody here
 * touched goes out, what was changed here stays as a new line. */
export function rebase(lines: readonly Line[], older: readonly TableRule[], present: readonly TableRule[]): Line[] {
  const changes = changesOf(lines, older);
  const now = new Map(present.map((rule) => [rule.id, rule]));
  const mine = lines.flatMap((line) => {
    if (line.id == null || now.has(line.id)) return [{ ...line, broken: line.id == null ? null : now.get(line.id)!.broken }];
    return changes.get(line.key) === "changed" ? [{ ...line, id: null, validFrom: null }] : [];
  });
  const known = new Set([...mine.map((line) => line.id), ...older.map((rule) => rule.id)]);
  present.forEach((rule, place) => { if (!known.has(rule.id)) mine.splice(Math.min(place, mine.length), 0, lineOf(rule)); });
  return mine;
}

/** The line some steps up or down; lines that shall end are stepped over with it. */
export function moved(lines: readonly Line[], key: string, by: -1 | 1): Line[] {
  const next = [...lines];
  const at = next.findIndex((line) => line.key === key);
  let to = at + by;
  while (next[to]?.gone) to += by;
  if (at < 0 || !next[to]) return next;
  next.splice(to, 0, ...next.splice(at, 1));
  return next;
}
