import type { Feature } from "../../shell/features";

export const feature: Feature = {
  pages: [{ path: "cases/new", name: "new", component: () => import("./IntakePage.vue"), meta: { titleKey: "intake.title" } }],
  sections: [{ to: "new", on: ["new"], labelKey: "shell.new", icon: "new", order: 20, shown: (me) => me.may_open }],
};
