import { computed, onScopeDispose, ref, watchEffect } from "vue";
import { remember, remembered } from "./remember";

export type Theme = "light" | "dark" | "system";
const system = matchMedia("(prefers-color-scheme: dark)");
const systemDark = ref(system.matches);
system.addEventListener("change", (event) => (systemDark.value = event.matches));
const chosen = ref<Theme>((remembered("theme") as Theme | null) ?? "system");
const walls = ref(0); // pages that are dark whatever was chosen
const dark = computed(() => walls.value > 0 || chosen.value === "dark" || (chosen.value === "system" && systemDark.value));
watchEffect(() => document.documentElement.classList.toggle("dark", dark.value));

export function useTheme() {
  const choose = (theme: Theme) => { chosen.value = theme; remember("theme", theme === "system" ? null : theme); };
  return { chosen, dark, choose };
}

/** Dark while this page is shown. */
export function useDark(): void {
  walls.value++;
  onScopeDispose(() => walls.value--);
}
