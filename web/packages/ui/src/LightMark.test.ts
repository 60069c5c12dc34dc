// @vitest-environment happy-dom
import { mount } from "@vue/test-utils";
import { expect, it } from "vitest";
import { createI18n } from "vue-i18n";
import LightMark from "./LightMark.vue";
import zh from "./locales/zh-Hans.json";

const i18n = createI18n({ legacy: false, locale: "zh-Hans", messages: { "zh-Hans": zh } });
const show = (props: InstanceType<typeof LightMark>["$props"]) => mount(LightMark, { props, global: { plugins: [i18n] } });

it("says the light by shape and word, the time left, and the exact time on hover", () => {
  const mark = show({ light: "green", dueAt: new Date(Date.now() + 200 * 60_000 + 5_000).toISOString(), clock: true });
  expect(mark.find("circle").exists()).toBe(true);
  expect(mark.text()).toContain("正常");
  expect(mark.text()).toContain("剩 3 小时 20 分");
  expect(mark.attributes("title")).toMatch(/^截止 \d{4}-\d\d-\d\d \d\d:\d\d$/);
});
it("beside the word 超期 it does not say 超 again", () => {
  expect(show({ light: "red", dueAt: new Date(Date.now() - 61 * 60_000).toISOString(), clock: true, word: true }).text()).toBe("超期1 小时 1 分");
});
