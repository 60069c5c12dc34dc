import { onScopeDispose, ref, watch, type Ref } from "vue";

/** `source`, once it has rested for `ms`. */
export function useDebounced<T>(source: Ref<T>, ms = 250): Ref<T> {
  const rested = ref(source.value) as Ref<T>;
  let timer: ReturnType<typeof setTimeout> | undefined;
  watch(source, (value) => { clearTimeout(timer); timer = setTimeout(() => (rested.value = value), ms); });
  onScopeDispose(() => clearTimeout(timer));
  return rested;
}
