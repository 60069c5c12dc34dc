import type { Me } from "@jingwei/api";
import type { Feature } from "../../shell/features";

/** Whoever works in an area reads what stands there; the administrators have no business there. */
const works = (me: Me) => me.grants.some((grant) => !["system_admin", "security_admin", "audit_admin"].includes(grant.role));

export const feature: Feature = {
  pages: [
    { path: "register/organisations", name: "organisations", component: () => import("./OrganisationsPage.vue"), meta: { titleKey: "things.organisations" } },
    { path: "register/organisations/:id", name: "organisation", component: () => import("./OrganisationPage.vue"), meta: { titleKey: "things.organisation" } },
    { path: "register/components", name: "components", component: () => import("./ComponentsPage.vue"), meta: { titleKey: "things.components" } },
    { path: "register/components/classes", name: "component-classes", component: () => import("./ClassesPage.vue"), meta: { titleKey: "things.classes" } },
    { path: "register/components/:id", name: "component", component: () => import("./ComponentPage.vue"), meta: { titleKey: "things.component" } },
    { path: "register/pledges", name: "pledges", component: () => import("./PledgesPage.vue"), meta: { titleKey: "things.pledges" } },
    { path: "register/pledges/:id", name: "pledge", component: () => import("./PledgePage.vue"), meta: { titleKey: "things.pledge" } },
  ],
  tabs: [
    { section: "register", to: "organisations", on: ["organisations", "organisation"], labelKey: "things.organisations", order: 40, shown: works },
    { section: "register", to: "components", on: ["components", "component", "component-classes"], labelKey: "things.components", order: 50, shown: works },
    { section: "register", to: "pledges", on: ["pledges", "pledge"], labelKey: "things.pledges", order: 60, shown: works },
  ],
};
