import type { Name } from "@jingwei/api";
import { useI18n } from "vue-i18n";

/** The wording of a bilingual label in the language of the screen. */
export function useName() {
  const { locale } = useI18n();
  return (name: Name | null | undefined): string => (name ? (locale.value === "en" ? name.en || name.zh : name.zh) : "");
}
