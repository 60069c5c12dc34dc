import { describe, expect, it } from "vitest";
import { queryOf, ringOf, shapeFrom, viewOf } from "./shape";

describe("a shape in the address", () => {
  it("comes back as it went in", () => {
    for (const query of [{ circle: "121.48,31.23,500" }, { within: "121.4,31.2;121.5,31.2;121.5,31.3" }]) expect(queryOf(shapeFrom(query))).toMatchObject(query);
  });
  it("is none where somebody wrote nonsense", () => {
    for (const query of [{}, { circle: "x" }, { circle: "1,2" }, { within: "1,2;3,4" }, { within: ["1,2"] }]) expect(shapeFrom(query)).toBeNull();
  });
  it("is drawn as wide as it is, and looked at whole", () => {
    const ring = ringOf(shapeFrom({ circle: "121.48,31.23,500" }))!;
    const north = Math.max(...ring.map(([, lat]) => lat)) - 31.23;
    expect(north * 111_195).toBeCloseTo(500, 0);
    expect(viewOf({ corners: ring })!.zoom).toBeGreaterThan(13);
  });
});
