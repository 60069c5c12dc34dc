import type { Feature } from "../../shell/features";

export const feature: Feature = {
  pages: [{ path: "register/addresses", name: "addresses", component: () => import("./AddressesPage.vue"), meta: { titleKey: "addresses.title" } }],
  tabs: [{ section: "register", to: "addresses", on: ["addresses"], labelKey: "addresses.tab", order: 10 }],
};
