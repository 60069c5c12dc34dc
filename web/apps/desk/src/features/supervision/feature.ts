import type { Feature } from "../../shell/features";

const SUPERVISORS = ["supervisor", "shift_leader", "department_lead"];

export const feature: Feature = {
  pages: [{ path: "supervision", name: "supervision", component: () => import("./SupervisionPage.vue"), meta: { titleKey: "supervision.title" } }],
  sections: [{ to: "supervision", on: ["supervision"], labelKey: "supervision.rail", icon: "watch", order: 40, shown: (me) => me.grants.some((grant) => SUPERVISORS.includes(grant.role)) }],
};
