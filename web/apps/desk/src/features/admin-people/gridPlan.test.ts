import { describe, expect, it } from "vitest";
import { goingOn, gridsIn, readPlan } from "./gridPlan";

const feature = (properties: object) => ({ type: "Feature", properties, geometry: { type: "Polygon", coordinates: [[[1, 2], [3, 4], [5, 6], [1, 2]]] } });

describe("a plan of grids in a file", () => {
  it("takes what a grid needs, with predecessors as a list or as words", () => {
    const found = readPlan(JSON.stringify({ type: "FeatureCollection", features: [feature({ code: "310101013001001", name: "一", predecessors: "a b" }), feature({ code: 310101013001002, kind: "micro", parent: "310101013001001", predecessors: ["a"] })] }))!;
    expect(found.map((one) => [one.code, one.name, one.kind, one.parent, one.predecessors])).toEqual([["310101013001001", "一", "basic", null, ["a", "b"]], ["310101013001002", "310101013001002", "micro", "310101013001001", ["a"]]]);
    expect(found[0]!.geometry.type).toBe("Polygon");
  });
  it("knows what is no plan", () => {
    for (const text of ["", "{", "null", "[]", "{}", '{"features":[]}', '{"features":[{}]}', '{"features":[null]}', '{"features":[{"geometry":{"type":"Point"}}]}']) expect(readPlan(text)).toBeNull();
  });
});

describe("what a plan does to people", () => {
  it("finds the grids that a finding names", () => expect(gridsIn("grids.310101013001001 网格 310101013001001 与 310101013001002 重叠，310101013001 1234567890123456")).toEqual(["310101013001001", "310101013001002"]));
  it("lets those go on whose grid has one heir, unless two would be alone in it", () => {
    const one = (id: number, sole: boolean, ...successors: string[]) => ({ id, sole, successors });
    expect(goingOn([one(1, true, "a"), one(2, true, "b"), one(3, true, "b"), one(4, false, "b"), one(5, true), one(6, true, "a", "c")])).toEqual([1, 4]);
  });
});
