import { expect, it } from "vitest";
import { weeksOf } from "./year";

it("a month is whole weeks from Monday on", () => {
  const november = weeksOf(2026, 11);
  expect(november.every((week) => week.length === 7)).toBe(true);
  expect(november[0]!.map((day) => day?.day ?? 0)).toEqual([0, 0, 0, 0, 0, 0, 1]);
  expect(november.flat().filter(Boolean)).toHaveLength(30);
  expect(weeksOf(2028, 2).flat().filter(Boolean)).toHaveLength(29);
  expect(weeksOf(2026, 11).flat().find((day) => day?.date === "2026-11-21")?.weekend).toBe(true);
});
