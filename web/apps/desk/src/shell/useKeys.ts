/** Single-letter keys. The page on top of the stack is asked first, the shell last. */
import { onScopeDispose } from "vue";

export type Keys = Record<string, (event: KeyboardEvent) => void>;
const stack: (() => Keys)[] = [];

const isTyping = (target: EventTarget | null) => {
  const element = target as HTMLElement | null;
  return !!element?.closest?.("input, textarea, select, [contenteditable=true], [role=combobox]");
};
const isButton = (target: EventTarget | null) => !!(target as HTMLElement | null)?.closest?.("button, a, [role=button], [role=menuitem], summary");
const dialogOpen = () => [...document.querySelectorAll<HTMLElement>(".el-overlay, dialog[open]")].some((one) => one.offsetParent !== null || getComputedStyle(one).display !== "none");

/** While a Chinese word is being composed, its keys belong to the input method alone: no letter moves a case, Enter sends nothing, Escape
 * closes no form. (Some browsers say 229 instead of `isComposing` for the first or last key.) */
addEventListener("keydown", (event) => { if (event.isComposing || event.keyCode === 229) event.stopPropagation(); }, true);

addEventListener("keydown", (event) => {
  if (event.ctrlKey || event.metaKey || event.altKey || event.defaultPrevented) return;
  if (isTyping(event.target) || dialogOpen()) return;
  if (event.key === "Escape" && document.querySelector('.el-popper[aria-hidden="false"]')) return; // a list that hangs open closes first
  if (event.key === "Enter" && isButton(event.target)) return;
  for (const keys of [...stack].reverse()) {
    const act = keys()[event.key.length === 1 ? event.key.toLowerCase() : event.key];
    if (!act) continue;
    event.preventDefault();
    act(event);
    return;
  }
});

export function useKeys(keys: () => Keys): void {
  stack.push(keys);
  onScopeDispose(() => stack.splice(stack.indexOf(keys), 1));
}
