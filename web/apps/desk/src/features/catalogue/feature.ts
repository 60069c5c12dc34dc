import type { Feature } from "../../shell/features";

export const feature: Feature = {
  pages: [
    { path: "catalogue", name: "catalogue", redirect: { name: "catalogue-dispatch" } },
    { path: "catalogue/dispatch", name: "catalogue-dispatch", component: () => import("./dispatch/DispatchPage.vue"), meta: { titleKey: "catalogue.dispatch.title" } },
    { path: "catalogue/processes", name: "catalogue-processes", component: () => import("./processes/ProcessesPage.vue"), meta: { titleKey: "catalogue.processes.title" } },
    { path: "catalogue/processes/:code/:version", name: "catalogue-process", component: () => import("./processes/ProcessPage.vue"), props: true, meta: { titleKey: "catalogue.processes.title" } },
    { path: "catalogue/texts", name: "catalogue-texts", component: () => import("./texts/TextsPage.vue"), meta: { titleKey: "catalogue.texts.title" } },
  ],
  sections: [{ to: "catalogue", on: ["catalogue-dispatch", "catalogue-processes", "catalogue-process", "catalogue-texts"], labelKey: "catalogue.title", icon: "book", order: 80 }],
};
