import type { Feature } from "../../shell/features";

export const feature: Feature = {
  pages: [
    { path: "catalogue", name: "catalogue", redirect: { name: "catalogue-dispatch" } },
    { path: "catalogue/dispatch", name: "catalogue-dispatch", component: () => import("./dispatch/DispatchPage.vue"), meta: { titleKey: "catalogue.dispatch.title" } },
    { path: "catalogue/processes", name: "catalogue-processes", component: () => import("./processes/ProcessesPage.vue"), meta: { titleKey: "catalogue.processes.title" } },
    { path: "catalogue/processes/:code/:version", name: "catalogue-process", component: () => import("./processes/ProcessPage.vue"), props: true, meta: { titleKey: "catalogue.processes.title" } },
    { path: "catalogue/limits", name: "catalogue-limits", component: () => import("./limits/LimitsPage.vue"), meta: { titleKey: "catalogue.limits.title" } },
    { path: "catalogue/calendars", name: "catalogue-calendars", component: () => import("./calendars/CalendarsPage.vue"), meta: { titleKey: "catalogue.calendars.title" } },
    { path: "catalogue/matters", name: "catalogue-matters", component: () => import("./matters/MattersPage.vue"), meta: { titleKey: "catalogue.matters.title" } },
    { path: "catalogue/texts", name: "catalogue-texts", component: () => import("./texts/TextsPage.vue"), meta: { titleKey: "catalogue.texts.title" } },
  ],
  sections: [{ to: "catalogue", on: ["catalogue-dispatch", "catalogue-processes", "catalogue-process", "catalogue-limits", "catalogue-calendars", "catalogue-matters", "catalogue-texts"], labelKey: "catalogue.title", icon: "book", order: 80 }],
};
