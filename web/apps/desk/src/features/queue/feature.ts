import type { Feature } from "../../shell/features";

export const feature: Feature = {
  pages: [{ path: "cases", name: "queue", component: () => import("./QueuePage.vue"), meta: { titleKey: "queue.title" } }],
  sections: [{ to: "queue", on: ["queue", "case"], labelKey: "shell.queue", icon: "queue", order: 10 }],
};
