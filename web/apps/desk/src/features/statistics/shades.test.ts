import { describe, expect, it } from "vitest";
import { SHADES, classOf, classes, shade } from "./shades";

describe("classes of a choropleth", () => {
  it("holds about as many areas in each", () => expect(classes([1, 2, 3, 4, 5, 6, 7, 8, 9, 10])).toEqual([2, 4, 6, 8, 10]));
  it("never puts equal values into two", () => expect(classes([5, 5, 5, 5, 9])).toEqual([5, 9]));
  it("has none for nothing", () => expect(classes([])).toEqual([]));
  it("puts every value into one", () => {
    const values = [3, 70, 12, 12, 500, 0];
    const ends = classes(values);
    for (const value of values) expect(value <= ends[classOf(value, ends)]!).toBe(true);
  });
  it("uses the whole scale", () => expect([shade(0, 3), shade(1, 3), shade(2, 3)]).toEqual([SHADES[0], SHADES[2], SHADES[4]]));
});
