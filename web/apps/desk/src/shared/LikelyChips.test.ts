// @vitest-environment happy-dom
import { mount } from "@vue/test-utils";
import { expect, it } from "vitest";
import { i18n } from "../i18n";
import LikelyChips from "./LikelyChips.vue";

const items = [{ key: "01021", name: "路灯", probability: 0.834 }, { key: "06001", name: "垃圾", probability: 0.1 }];
const score = { tested: 48, top1: 0.9, top3: 1, said: 0.9 };
const model = { learnt_at: "2026-11-22T03:20:00+08:00", cases: 240, from_at: "2026-01-01T00:00:00+08:00", to_at: "2026-11-21T00:00:00+08:00", matters: score, units: null };
const chips = (more: object = {}) => mount(LikelyChips, { props: { label: "可能的事项", items, chosen: "06001", model, score, why: null, testid: "likely", ...more }, global: { plugins: [i18n] } });
const key = (code: string, more: object = {}) => new KeyboardEvent("keydown", { code, altKey: true, cancelable: true, ...more });
type Held = { press: (event: KeyboardEvent) => boolean };

it("says each suggestion's probability, and which one is chosen", () => {
  const drawn = chips();
  expect(drawn.get("[data-testid=likely-01021]").text()).toContain("83%");
  expect(drawn.get("[data-testid=likely-06001]").attributes("aria-pressed")).toBe("true");
});
it("takes one by a click or by its key, and none by itself", async () => {
  const drawn = chips();
  expect(drawn.emitted("take")).toBeUndefined();
  await drawn.get("[data-testid=likely-01021]").trigger("click");
  expect((drawn.vm as unknown as Held).press(key("Digit2"))).toBe(true);
  expect(drawn.emitted("take")).toEqual([["01021"], ["06001"]]);
  for (const other of [key("Digit3"), key("KeyA"), key("Digit1", { ctrlKey: true }), key("Digit1", { altKey: false })]) expect((drawn.vm as unknown as Held).press(other)).toBe(false);
});
it("says in words that nothing was learnt yet, and is not there when there is nothing to say", () => {
  expect(chips({ items: [], model: null, why: { zh: "还没有可用的建议", en: "no advice yet" } }).text()).toBe("还没有可用的建议");
  expect(chips({ items: [] }).find("[data-testid=likely]").exists()).toBe(false);
});
