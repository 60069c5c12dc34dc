// @vitest-environment happy-dom
import { expect, it } from "vitest";
import { saidAnew } from "./useDictionary";

it("says what differs, and empties with null", () => {
  expect(saidAnew({ dogs: 2, note: "x", day: "" }, { dogs: 2, note: "y" })).toEqual({ note: "x" });
  expect(saidAnew({ dogs: null, note: "", gas: false }, { dogs: 2, note: "y", gas: true })).toEqual({ dogs: null, note: null, gas: false });
});
