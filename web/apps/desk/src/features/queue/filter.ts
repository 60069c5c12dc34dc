/** The queue's filter, and how it is written in the address. Pure. */
import type { LocationQuery } from "vue-router";

export const FILTERS = ["state", "process", "light", "matter", "unit", "source", "place", "q"] as const;
export type FilterName = (typeof FILTERS)[number];
export type View = "mine" | "all" | "unlocated";
export const VIEWS: readonly View[] = ["mine", "all", "unlocated"];
export interface QueueFilter extends Partial<Record<FilterName, string>> { view: View }

const one = (value: unknown): string => (Array.isArray(value) ? String(value[0] ?? "") : typeof value === "string" ? value : "");

export function filterFrom(query: LocationQuery): QueueFilter {
  const view = one(query.view) as View;
  const filter: QueueFilter = { view: VIEWS.includes(view) ? view : "mine" };
  for (const name of FILTERS) {
    const value = one(query[name]).trim();
    if (value) filter[name] = value;
  }
  return filter;
}

/** The address after a change; what is empty or usual is left out, so that addresses stay short. */
export function queryWith(query: LocationQuery, change: Partial<Record<FilterName | "view" | "sel" | "map" | "at", string | undefined>>): LocationQuery {
  const next: LocationQuery = { ...query };
  for (const [name, value] of Object.entries(change)) {
    if (value === undefined || value === "" || (name === "view" && value === "mine")) delete next[name];
    else next[name] = value;
  }
  return next;
}

/** The change that takes every filter away. */
export const NOTHING: Partial<Record<FilterName, undefined>> = Object.fromEntries(FILTERS.map((name) => [name, undefined]));
export const isNarrowed = (filter: QueueFilter): boolean => FILTERS.some((name) => filter[name]);
