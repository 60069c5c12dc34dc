import type { Me } from "@jingwei/api";
import { tabsOf, type Feature } from "../../shell/features";
import { useSession } from "../../shell/useSession";

/** The section of the register, which the features of buildings, people, organisations, components … share: each hangs its tabs under "register". */
export const feature: Feature = {
  pages: [{ path: "register", name: "register", redirect: () => ({ name: tabsOf("register", useSession().me.value as Me | null)[0]?.to ?? "forbidden" }) }],
  sections: [{ to: "register", on: [], labelKey: "ground.rail", icon: "register", order: 50 }],
};
