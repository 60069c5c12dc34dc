import type { Field, StoredFile } from "@jingwei/api";
import { describe, expect, it } from "vitest";
import { emptyValues, missing, wireForm } from "./formValues";

const field = (name: string, kind: string, required = false): Field => ({ name, kind, required, label: { zh: name, en: name } }) as Field;
const fields = [field("reason", "longtext", true), field("unit", "unit", true), field("note", "longtext"), field("files", "files")];

describe("a move's form", () => {
  it("starts empty and names what is missing", () => {
    const values = emptyValues(fields);
    expect(missing(fields, values)).toEqual(["reason", "unit"]);
    expect(missing(fields, { ...values, reason: "  ", unit: 3 })).toEqual(["reason"]);
  });
  it("sends several units by their ids, and a position as it is", () => {
    const several = [field("units", "units", true), field("position", "position")];
    expect(emptyValues(several)).toEqual({ units: [], position: null });
    expect(missing(several, emptyValues(several))).toEqual(["units"]);
    expect(wireForm(several, { units: [3, 4], position: { lon: 121.4, lat: 31.2 } })).toEqual({ units: [3, 4], position: { lon: 121.4, lat: 31.2 } });
  });
  it("sends what was filled in, files by id", () => {
    expect(wireForm(fields, { reason: " 不在辖区 ", unit: 3, note: "", files: [{ id: "f1" } as StoredFile] })).toEqual({ reason: "不在辖区", unit: 3, files: ["f1"] });
  });
});
