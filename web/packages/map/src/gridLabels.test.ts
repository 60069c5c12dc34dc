import { expect, it } from "vitest";
import { gridLabels } from "./gridLabels";

const square = (x: number, y: number, side: number) => [[[x, y], [x + side, y], [x + side, y + side], [x, y + side], [x, y]]];
it("names each grid once, in the middle of its largest piece", () => {
  const piece = (code: string, coordinates: unknown) => ({ properties: { code, name: `网格${code}` }, geometry: { type: "Polygon", coordinates } });
  const labels = gridLabels([piece("1", square(0, 0, 1)), piece("1", square(10, 10, 4)), piece("2", square(121.48, 31.23, 0.002))]);
  expect(labels.map((one) => one.properties.name)).toEqual(["网格1", "网格2"]);
  expect(labels[0]!.geometry.coordinates).toEqual([12, 12]);
  expect(labels[1]!.geometry.coordinates[0]).toBeCloseTo(121.481, 9);
  expect(labels[1]!.geometry.coordinates[1]).toBeCloseTo(31.231, 9);
});
