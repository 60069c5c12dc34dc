import type { Me } from "@jingwei/api";
import type { Feature } from "../../shell/features";

const OTHERS = ["department_clerk", "department_lead", "system_admin", "security_admin", "audit_admin"];
/** Whoever sees an area whole sees its statistics. */
const shown = (me: Me) => me.grants.some((grant) => !OTHERS.includes(grant.role));

export const feature: Feature = {
  pages: [{ path: "register/statistics", name: "register-statistics", component: () => import("./StatisticsPage.vue"), meta: { titleKey: "statistics.title" } }],
  tabs: [{ section: "register", to: "register-statistics", on: ["register-statistics"], labelKey: "statistics.title", order: 70, shown }],
};
