import { expect, it } from "vitest";
import { cornersOf, MOST_CORNERS, rectangle } from "./shape";

it("a closed ring becomes its corners, to a tenth of a metre, none twice", () => {
  expect(cornersOf([[121.48000049, 31.23], [121.49, 31.23], [121.49, 31.23], [121.49, 31.24], [121.48000049, 31.23]])).toEqual([[121.48, 31.23], [121.49, 31.23], [121.49, 31.24]]);
});
it("what has no area is no shape", () => {
  expect(cornersOf([])).toBeNull();
  expect(cornersOf([[1, 1], [2, 2], [1, 1]])).toBeNull();
  expect(cornersOf([[1, 1], [1.00000001, 1], [1, 1.00000001], [1, 1]])).toBeNull();
});
it("of many corners a hundred are kept, all around", () => {
  const ring = Array.from({ length: 457 }, (_, i) => [121 + Math.cos(i), 31 + Math.sin(i)]);
  const kept = cornersOf([...ring, ring[0]!])!;
  expect(kept).toHaveLength(MOST_CORNERS);
  expect(new Set(kept.map(String)).size).toBe(MOST_CORNERS);
});
it("what the map shows is a rectangle on the globe", () => {
  expect(rectangle(121.4, 31.1, 121.6, 31.3)).toEqual([[121.4, 31.1], [121.6, 31.1], [121.6, 31.3], [121.4, 31.3]]);
  expect(rectangle(-200, -95, 200, 95)).toEqual([[-180, -90], [180, -90], [180, 90], [-180, 90]]);
});
