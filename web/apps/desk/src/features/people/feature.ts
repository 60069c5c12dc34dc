import type { Me } from "@jingwei/api";
import type { Feature } from "../../shell/features";
import { READERS } from "../../shared/people/usePeople";

const reads = (me: Me) => me.grants.some((grant) => READERS.includes(grant.role));

export const feature: Feature = {
  pages: [
    { path: "people", name: "people", component: () => import("./PeoplePage.vue"), meta: { titleKey: "people.title" } },
    { path: "people/rooms/:id", name: "people-room", component: () => import("./RoomPage.vue"), meta: { titleKey: "people.livesHere" } },
    { path: "people/likely", name: "people-likely", component: () => import("./LikelyPage.vue"), meta: { titleKey: "people.likely.title" } },
    { path: "people/:id", name: "people-one", component: () => import("./ResidentPage.vue"), meta: { titleKey: "people.resident" } },
  ],
  tabs: [{ section: "register", to: "people", on: ["people", "people-likely", "people-room", "people-one"], labelKey: "people.title", order: 30, shown: reads }],
};
