import { whenSessionEnds } from "@jingwei/api";
import { createRouter, createWebHistory } from "vue-router";
import { pages } from "./shell/features";
import { forgetSession, loadSession, useSession } from "./shell/useSession";

declare module "vue-router" {
  interface RouteMeta { open?: boolean; titleKey?: string }
}

export const router = createRouter({
  history: createWebHistory(),
  routes: [
    { path: "/login", name: "login", component: () => import("./features/session/LogInPage.vue"), meta: { open: true, titleKey: "login.title" } },
    { path: "/password", name: "password", component: () => import("./features/session/PasswordPage.vue"), meta: { titleKey: "password.title" } },
    {
      path: "/",
      component: () => import("./shell/Shell.vue"),
      children: [
        { path: "", redirect: { name: "queue" } },
        ...pages,
        { path: "forbidden", name: "forbidden", component: () => import("./shell/ForbiddenPage.vue"), meta: { titleKey: "page.forbidden" } },
        { path: ":rest(.*)*", name: "missing", component: () => import("./shell/MissingPage.vue"), meta: { titleKey: "page.missing" } },
      ],
    },
  ],
});

/** Begins to fetch a lazy page; the router takes it up, and says so if it fails. */
const fetchAhead = (page: unknown) => { if (typeof page === "function") void (page as () => Promise<unknown>)().catch(() => {}); };

router.beforeEach(async (to) => {
  const { me } = useSession();
  for (const record of to.matched) fetchAhead(record.components?.default); // the page's script comes while the session is asked for
  try { await loadSession(); } catch { return to.meta.open ? true : { name: "login", query: { next: to.fullPath } }; }
  if (!me.value && !to.meta.open) return { name: "login", query: to.fullPath === "/" ? {} : { next: to.fullPath } };
  if (me.value?.must_change_password) return to.name === "password" ? true : { name: "password", query: to.name === "login" || to.fullPath === "/" ? {} : { next: to.fullPath } };
  if (me.value && to.name === "login") return typeof to.query.next === "string" && to.query.next.startsWith("/") ? to.query.next : { name: "queue" };
  return true;
});

// Drafts stay in the browser's storage; the address brings the person back to them.
whenSessionEnds(() => {
  const here = router.currentRoute.value;
  if (here.name === "login") return;
  forgetSession();
  void router.replace({ name: "login", query: { next: here.fullPath, ended: "1" } });
});
