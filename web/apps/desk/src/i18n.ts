import { setApiLanguage } from "@jingwei/api";
import { mapEn, mapZh } from "@jingwei/map/words";
import { uiEn, uiZh } from "@jingwei/ui";
import { createI18n } from "vue-i18n";
import { remember, remembered } from "./shell/remember";

export type Language = "zh-Hans" | "en";
type Words = Record<string, unknown>;
/** A feature's words lie in its own folder, under a key of its own; what several share lies in ./locales. */
const files = import.meta.glob<Words>(["./locales/*.json", "./features/*/locales/*.json"], { eager: true, import: "default" });
const words = (language: Language): Words => Object.assign({}, ...Object.entries(files).filter(([path]) => path.endsWith(`/${language}.json`)).map(([, one]) => one));

const first: Language = remembered("language") === "en" ? "en" : "zh-Hans";

export const i18n = createI18n({
  legacy: false,
  locale: first as string,
  fallbackLocale: "zh-Hans",
  messages: { "zh-Hans": { ...words("zh-Hans"), ...uiZh, ...mapZh }, en: { ...words("en"), ...uiEn, ...mapEn } } as unknown as Record<string, Record<string, string>>,
});

export function speak(language: Language): void {
  i18n.global.locale.value = language;
  document.documentElement.lang = language;
  setApiLanguage(language);
  remember("language", language);
}
speak(first);
