// @vitest-environment happy-dom
import { expect, it } from "vitest";
import { blank, fromNumber, newcomer } from "./typed";

it("a right number tells month of birth and sex, a wrong one nothing", () => {
  expect(fromNumber("11010519491231002X")).toEqual({ born: "1949-12", sex: "2" });
  expect(fromNumber(" 110105 19491231 002x")).toEqual({ born: "1949-12", sex: "2" });
  for (const wrong of ["", "110105194912310021", "1.10105E+17", "H12345678"]) expect(fromNumber(wrong)).toBeNull();
});

it("the first is the head, and what the number tells is not said twice", () => {
  const one = { ...blank(), name: " 王试 ", identity_number: "11010519491231002X", sex: "1", born: "1990-01", relation: "10" };
  expect(newcomer(one, true)).toMatchObject({ name: "王试", sex: "", born: "", relation: "02" });
  expect(newcomer({ ...one, home_place: "330106", more: { dogs: 2, note: "" } }, true)).toMatchObject({ home_place: "330106", more: { dogs: 2 } });
  expect(newcomer({ ...one, known: { id: "a", version: 3, name: "王试" } }, false)).toMatchObject({ resident_id: "a", seen_version: 3, relation: "10" });
});
