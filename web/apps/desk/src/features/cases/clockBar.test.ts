import type { Case } from "@jingwei/api";
import { describe, expect, it } from "vitest";
import { ends, segments } from "./clockBar";

const name = { zh: "某步", en: "A step" };
const state = (code: string, kind = "open") => ({ code, name, kind });
const at = (hour: number) => new Date(Date.UTC(2026, 10, 16, hour)).toISOString();
const step = (code: string, from: number, to: number, more: object = {}) => ({ state: state(code), entered_at: at(from), left_at: at(to), due_at: null, warned_at: null, paused_at: null, ...more });
const running = (more: object = {}) => ({ entered_at: at(8), due_at: null, warn_at: null, paused_at: null, warned_at: null, ...more });
const build = (more: object) => ({ steps: [], step: running(), state: state("handling"), closed_at: null, ...more }) as unknown as Case;

describe("the bar of a case's steps", () => {
  it("shows what is done, what runs and what is left of it", () => {
    const bar = segments(build({ steps: [step("reported", 1, 2), step("accepted", 2, 8)], step: running({ warn_at: at(11), due_at: at(12) }) }), Date.parse(at(9)));
    expect(bar.map((one) => [one.state, one.kind, one.late])).toEqual([["reported", "done", false], ["accepted", "done", false], ["handling", "now", false], ["handling", "left", false]]);
    expect(bar[3]!.marks).toEqual([{ at: 2 / 3, kind: "warned" }]);
    expect(ends(bar)).toEqual([Date.parse(at(1)), Date.parse(at(12))]);
  });
  it("marks where a step was warned and where it was due", () => {
    const [late] = segments(build({ steps: [step("reported", 0, 4, { warned_at: at(1), due_at: at(2) })], state: state("rated", "final") }), Date.parse(at(9)));
    expect(late).toMatchObject({ late: true, marks: [{ at: 0.25, kind: "warned" }, { at: 0.5, kind: "due" }] });
  });
  it("says where the clock stood", () => {
    const bar = segments(build({ steps: [step("handling", 1, 2), step("suspended", 2, 4, { paused_at: at(2) })], state: state("suspended", "waiting"), step: running({ paused_at: at(8) }) }), Date.parse(at(9)));
    expect(bar.map((one) => one.standing)).toEqual([false, true, true]);
  });
  it("ends with the case", () => {
    expect(segments(build({ steps: [step("verified", 1, 2)], state: state("closed", "waiting"), closed_at: at(2) }), Date.parse(at(9)))).toHaveLength(1);
    expect(ends([])).toBeNull();
  });
});
