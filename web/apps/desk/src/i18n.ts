import { setApiLanguage } from "@jingwei/api";
import { mapEn, mapZh } from "@jingwei/map/words";
import { uiEn, uiZh } from "@jingwei/ui";
import { createI18n } from "vue-i18n";
import en from "./locales/en.json";
import zh from "./locales/zh-Hans.json";
import { remember, remembered } from "./shell/remember";

export type Language = "zh-Hans" | "en";
const first: Language = remembered("language") === "en" ? "en" : "zh-Hans";

export const i18n = createI18n({
  legacy: false,
  locale: first as string,
  fallbackLocale: "zh-Hans",
  messages: { "zh-Hans": { ...zh, ...uiZh, ...mapZh }, en: { ...en, ...uiEn, ...mapEn } } as Record<string, typeof zh & typeof uiZh & typeof mapZh>,
});

export function speak(language: Language): void {
  i18n.global.locale.value = language;
  document.documentElement.lang = language;
  setApiLanguage(language);
  remember("language", language);
}
speak(first);
