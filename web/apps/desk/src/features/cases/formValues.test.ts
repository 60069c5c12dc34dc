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
  it("sends what was filled in, files by id", () => {
    expect(wireForm(fields, { reason: " 不在辖区 ", unit: 3, note: "", files: [{ id: "f1" } as StoredFile] })).toEqual({ reason: "不在辖区", unit: 3, files: ["f1"] });
  });
});
