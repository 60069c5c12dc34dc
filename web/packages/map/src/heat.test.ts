import { expect, it } from "vitest";
import { densest, intensityFor, legendOf, RADIUS, scaleFor } from "./heat";

it("finds what is densest: neighbours within the radius count, by their distance", () => {
  expect(densest([])).toBe(0);
  expect(densest([{ x: 5, y: 5, n: 7 }])).toBe(7);
  expect(densest([{ x: 0, y: 0, n: 3 }, { x: RADIUS + 1, y: 0, n: 4 }])).toBe(4);
  const near = densest([{ x: 0, y: 0, n: 3 }, { x: 9, y: 0, n: 4 }]);
  expect(near).toBeCloseTo(4 + 3 * Math.exp(-0.5), 9); // one standard deviation away
});

it("the scale goes by 1, 2, 5, and what is densest never passes it", () => {
  expect([0, 1, 5, 6, 10, 11, 49, 50, 51, 700].map(scaleFor)).toEqual([5, 5, 5, 10, 10, 20, 50, 50, 100, 1000]);
  expect(intensityFor(5) * 5 * 0.3989).toBeCloseTo(1, 3);
});

it("says how many cases a square kilometre a colour means: evenly spread ones, put through the kernel, come out as they went in", () => {
  const zoom = 13, lat = 31.2, metres = (40_075_016.686 * Math.cos((lat * Math.PI) / 180)) / (512 * 2 ** zoom);
  const step = 3, spots = [];
  for (let x = -60; x <= 60; x += step) for (let y = -60; y <= 60; y += step) spots.push({ x, y, n: 1 });
  const density = 1 / ((step * metres) ** 2 / 1e6), sum = densest(spots);
  const [low, high] = legendOf(sum * 2, 1, zoom, lat); // one class: its middle is half of the scale
  expect(high).toBeUndefined();
  expect(low! / density).toBeGreaterThan(0.95); // what lies beyond three deviations is cut off
  expect(low! / density).toBeLessThan(1.05);
});
