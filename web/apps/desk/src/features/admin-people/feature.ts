import type { Me } from "@jingwei/api";
import type { Feature } from "../../shell/features";
import { useSession } from "../../shell/useSession";
import { TABS } from "./tabs";

const holds = (me: Me, roles: readonly string[]) => me.grants.some((grant) => roles.includes(grant.role));
const everyTab = TABS.flatMap((tab) => tab.on);

export const feature: Feature = {
  pages: [
    { path: "admin", name: "admin", redirect: () => ({ name: TABS.find((tab) => holds((useSession().me.value ?? { grants: [] }) as Me, tab.roles))?.to ?? "forbidden" }) },
    { path: "admin/units", name: "admin-units", component: () => import("./UnitsPage.vue"), meta: { titleKey: "admin.units" } },
    { path: "admin/units/:id(\\d+)", name: "admin-unit", component: () => import("./UnitPage.vue"), meta: { titleKey: "admin.unit" } },
    { path: "admin/people", name: "admin-people", component: () => import("./PeoplePage.vue"), meta: { titleKey: "admin.people" } },
    { path: "admin/people/:id(\\d+)", name: "admin-person", component: () => import("./PersonPage.vue"), meta: { titleKey: "admin.person" } },
    { path: "admin/areas", name: "admin-areas", component: () => import("./AreasPage.vue"), meta: { titleKey: "admin.areas" } },
    { path: "admin/record", name: "admin-record", component: () => import("./RecordPage.vue"), meta: { titleKey: "admin.record" } },
    { path: "admin/configuration", name: "admin-configuration", component: () => import("./ConfigurationPage.vue"), meta: { titleKey: "admin.configuration" } },
  ],
  sections: [{ to: "admin", on: ["admin", ...everyTab], labelKey: "admin.rail", icon: "admin", order: 90, shown: (me) => TABS.some((tab) => holds(me, tab.roles)) }],
};
