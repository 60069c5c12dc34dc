/** What a person typed into a move's form, and what is sent of it. Pure. */
import type { Field, StoredFile } from "@jingwei/api";

export interface Position { lon: number; lat: number }
export type Value = string | number | null | StoredFile[] | number[] | Position;
export type Values = Record<string, Value>;

export function emptyValues(fields: readonly Field[]): Values {
  return Object.fromEntries(fields.map((field) => [field.name, ["files", "units"].includes(field.kind) ? [] : ["unit", "called", "score", "days", "condition", "position"].includes(field.kind) ? null : ""]));
}
export const isEmpty = (value: Value | undefined): boolean => value == null || (typeof value === "string" ? !value.trim() : Array.isArray(value) && !value.length);

export const missing = (fields: readonly Field[], values: Values): string[] => fields.filter((field) => field.required && isEmpty(values[field.name])).map((field) => field.name);

/** What the doors take at most, in characters. Nothing pasted is cut off: who wrote more is told. */
export const LONGEST: Partial<Record<Field["kind"], number>> = { text: 200, longtext: 5000 };
export const length = (text: string): number => [...text.trim()].length;
export const tooLong = (fields: readonly Field[], values: Values): string[] => fields.filter((field) => length(String(LONGEST[field.kind] ? values[field.name] ?? "" : "")) > (LONGEST[field.kind] ?? 0)).map((field) => field.name);
/** Text without what nobody sees and no database keeps: control characters out of a pasted document, half of a cut letter. */
export const clean = (text: string): string => text.replace(/[\v\f]/g, "\n").replace(/[^\P{Cc}\t\n\r]|\p{Surrogate}/gu, "").trim();

/** Empty optional fields are left out; files go by their ids. */
export function wireForm(fields: readonly Field[], values: Values): Record<string, unknown> {
  const sent: Record<string, unknown> = {};
  for (const { name } of fields) {
    const value = values[name];
    if (value === undefined || isEmpty(value)) continue;
    sent[name] = Array.isArray(value) ? value.map((one) => (typeof one === "number" ? one : one.id)) : typeof value === "string" ? clean(value) : value;
  }
  return sent;
}
