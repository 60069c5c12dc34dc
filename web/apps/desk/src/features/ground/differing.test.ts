import { expect, it } from "vitest";
import { differing } from "./differing";

it("sends only what somebody changed, emptied fields too", () => {
  const was = { name: "老楼", use: "", floors: null as number | null, units: 2 as number | null };
  expect(differing({ ...was }, was)).toEqual({});
  expect(differing({ ...was, name: "", floors: 6 }, was)).toEqual({ name: "", floors: 6 });
  expect(differing({ ...was, units: null }, was)).toEqual({ units: null });
});
