import type { Feature } from "../../shell/features";

const OFFICE = ["system_admin", "security_admin", "audit_admin"];

export const feature: Feature = {
  pages: [{ path: "panorama", name: "panorama", component: () => import("./PanoramaPage.vue"), meta: { titleKey: "panorama.title" } }],
  sections: [{ to: "panorama", on: ["panorama"], labelKey: "panorama.rail", icon: "place", order: 48, shown: (me) => me.grants.some((grant) => !OFFICE.includes(grant.role)) }],
};
