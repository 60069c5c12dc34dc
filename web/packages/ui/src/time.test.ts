import { describe, expect, it } from "vitest";
import zh from "./locales/zh-Hans.json";
import { ago, clockText, exact, length, type Say } from "./time";

const say: Say = (key, slots = {}) => {
  const found = key.split(".").reduce<unknown>((tree, part) => (tree as Record<string, unknown>)[part], zh) as string;
  return found.replace(/\{(\w+)\}/g, (_, name: string) => String(slots[name]));
};
const now = Date.parse("2026-11-22T06:05:00Z");
const at = (minutes: number) => new Date(now + minutes * 60_000).toISOString();

describe("times as people say them", () => {
  it.each([[20, "20 分"], [60, "1 小时"], [200, "3 小时 20 分"], [1440, "1 天"], [1440 * 2 + 240, "2 天 4 小时"], [0.5, "不到 1 分"]])("%d minutes", (minutes, words) => {
    expect(length(minutes * 60_000, say)).toBe(words);
  });
  it("says what is left, what is over and what stands still", () => {
    expect(clockText({ due_at: at(200) }, now, say)).toBe("剩 3 小时 20 分");
    expect(clockText({ due_at: at(-61) }, now, say)).toBe("超 1 小时 1 分");
    expect(clockText({ due_at: at(-61), paused_at: at(-120) }, now, say)).toBe("已停 2 小时");
    expect(clockText({ due_at: null }, now, say)).toBe("");
  });
  it("is relative only within a day", () => {
    expect(ago(at(-20), now, say)).toBe("20 分前");
    expect(ago(at(-3000), now, say)).toBe("2026-11-20 12:05");
    expect(exact(null)).toBe("");
  });
});
