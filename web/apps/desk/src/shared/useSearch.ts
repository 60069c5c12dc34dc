import { computed, ref, type Ref } from "vue";
import { useDebounced } from "./useDebounced";

/** The words typed into a picker; `asked`, once they have rested; and whether a list found so far answers other words than those
 * typed: then nothing of it is offered, or a quick hand picks the wrong one. */
export function useSearch() {
  const words = ref("");
  const asked = useDebounced(words);
  const behind = (found: { isPlaceholderData: Readonly<Ref<boolean>> }) => computed(() => words.value !== asked.value || found.isPlaceholderData.value);
  return { words, asked, behind };
}
