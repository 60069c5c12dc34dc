import type { Feature } from "../../shell/features";

export const feature: Feature = {
  pages: [{ path: "account", name: "account", component: () => import("./AccountPage.vue"), meta: { titleKey: "account.title" } }],
  sections: [{ to: "account", on: ["account"], labelKey: "shell.account", icon: "account", order: 110 }],
};
