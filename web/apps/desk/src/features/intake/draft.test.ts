import { describe, expect, it } from "vitest";
import { emptyDraft, faults, isBlank, wireCase } from "./draft";

const draft = { ...emptyDraft("k"), text: " 井盖缺失 ", matter: "01002", at: { lon: 121.49, lat: 31.23 } };

describe("a new case at the telephone", () => {
  it("is blank until something is typed, and never holds the caller", () => {
    expect(isBlank(emptyDraft("k"))).toBe(true);
    expect(isBlank(draft)).toBe(false);
    expect(Object.keys(draft)).not.toContain("caller");
  });
  it("wants text, matter and a place", () => {
    expect(faults(emptyDraft("k"), { name: "", phone: "" })).toEqual(["text", "matter", "address"]);
    expect(faults(draft, { name: "", phone: "call me" })).toEqual(["phone"]);
    expect(faults({ ...draft, at: null, address: "某路 1 号" }, { name: "", phone: "" })).toEqual([]);
  });
  it("goes out with a declared position, and the caller only when there is one", () => {
    expect(wireCase(draft, { name: " ", phone: "" })).toMatchObject({ text: "井盖缺失", position: { crs: "EPSG:4326", x: 121.49, y: 31.23 }, reporter: null });
    expect(wireCase(draft, { name: "陈", phone: "199 0000-0001" }).reporter).toEqual({ name: "陈", phone: "19900000001" });
  });
  it("tells who wrote too much, and drops only what nobody sees", () => {
    expect(faults({ ...draft, text: "长".repeat(5001) }, { name: "", phone: "" })).toEqual(["length"]);
    expect(faults({ ...draft, text: "😀".repeat(5000) }, { name: "", phone: "" })).toEqual([]);
    expect(wireCase({ ...draft, text: "井盖\0丢了\v请\u{1F600}修\uD83D" }, { name: "", phone: "" }).text).toBe("井盖丢了\n请\u{1F600}修");
  });
});
