/** The steps of a case as a bar over time. Pure. */
import type { Case } from "@jingwei/api";

export interface Mark { at: number; kind: "warned" | "due" }
export interface Segment { state: string; name: Case["state"]["name"]; kind: "done" | "now" | "left"; standing: boolean; late: boolean; from: number; to: number; marks: Mark[] }

/** Completed steps, the running one up to now, and what is left of it. A step in which the clock stood is `standing`; marks lie at
 * 0…1 of their segment. A case that has ended has no running step. */
export function segments(present: Pick<Case, "steps" | "step" | "state" | "closed_at">, now: number): Segment[] {
  const done = present.steps.map((step) => segment("done", step.state, Date.parse(step.entered_at), Date.parse(step.left_at), step.warned_at, step.due_at, step.paused_at));
  const { step, state } = present;
  if (state.kind === "final" || present.closed_at) return done;
  const from = Date.parse(step.entered_at), to = Math.max(now, from);
  const running = segment("now", state, from, to, step.warned_at ?? step.warn_at, step.due_at, step.paused_at);
  const due = step.due_at ? Date.parse(step.due_at) : 0;
  return due > to ? [...done, running, segment("left", state, to, due, step.warn_at, null, null)] : [...done, running];
}

function segment(kind: Segment["kind"], state: Case["state"], from: number, to: number, warned: string | null | undefined, due: string | null | undefined, paused: string | null | undefined): Segment {
  const marks: Mark[] = [];
  for (const [at, mark] of [[warned, "warned"], [due, "due"]] as const) {
    const time = at ? Date.parse(at) : NaN;
    if (time > from && time <= to) marks.push({ at: (time - from) / (to - from), kind: mark });
  }
  return { state: state.code, name: state.name, kind, standing: !!paused, late: !!due && to > Date.parse(due), from, to, marks };
}

/** How far the bar reaches, without its gaps: what its ends are called. */
export const ends = (all: readonly Segment[]): [number, number] | null => (all.length ? [all[0]!.from, all[all.length - 1]!.to] : null);
