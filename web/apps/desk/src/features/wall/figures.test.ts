import type { StateCount, Wall } from "@jingwei/api";
import { describe, expect, it } from "vitest";
import { bars, figures, isCalm } from "./figures";

const count = (code: string, of: Partial<StateCount>): StateCount => ({ process: "standard", state: { code, name: { zh: code, en: code }, kind: "open" }, green: 0, amber: 0, red: 0, paused: 0, none: 0, total: 0, ...of });
const wall = (change: Partial<Wall>): Wall => ({ at: "2026-11-22T09:00:00Z", counts: [], units: [], worst: [], newest: [], today: 0, ...change });

describe("figures of the wall", () => {
  it("puts states of one word together, keeps the fullest, and their order", () => {
    const counts = [count("a", { total: 1 }), count("b", { red: 2, amber: 1, total: 5 }), count("c", { total: 9 })];
    counts.unshift({ ...count("b", { red: 1, total: 1 }), process: "hotline" });
    expect(bars(counts, 2).map((one) => [one.code, one.red, one.amber, one.rest, one.total])).toEqual([["b", 3, 1, 2, 6], ["c", 0, 0, 9, 9]]);
  });
  it("is calm only when nothing burns", () => {
    const unit = { unit: null, near: 0, past: 0, worst_due_at: null, supervised: 1, reminded: 0, summoned: 2, summons_late: 0 };
    expect(isCalm(figures(wall({ counts: [count("a", { green: 3, total: 3 })], units: [unit] })))).toBe(true);
    expect(isCalm(figures(wall({ units: [{ ...unit, summons_late: 1 }] })))).toBe(false);
    expect(isCalm(figures(wall({ counts: [count("a", { amber: 1, total: 1 })] })))).toBe(false);
  });
});
