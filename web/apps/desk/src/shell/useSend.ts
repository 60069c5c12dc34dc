/** Ctrl Enter sends the open form, wherever in it the keys are: also before it has taken them. */
import { onBeforeUnmount, onMounted } from "vue";

export function useSend(send: () => void): void {
  const key = (event: KeyboardEvent) => {
    if (event.key !== "Enter" || !(event.ctrlKey || event.metaKey) || event.isComposing) return;
    event.preventDefault();
    event.stopPropagation();
    send();
  };
  onMounted(() => document.addEventListener("keydown", key, true));
  onBeforeUnmount(() => document.removeEventListener("keydown", key, true));
}
