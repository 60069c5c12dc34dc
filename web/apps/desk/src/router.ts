import { whenSessionEnds } from "@jingwei/api";
import { createRouter, createWebHistory } from "vue-router";
import { pages } from "./shell/features";
import { notLoaded } from "./shell/live/useLive";
import { forgetSession, loadSession, useSession, whenOthersLogIn } from "./shell/useSession";

declare module "vue-router" {
  /** `bare`: the page fills the screen, without rail and bar. */
  interface RouteMeta { open?: boolean; titleKey?: string; bare?: boolean }
}

export const router = createRouter({
  history: createWebHistory(),
  routes: [
    { path: "/login", name: "login", component: () => import("./features/session/LogInPage.vue"), meta: { open: true, titleKey: "login.title" } },
    { path: "/looks", name: "subject-looks", component: () => import("./features/people/SubjectLooksPage.vue"), meta: { open: true, titleKey: "people.subject.title" } },
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
  if (me.value && to.name === "login" && to.query.ended !== "other") return typeof to.query.next === "string" && to.query.next.startsWith("/") ? to.query.next : { name: "queue" };
  return true;
});

// Drafts stay in the browser's storage; the address brings the person back to them.
function end(other: boolean) {
  const here = router.currentRoute.value;
  if (here.name === "login") return;
  // Somebody else's window now: nothing of the first person's may stay in it.
  if (other) return location.assign(router.resolve({ name: "login", query: { next: here.fullPath, ended: "other" } }).href);
  forgetSession();
  void router.replace({ name: "login", query: { next: here.fullPath, ended: "1" } });
}
whenSessionEnds(end);
whenOthersLogIn(end);

// A page's part did not come: the server is away, or was renewed meanwhile and has other parts now; then the page is opened anew.
router.onError(async (_error, to) => {
  const renewed = await fetch(to.fullPath, { method: "HEAD" }).then((answer) => answer.ok, () => false);
  if (renewed && to.query.anew === undefined) location.assign(router.resolve({ ...to, query: { ...to.query, anew: null } } as never).href);
  else notLoaded.value = true;
});
router.afterEach((_to, _from, failure) => { if (!failure) notLoaded.value = false; });
