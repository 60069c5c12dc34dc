import { describe, expect, it } from "vitest";
import { beforeOf, nextOf } from "./round";

describe("working through a list", () => {
  it.each([
    ["the next that is still there", ["a", "b", "c", "d"], ["a", "c", "d"], "b", "c"],
    ["one that somebody else has taken is passed over", ["a", "b", "c"], ["a", "c"], "a", "c"],
    ["one that has come in meanwhile counts, wherever it stands", ["a", "b"], ["x", "a"], "b", "x"],
    ["at the end it begins anew with what was passed over", ["a", "b"], ["a"], "b", "a"],
    ["nothing is left but this one", ["a"], ["a"], "a", null],
    ["a case that never stood in the list goes to its first", ["a", "b"], ["a", "b"], "z", "a"],
  ])("%s", (_, round, now, id, next) => expect(nextOf(round, now, id)).toBe(next));
  it("goes back as the list stood", () => {
    expect(beforeOf(["a", "b"], "b")).toBe("a");
    expect(beforeOf(["a", "b"], "a")).toBeNull();
    expect(beforeOf(["a", "b"], "z")).toBeNull();
  });
});
