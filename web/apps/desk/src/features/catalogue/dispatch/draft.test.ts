import type { TableRule } from "@jingwei/api";
import { describe, expect, it } from "vitest";
import { changesOf, draftOf, emptyLine, lineOf, longestRise, moved, rebase } from "./draft";

const rule = (id: number, more: Partial<TableRule> = {}): TableRule => ({
  id, position: id * 10, matter: "06", matter_name: "市容环境类", area: "", area_name: "", source: "", days: "any", from_time: null, to_time: null, unit: { id: 1, name: "城管局" }, note: "",
  valid_from: "2026-01-01", valid_to: null, broken: null, ...more,
});
const rules = [rule(1), rule(2), rule(3)];
const kinds = (lines: Parameters<typeof changesOf>[0]) => lines.map((line) => changesOf(lines, rules).get(line.key));

describe("the dispatch table while it is edited", () => {
  it("is the same as long as nobody touched it, hours included", () => {
    expect(kinds(rules.map(lineOf))).toEqual(["same", "same", "same"]);
    expect(draftOf([lineOf(rule(1, { from_time: "18:00:00", to_time: "08:00:00" }))])[0]).toMatchObject({ id: 1, from_time: "18:00", to_time: "08:00" });
  });
  it("calls one line moved where one was moved", () => {
    expect(kinds(moved(rules.map(lineOf), "r3", -1))).toContain("moved");
    expect(kinds(moved(rules.map(lineOf), "r3", -1)).filter((kind) => kind === "moved")).toHaveLength(1);
    expect(moved(rules.map(lineOf), "r1", -1).map((line) => line.id)).toEqual([1, 2, 3]);
  });
  it("steps over lines that shall end", () => {
    const lines = rules.map(lineOf);
    lines[1]!.gone = true;
    expect(moved(lines, "r1", 1).filter((line) => !line.gone).map((line) => line.id)).toEqual([3, 1]);
    expect(draftOf(lines).map((line) => line.id)).toEqual([1, 3]);
  });
  it("tells new, changed and ended lines", () => {
    const lines = [...rules.map(lineOf), emptyLine()];
    lines[0]!.note = "x";
    lines[1]!.gone = true;
    expect(kinds(lines)).toEqual(["changed", "gone", "same", "new"]);
  });
  it("goes on over a table that others changed meanwhile", () => {
    const lines = rules.map(lineOf);
    lines[0]!.note = "mine";
    const present = [rule(9), rule(3)]; // 1 and 2 were ended, 9 is new
    const next = rebase(lines, rules, present);
    expect(next.map((line) => [line.id, line.note])).toEqual([[9, ""], [null, "mine"], [3, ""]]);
  });
  it("finds the longest rise", () => {
    expect(longestRise([3, 1, 2, 0])).toEqual([1, 2]);
    expect(longestRise([])).toEqual([]);
  });
});
