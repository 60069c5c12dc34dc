/** Small things that a browser keeps for its person (language, theme, drafts); nothing breaks where it can't. */
export const PREFIX = "jingwei.";

export function remembered(key: string, store: Storage = localStorage): string | null {
  try { return store.getItem(PREFIX + key); } catch { return null; }
}
export function remember(key: string, value: string | null, store: Storage = localStorage): void {
  try {
    if (value === null) store.removeItem(PREFIX + key);
    else store.setItem(PREFIX + key, value);
  } catch { /* full or forbidden */ }
}
export function rememberedJson<T>(key: string, store: Storage = localStorage): T | null {
  try { return JSON.parse(remembered(key, store) ?? "null") as T | null; } catch { return null; }
}
