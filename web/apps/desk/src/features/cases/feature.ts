import type { Feature } from "../../shell/features";

export const feature: Feature = {
  pages: [{ path: "cases/:id", name: "case", component: () => import("./CasePage.vue"), props: true, meta: { titleKey: "case.title" } }],
};
