import { computed } from "vue";
import { useI18n } from "vue-i18n";

/** Who may bring a report in: the codes of the catalogue's closed registry. */
const CODES = ["hotline", "resident", "worker", "department", "superior", "media", "inspection", "sensor", "open311", "other"] as const;
/** Those that a person at the telephone may choose; the others come in by machine or from the street. */
const BY_HAND: readonly string[] = ["hotline", "resident", "department", "superior", "media", "inspection", "other"];

export function useSources(byHand = false) {
  const { t } = useI18n();
  return computed(() => CODES.filter((code) => !byHand || BY_HAND.includes(code)).map((code) => ({ code, name: t(`source.${code}`) })));
}
