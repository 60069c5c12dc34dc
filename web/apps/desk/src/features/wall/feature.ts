import type { Feature } from "../../shell/features";

const WATCHERS = ["supervisor", "shift_leader"];

export const feature: Feature = {
  pages: [{ path: "wall", name: "wall", component: () => import("./WallPage.vue"), meta: { titleKey: "wall.title", bare: true } }],
  sections: [{ to: "wall", on: ["wall"], labelKey: "wall.rail", icon: "wall", order: 45, shown: (me) => me.grants.some((grant) => WATCHERS.includes(grant.role)) }],
};
