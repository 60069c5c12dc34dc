import type { Me } from "@jingwei/api";
import { tabsOf, type Feature } from "../../shell/features";
import { useSession } from "../../shell/useSession";

const OFFICE = ["system_admin", "security_admin", "audit_admin"];
/** Whoever has business somewhere reads what stands there. */
const works = (me: Me) => me.grants.some((grant) => !OFFICE.includes(grant.role));

/** The section of the register, which the features of buildings, people, organisations, components … share: each hangs its tabs under "register". */
export const feature: Feature = {
  pages: [
    { path: "register", name: "register", redirect: () => ({ name: tabsOf("register", useSession().me.value as Me | null)[0]?.to ?? "forbidden" }) },
    { path: "register/buildings", name: "ground-buildings", component: () => import("./BuildingsPage.vue"), meta: { titleKey: "ground.buildings" } },
    { path: "register/buildings/:id(\\d+)", name: "ground-building", component: () => import("./BuildingPage.vue"), props: true, meta: { titleKey: "ground.building" } },
    { path: "register/coding", name: "ground-coding", component: () => import("./CodingPage.vue"), meta: { titleKey: "ground.coding.title" } },
    { path: "register/rooms/:id", name: "ground-room", component: () => import("./RoomPage.vue"), props: true, meta: { titleKey: "ground.room" } },
    { path: "register/map", name: "ground-map", alias: "/ground", component: () => import("./map/GroundPage.vue"), meta: { titleKey: "ground.map.title" } },
  ],
  sections: [{ to: "register", on: [], labelKey: "ground.rail", icon: "register", order: 50 }],
  tabs: [
    { section: "register", to: "ground-buildings", on: ["ground-buildings", "ground-building", "ground-room", "ground-coding"], labelKey: "ground.buildings", order: 10, shown: works },
    { section: "register", to: "ground-map", on: ["ground-map"], labelKey: "ground.map.tab", order: 5, shown: works },
    { section: "register", to: "ground-coding", on: ["ground-coding"], labelKey: "ground.coding.title", order: 75, shown: (me) => !works(me) && me.grants.some((grant) => grant.role === "system_admin") },
  ],
};
