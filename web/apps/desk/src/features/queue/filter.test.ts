import { describe, expect, it } from "vitest";
import { filterFrom, isNarrowed, queryWith } from "./filter";

describe("the filter in the address", () => {
  it("reads what it knows and nothing else", () => {
    expect(filterFrom({ view: "all", state: "filed", light: ["red", "amber"], nonsense: "1", q: "  井盖 " })).toEqual({ view: "all", state: "filed", light: "red", q: "井盖" });
    expect(filterFrom({ view: "everything" })).toEqual({ view: "mine" });
  });
  it("writes short addresses", () => {
    expect(queryWith({ view: "all", state: "filed" }, { view: "mine", state: undefined, light: "red" })).toEqual({ light: "red" });
  });
  it("knows whether it narrows", () => {
    expect(isNarrowed({ view: "all" })).toBe(false);
    expect(isNarrowed({ view: "all", q: "x" })).toBe(true);
  });
});
