import type { Me } from "@jingwei/api";
import type { Feature } from "../../shell/features";

const ADMINISTRATORS = ["system_admin", "security_admin", "audit_admin"];
const KEEPERS = ["registrar", "station_clerk", "street_operator", "analyst"];
const holds = (me: Me, roles: readonly string[]) => me.grants.some((grant) => roles.includes(grant.role));

export const feature: Feature = {
  pages: [
    { path: "register/fields", name: "register-fields", component: () => import("./FieldsPage.vue"), meta: { titleKey: "fields.title" } },
    { path: "register/retention", name: "register-retention", component: () => import("./RetentionPage.vue"), meta: { titleKey: "fields.retention.title" } },
  ],
  tabs: [
    { section: "register", to: "register-fields", on: ["register-fields"], labelKey: "fields.title", order: 80, shown: (me) => holds(me, [...ADMINISTRATORS, ...KEEPERS]) },
    { section: "register", to: "register-retention", on: ["register-retention"], labelKey: "fields.retention.title", order: 85, shown: (me) => holds(me, ADMINISTRATORS) },
  ],
};
