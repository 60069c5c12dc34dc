import { describe, expect, it } from "vitest";
import { asked, askedText, concerns, daysAgo, filterFrom, isNarrowed, narrowedBy, queryWith } from "./filter";

describe("the filter in the address", () => {
  it("reads what it knows and nothing else", () => {
    expect(asked(filterFrom({ view: "all", state: "filed", light: ["red", "amber"], nonsense: "1", q: "  井盖 ", sort: "due" }))).toEqual({ view: "all", state: ["filed"], light: ["red", "amber"], q: "井盖" });
    expect(asked(filterFrom({ view: "everything", unit: ["3", "3", ""], sort: "longest" }))).toEqual({ view: "mine", unit: ["3"], sort: "longest" });
  });
  it("writes short addresses", () => {
    expect(queryWith({ view: "all", state: "filed" }, { view: "mine", state: [], light: ["red"], source: ["worker", "hotline"] })).toEqual({ light: "red", source: ["worker", "hotline"] });
  });
  it("knows whether it narrows, and by how much", () => {
    expect(isNarrowed(filterFrom({ view: "all" }))).toBe(false);
    expect(isNarrowed(filterFrom({ q: "x" }))).toBe(true);
    expect(narrowedBy(filterFrom({ q: "x", state: ["a", "b"], due_in: "0" }))).toBe(2);
  });
  it("is told to tiles without its order", () => {
    expect(askedText(filterFrom({ view: "open", state: ["a", "b"], sort: "newest" }))).toBe("view=open&state=a&state=b");
  });
  it("counts days back over the ends of months", () => expect(daysAgo(30, new Date(2026, 2, 1))).toBe("2026-01-30"));
  it("knows which changes can't touch it", () => {
    const change = { place: "310101001001", state: "filed", before: "accepted" };
    expect(concerns(filterFrom({}), change)).toBe(true);
    expect(concerns(filterFrom({ place: "310102" }), change)).toBe(false);
    expect(concerns(filterFrom({ state: "accepted" }), change)).toBe(true);
    expect(concerns(filterFrom({ state: "closed" }), change)).toBe(false);
  });
});
