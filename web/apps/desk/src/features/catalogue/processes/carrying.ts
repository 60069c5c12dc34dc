/** A process carried out of and into the browser: TOML as the shipped files have it, or JSON. */
import type { ProcessDoc } from "@jingwei/api";

/** The document in a file. Throws where it is neither TOML nor JSON. */
export async function readDocument(name: string, text: string): Promise<ProcessDoc> {
  if (/\.json$/i.test(name)) return JSON.parse(text) as ProcessDoc;
  const { parse } = await import("smol-toml");
  return JSON.parse(JSON.stringify(parse(text))) as ProcessDoc;
}

export async function writeDocument(doc: ProcessDoc, kind: "toml" | "json"): Promise<string> {
  const bare: Record<string, unknown> = { ...doc, move: doc.move.map((move) => Object.fromEntries(Object.entries(move).filter(([, value]) => value != null && value !== false && !(Array.isArray(value) && !value.length)))) };
  if (kind === "json") return JSON.stringify(bare, null, 2);
  const { stringify, TomlDate } = await import("smol-toml");
  if (doc.valid_from) bare.valid_from = new TomlDate(doc.valid_from);
  const { state, move, ...head } = bare;
  return stringify({ ...head, state, move });
}

export function download(name: string, text: string): void {
  const link = document.createElement("a");
  link.href = URL.createObjectURL(new Blob([text], { type: "text/plain;charset=utf-8" }));
  link.download = name;
  link.click();
  setTimeout(() => URL.revokeObjectURL(link.href), 1000);
}
