import { expect, it } from "vitest";
import { boundsOf } from "./usePlan";

it("knows the box around polygons of any depth, and that there is none", () => {
  expect(boundsOf([[[[1, 5], [3, 4]]], [[2, -1], [0, 0]]])).toEqual([0, -1, 3, 5]);
  for (const nothing of [[], [[]], ["x"], [null], [[["1", 2]]]]) expect(boundsOf(nothing)).toBeNull();
});
