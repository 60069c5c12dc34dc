/** What is typed of a person, before the server has read it. */
import { saidAnew, type OwnValues } from "../form/useDictionary";
import type { Newcomer } from "./usePeople";

export interface Typed { name: string; identity_kind: string; identity_number: string; phone: string; sex: string; born: string; home_place: string; more: OwnValues; relation: string; known: { id: string; version: number; name: string } | null; claim: boolean }

export const blank = (): Typed => ({ name: "", identity_kind: "", identity_number: "", phone: "", sex: "", born: "", home_place: "", more: {}, relation: "", known: null, claim: false });

const WEIGHTS = [7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2];

/** Month of birth and sex that a right 18-digit number tells (GB 11643); null for any other text. The server judges; this only saves typing. */
export function fromNumber(text: string): { born: string; sex: string } | null {
  const number = text.normalize("NFKC").replace(/[\s·.-]/g, "").toUpperCase();
  if (!/^\d{17}[\dX]$/.test(number)) return null;
  const sum = WEIGHTS.reduce((total, weight, i) => total + weight * Number(number[i]), 0);
  if ("10X98765432"[sum % 11] !== number[17]) return null;
  const month = Number(number.slice(10, 12));
  if (month < 1 || month > 12) return null;
  return { born: `${number.slice(6, 10)}-${number.slice(10, 12)}`, sex: Number(number[16]) % 2 ? "1" : "2" };
}

/** As the server takes it. The first is the head. */
export function newcomer(one: Typed, head: boolean): Newcomer {
  const relation = head ? "02" : one.relation;
  if (one.known) return { resident_id: one.known.id, seen_version: one.known.version, relation, more: {}, tenure: "", claim: false } as unknown as Newcomer;
  const told = fromNumber(one.identity_number);
  return { name: one.name.trim(), identity_kind: one.identity_kind, identity_number: one.identity_number.trim(), phone: one.phone.trim(), sex: told ? "" : one.sex, born: told ? "" : one.born.trim(), home_place: one.home_place, more: saidAnew(one.more, {}), relation, claim: one.claim } as unknown as Newcomer;
}
