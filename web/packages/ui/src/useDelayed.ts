import { onScopeDispose, ref, watch, type Ref } from "vue";

/** True once `source` has been true for `ms`: a skeleton that flashes for 50 ms is worse than none. */
export function useDelayed(source: Ref<boolean>, ms = 300): Ref<boolean> {
  const shown = ref(false);
  let timer: ReturnType<typeof setTimeout> | undefined;
  watch(source, (on) => {
    clearTimeout(timer);
    if (on) timer = setTimeout(() => (shown.value = true), ms);
    else shown.value = false;
  }, { immediate: true });
  onScopeDispose(() => clearTimeout(timer));
  return shown;
}
