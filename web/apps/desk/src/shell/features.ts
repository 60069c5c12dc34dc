/** What each folder under features/ brings: its pages, and its place in the rail. A new feature is a folder, nothing else. */
import type { Me } from "@jingwei/api";
import type { RouteRecordRaw } from "vue-router";
import type { IconName } from "./icons";

/** An entry of the rail. `order` counts downwards from the top; from 100 on it stands at the foot. `on`: the pages that belong to it. */
export interface Section { to: string; on: readonly string[]; labelKey: string; icon: IconName; order: number; shown?: (me: Me) => boolean }
/** A tab of a section that several features share (`section`: its `to`); what nobody may see of it is not in the rail either. */
export interface Tab { section: string; to: string; on: readonly string[]; labelKey: string; order: number; shown?: (me: Me) => boolean }
/** Pages inside the shell, by paths without a leading slash. */
export interface Feature { pages: RouteRecordRaw[]; sections?: Section[]; tabs?: Tab[] }

const found = import.meta.glob<{ feature: Feature }>("../features/*/feature.ts", { eager: true });
const all = Object.values(found).map((module) => module.feature);
export const pages = all.flatMap((one) => one.pages);
const byOrder = (a: { order: number }, b: { order: number }) => a.order - b.order;
const tabs = all.flatMap((one) => one.tabs ?? []).sort(byOrder);
/** The shared sections' tabs that this person sees. */
export const tabsOf = (section: string, me: Me | null): Tab[] => tabs.filter((one) => one.section === section && me && (one.shown?.(me) ?? true));
const shared = (section: Section): Section => {
  const own = tabs.filter((one) => one.section === section.to);
  return { ...section, on: [...section.on, ...own.flatMap((one) => one.on)], shown: (me) => (section.shown?.(me) ?? true) && tabsOf(section.to, me).length > 0 };
};
const SHARED = ["register"];
export const sections = all.flatMap((one) => one.sections ?? []).map((one) => (SHARED.includes(one.to) ? shared(one) : one)).sort(byOrder);
