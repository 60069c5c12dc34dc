/** A process as its document, while it is read, drawn and edited. Pure. */
import type { Finding, MoveDoc, ProcessDoc, ProcessRegistry, ProcessVersion, StateDoc } from "@jingwei/api";

export const EVERY_OPEN = "*", SAME = "=", BEFORE = "<";

export const copyOf = <T>(doc: T): T => JSON.parse(JSON.stringify(doc)) as T;

/** The number of the version after the last one there is, concepts among them. */
export const nextVersion = (versions: readonly ProcessVersion[], code: string) => Math.max(0, ...versions.filter((one) => one.code === code).map((one) => one.version)) + 1;

/** What the button says: the move's own name, else the verb's. */
export function moveName(move: MoveDoc, registry: ProcessRegistry | undefined): { zh: string; en: string } {
  if (move.name?.length === 2) return { zh: move.name[0]!, en: move.name[1]! };
  return registry?.actions.find((one) => one.code === move.action)?.name ?? { zh: move.action, en: move.action };
}
export const stateName = (state: StateDoc) => ({ zh: state.name[0] ?? state.code, en: state.name[1] ?? state.code });

/** The states from which a move starts, "every open state" spelled out. */
export function sourcesOf(move: MoveDoc, doc: ProcessDoc): string[] {
  const open = doc.state.filter((one) => one.kind === "open").map((one) => one.code);
  return [...new Set(move.from.flatMap((code) => (code === EVERY_OPEN ? open : [code])))];
}

export interface DrawnEdge { id: string; source: string; target: string; moves: number[]; back: boolean }
export interface Drawn { edges: DrawnEdge[]; staying: Map<string, number[]>; every: boolean }

/** What the drawing shows: moves between the same two states share an arrow; those that stay stand in their state; those from every
 * open state start at one box that stands for all of them (`*`); a way back leads to that box. */
export function drawn(doc: ProcessDoc): Drawn {
  const edges = new Map<string, DrawnEdge>();
  const staying = new Map<string, number[]>();
  const codes = new Set(doc.state.map((one) => one.code));
  let every = false;
  doc.move.forEach((move, n) => {
    for (const source of new Set(move.from)) {
      if (source === EVERY_OPEN) every = true;
      else if (!codes.has(source)) continue;
      if (move.to === SAME || move.to === source) { staying.set(source, [...(staying.get(source) ?? []), n]); continue; }
      const back = move.to === BEFORE;
      const target = back ? EVERY_OPEN : move.to;
      if (back) every = true;
      else if (!codes.has(target)) continue;
      const id = `${source}>${target}`;
      const edge = edges.get(id) ?? { id, source, target, moves: [], back };
      edge.moves.push(n);
      edges.set(id, edge);
    }
  });
  return { edges: [...edges.values()], staying, every };
}

/** A state's code is changed everywhere that it is named. */
export function renameState(doc: ProcessDoc, from: string, to: string): void {
  for (const state of doc.state) if (state.code === from) state.code = to;
  for (const move of doc.move) {
    move.from = move.from.map((code) => (code === from ? to : code));
    if (move.to === from) move.to = to;
  }
}

/** The state goes, and the moves no longer start there; a move that led to it is left for the check to name. */
export function dropState(doc: ProcessDoc, code: string): void {
  doc.state = doc.state.filter((one) => one.code !== code);
  for (const move of doc.move) move.from = move.from.filter((one) => one !== code);
}

export function emptyMove(from: string[]): MoveDoc {
  return { action: "remind", from, to: SAME, roles: [], holder: false, form: [], guards: [], clock: "keep", key: "", style: "plain" };
}
export function emptyState(doc: ProcessDoc): StateDoc {
  let n = doc.state.length + 1;
  while (doc.state.some((one) => one.code === `state_${n}`)) n++;
  return { code: `state_${n}`, name: ["新状态", "New state"], kind: "open", start: false };
}

export const findingsOfState = (findings: readonly Finding[], code: string) => findings.filter((one) => one.state === code && one.move == null);
export const findingsOfMove = (findings: readonly Finding[], n: number) => findings.filter((one) => one.move === n);
export const otherFindings = (findings: readonly Finding[], doc: ProcessDoc) => findings.filter((one) => one.move == null && !doc.state.some((state) => state.code === one.state));

export type Difference = { what: "state" | "move"; change: "new" | "gone" | "changed"; name: { zh: string; en: string } };
/** What another version does differently; moves are matched by their verb and where they start. */
export function differences(before: ProcessDoc, after: ProcessDoc, registry: ProcessRegistry | undefined): Difference[] {
  const found: Difference[] = [];
  function compare<T>(what: Difference["what"], olds: T[], news: T[], key: (one: T) => string, name: (one: T) => { zh: string; en: string }) {
    const was = new Map(olds.map((one) => [key(one), one])), is = new Map(news.map((one) => [key(one), one]));
    for (const [k, one] of is) if (!was.has(k)) found.push({ what, change: "new", name: name(one) }); else if (JSON.stringify(was.get(k)) !== JSON.stringify(one)) found.push({ what, change: "changed", name: name(one) });
    for (const [k, one] of was) if (!is.has(k)) found.push({ what, change: "gone", name: name(one) });
  }
  compare("state", before.state, after.state, (one) => one.code, stateName);
  compare("move", before.move, after.move, (one) => `${one.action} ${[...one.from].sort().join()}`, (one) => moveName(one, registry));
  return found;
}
