/** What each folder under features/ brings: its pages, and its place in the rail. A new feature is a folder, nothing else. */
import type { Me } from "@jingwei/api";
import type { RouteRecordRaw } from "vue-router";
import type { IconName } from "./icons";

/** An entry of the rail. `order` counts downwards from the top; from 100 on it stands at the foot. `on`: the pages that belong to it. */
export interface Section { to: string; on: readonly string[]; labelKey: string; icon: IconName; order: number; shown?: (me: Me) => boolean }
/** Pages inside the shell, by paths without a leading slash. */
export interface Feature { pages: RouteRecordRaw[]; sections?: Section[] }

const found = import.meta.glob<{ feature: Feature }>("../features/*/feature.ts", { eager: true });
const all = Object.values(found).map((module) => module.feature);
export const pages = all.flatMap((one) => one.pages);
export const sections = all.flatMap((one) => one.sections ?? []).sort((a, b) => a.order - b.order);
