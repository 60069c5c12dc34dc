import { describe, expect, it } from "vitest";
import { queryOf, total, watchingFrom, wireOf } from "./watching";

describe("what is watched stands in the address", () => {
  it.each([
    [{}, { kind: "past", unit: null }, { kind: "past" }],
    [{ kind: "near", unit: "7" }, { kind: "near", unit: 7 }, { kind: "near", unit: 7 }],
    [{ unit: "none" }, { kind: "past", unit: "none" }, { kind: "past", nobody: true }],
    [{ kind: "nonsense", unit: "-3" }, { kind: "past", unit: null }, { kind: "past" }],
  ])("%o", (query, watching, wire) => {
    expect(watchingFrom(query)).toEqual(watching);
    expect(wireOf(watchingFrom(query))).toEqual(wire);
    expect(watchingFrom(queryOf(watchingFrom(query)))).toEqual(watching);
  });
  it("adds up", () => {
    const none = { near: 0, past: 0, supervised: 0, reminded: 0, summoned: 0, summons_late: 0 };
    expect(total([{ ...none, near: 2, past: 1 }, { ...none, past: 3 }])).toEqual({ ...none, near: 2, past: 4 });
  });
});
