import { describe, expect, it } from "vitest";
import { floorName, gridOf, step } from "./matrix";

const room = (unit: string, floor: number | null, number: string) => ({ id: `${unit}-${number}`, unit, floor, number, state: "empty" });
const grid = gridOf({ units: ["1", "2"], floors: [2, 1, -1, null], rooms: [room("1", 2, "201"), room("1", 2, "202"), room("2", 2, "201"), room("1", 1, "101"), room("2", null, "x")] });

describe("the room matrix", () => {
  it("has a row for each floor from the top down, with the rooms of each stair", () => {
    expect(grid.rows.map((row) => [floorName(row.floor), row.cells.map((cells) => cells.map((cell) => cell.number))])).toEqual([
      ["2", [["201", "202"], ["201"]]], ["1", [["101"], []]], ["B1", [[], []]], ["–", [[], ["x"]]],
    ]);
  });
  it.each([
    ["1-202", "ArrowRight", "2-201"], ["1-201", "ArrowLeft", null], ["2-201", "ArrowDown", "1-101"], ["1-101", "ArrowDown", "2-x"],
    ["2-x", "ArrowUp", "1-101"], ["1-201", "End", "2-201"], ["2-201", "Home", "1-201"], ["1-201", "ArrowUp", null], ["none", "ArrowUp", null],
  ])("%s %s → %s", (id, key, to) => expect(step(grid, id, key)).toBe(to));
});
