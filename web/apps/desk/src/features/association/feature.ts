import type { Feature } from "../../shell/features";

export const feature: Feature = {
  pages: [{ path: "association/:kind/:id", name: "association", component: () => import("./AssociationPage.vue"), props: true, meta: { titleKey: "association.title" } }],
};
