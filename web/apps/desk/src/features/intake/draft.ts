/** A new case that isn't sent yet. It stays in the browser, but never with the caller's name or number. Pure. */
import type { CaseIn, StoredFile } from "@jingwei/api";
import { clean, length, LONGEST } from "../../shared/form/formValues";

export interface Draft {
  source: string; text: string; matter: string; address: string;
  at: { lon: number; lat: number } | null; urgent: boolean; files: StoredFile[]; mergeInto: { id: string; number: string } | null; key: string;
  /** The code of the component that it is about. */
  component?: string;
}
export interface Caller { name: string; phone: string }

export const emptyDraft = (key: string): Draft => ({ source: "hotline", text: "", matter: "", address: "", at: null, urgent: false, files: [], mergeInto: null, key });
export const isBlank = (draft: Draft): boolean => !draft.text.trim() && !draft.matter && !draft.address.trim() && !draft.at && !draft.files.length;

/** Names of the fields that stop the case from being sent. */
export function faults(draft: Draft, caller: Caller): string[] {
  const wrong: string[] = [];
  if (!clean(draft.text)) wrong.push("text");
  else if (length(draft.text) > LONGEST.longtext!) wrong.push("length");
  if (!draft.matter) wrong.push("matter");
  if (!draft.at && !draft.address.trim()) wrong.push("address");
  if (caller.phone.trim() && !/^\+?[\d\s-]{5,20}$/.test(caller.phone.trim())) wrong.push("phone");
  return wrong;
}

export function wireCase(draft: Draft, caller: Caller): CaseIn {
  const name = caller.name.trim(), phone = caller.phone.replace(/[\s-]/g, "");
  return {
    process: "standard", matter: draft.matter, source: draft.source, text: clean(draft.text), address: clean(draft.address),
    position: draft.at ? { crs: "EPSG:4326", x: draft.at.lon, y: draft.at.lat } : null,
    things: draft.component ? [{ kind: "component", code: draft.component }] : [],
    urgent: draft.urgent, reporter: name || phone ? { name, phone } : null, files: draft.files.map((file) => file.id),
  } as CaseIn;
}
