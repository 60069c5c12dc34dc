import { describe, expect, it } from "vitest";
import { grouped } from "./proposals";

const why = { zh: "规则 1", en: "Rule 1" };
const unit = (id: number) => ({ id, name: `u${id}` });

describe("each case to its own unit", () => {
  const rows = ["a", "b", "c", "d"].map((id) => ({ id }));
  const groups = grouped(rows, [{ id: "a", unit: unit(7), why }, { id: "b", unit: null, why }, { id: "c", unit: unit(3), why }, { id: "d", unit: unit(3), why }]);
  it("stands by unit, the most first, and those without a rule last", () => expect(groups.map((one) => [one.key, one.unit, one.rows.map((row) => row.id)])).toEqual([[3, 3, ["c", "d"]], [7, 7, ["a"]], [0, null, ["b"]]]));
  it("loses no case of which nothing was said", () => expect(grouped(rows, []).flatMap((one) => one.rows)).toEqual(rows));
});
