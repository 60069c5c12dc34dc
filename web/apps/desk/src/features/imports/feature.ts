import type { Me } from "@jingwei/api";
import type { Feature } from "../../shell/features";

const KEEPERS = ["registrar", "station_clerk", "street_operator"];

export const feature: Feature = {
  pages: [
    { path: "register/imports", name: "imports", component: () => import("./ImportsPage.vue"), meta: { titleKey: "imports.title" } },
    { path: "register/imports/:id([0-9a-f-]{36})", name: "import", component: () => import("./ImportPage.vue"), props: true, meta: { titleKey: "imports.one" } },
  ],
  tabs: [{ section: "register", to: "imports", on: ["imports", "import"], labelKey: "imports.title", order: 70, shown: (me: Me) => me.grants.some((grant) => KEEPERS.includes(grant.role)) }],
};
