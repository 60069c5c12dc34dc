/** The list that a person works through: a case that was opened from it knows the next and the one before. Kept for the window, so that a reload forgets nothing. */
import { remember, rememberedJson } from "./remember";

/** `ids`: as they stood in the list; `asked`: the list's question to the server, to see what is still there; `at`: the list's address. */
export interface Round { ids: string[]; asked: Record<string, string | string[]>; at: string }
const KEY = "round";
const MOST = 500;

export const keepRound = (round: Round): void => remember(KEY, JSON.stringify({ ...round, ids: round.ids.slice(0, MOST) }), sessionStorage);
export const keptRound = (): Round | null => rememberedJson<Round>(KEY, sessionStorage);

/** Which case comes next: the first of what is there now that was not before `id` in the round; after the end, the first of all. Null: no other is left. */
export function nextOf(round: readonly string[], now: readonly string[], id: string): string | null {
  const at = round.indexOf(id);
  const passed = new Set(at < 0 ? [] : round.slice(0, at + 1));
  const others = now.filter((one) => one !== id);
  return others.find((one) => !passed.has(one)) ?? others[0] ?? null;
}
export function beforeOf(round: readonly string[], id: string): string | null {
  const at = round.indexOf(id);
  return at > 0 ? round[at - 1]! : null;
}
