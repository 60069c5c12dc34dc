/** The open form stands in the address (`?form=…`); a form that ends on another page does not call this one back. */
import { computed } from "vue";
import { useRoute, useRouter, type RouteLocationRaw } from "vue-router";

export function useDialog() {
  const route = useRoute();
  const router = useRouter();
  let leaving = false;
  const dialog = computed(() => (typeof route.query.form === "string" ? route.query.form : ""));
  const show = (form?: string) => { if (!leaving) void router.replace({ query: { ...route.query, form } }); };
  function leave(to: RouteLocationRaw) {
    leaving = true;
    void router.push(to).finally(() => (leaving = false));
  }
  return { dialog, show, leave };
}
