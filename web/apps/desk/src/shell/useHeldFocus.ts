/** Where what had the keys is gone (a button of the state before, a row of the page before), they go to the page's content, never to nowhere. */
import { onScopeDispose } from "vue";
import { useRouter } from "vue-router";

const nowhere = () => !document.activeElement || document.activeElement === document.body;

export function useHeldFocus(content: () => HTMLElement | undefined): void {
  let later: ReturnType<typeof setTimeout> | undefined;
  const hold = () => {
    clearTimeout(later);
    later = setTimeout(() => { if (nowhere() && document.hasFocus()) content()?.focus({ preventScroll: true }); }, 80);
  };
  document.addEventListener("focusout", hold);
  // What is taken out of the page while it has the keys tells nobody of it.
  const removed = new MutationObserver(() => { if (nowhere()) hold(); });
  removed.observe(document.body, { childList: true, subtree: true });
  const unhook = useRouter().afterEach((_to, from) => { if (from.matched.length) hold(); });
  onScopeDispose(() => { document.removeEventListener("focusout", hold); removed.disconnect(); unhook(); clearTimeout(later); });
}
