/** What somebody is writing and has not sent. It stays in this browser under that person's name, so that a closed window, a reload or the
 * end of the session loses nothing; each window goes on with its own. Never the caller's name or number. */
import { remember, remembered, rememberedJson } from "./remember";
import { useSession } from "./useSession";

interface Kept<T> { at: number; value: T }
const DAYS = 7;
const names = (what: string) => `draft.${useSession().me.value?.id ?? 0}.${what}`;

export function draftOf<T extends object>(what: string) {
  const key = names(what);
  const mine = remembered(key, sessionStorage) !== null;
  let last = mine ? remembered(key, sessionStorage) : remembered(key);
  const found = (rememberedJson<Kept<T>>(key, mine ? sessionStorage : localStorage)?.value ?? null) as T | null;
  /** Null once it is sent or given up: another window's draft of the same thing stays. */
  function keep(value: T | null): void {
    const text = value && JSON.stringify({ at: Date.now(), value } satisfies Kept<T>);
    remember(key, text, sessionStorage);
    if (text || remembered(key) === last) remember(key, text);
    last = text;
  }
  return { found, keep };
}

/** Drafts that nobody has touched for a week go. */
export function forgetOldDrafts(): void {
  try {
    for (const name of Object.keys(localStorage).filter((one) => one.startsWith("jingwei.draft."))) {
      const at = (JSON.parse(localStorage.getItem(name) ?? "null") as Kept<unknown> | null)?.at ?? 0;
      if (Date.now() - at > DAYS * 86_400_000) localStorage.removeItem(name);
    }
  } catch { /* full of something else, or forbidden */ }
}
