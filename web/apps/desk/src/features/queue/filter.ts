/** The queue's filter, and how it is written in the address. Pure. */
import type { LocationQuery } from "vue-router";

/** Several values may stand in each of these; one of them must fit. */
export const LISTS = ["state", "process", "light", "matter", "unit", "source"] as const;
export const SINGLES = ["place", "q", "opened_from", "opened_to", "due_in", "urgent", "within"] as const;
export type ListName = (typeof LISTS)[number];
export type SingleName = (typeof SINGLES)[number];
export type View = "mine" | "open" | "all" | "unlocated";
export const VIEWS: readonly View[] = ["mine", "open", "all", "unlocated"];
export type Sort = "due" | "longest" | "newest" | "oldest";
/** What includes the past can't stand in the order of due times. */
export const sortsOf = (view: View): readonly Sort[] => (view === "all" ? ["newest", "oldest"] : ["due", "longest", "newest", "oldest"]);

export type QueueFilter = Record<ListName, string[]> & Partial<Record<SingleName, string>> & { view: View; sort?: Sort };
export type Change = Partial<Record<ListName, string | string[] | undefined> & Record<SingleName | "view" | "sort" | "sel" | "map" | "mode" | "at", string | undefined>>;

const some = (value: unknown): string[] => (Array.isArray(value) ? value : [value]).filter((one): one is string => typeof one === "string" && !!one.trim()).map((one) => one.trim());
const one = (value: unknown): string => some(value)[0] ?? "";

export function filterFrom(query: LocationQuery | Record<string, unknown>): QueueFilter {
  const view = VIEWS.find((known) => known === one(query.view)) ?? "mine";
  const filter = { view, ...Object.fromEntries(LISTS.map((name) => [name, [...new Set(some(query[name]))]])) } as QueueFilter;
  for (const name of SINGLES) {
    const value = one(query[name]);
    if (value) filter[name] = value;
  }
  const sort = sortsOf(view).find((known) => known === one(query.sort));
  if (sort) filter.sort = sort;
  return filter;
}

/** The address after a change; what is empty or usual is left out, so that addresses stay short. */
export function queryWith(query: LocationQuery, change: Change): LocationQuery {
  const next: LocationQuery = { ...query };
  for (const [name, value] of Object.entries(change)) {
    if (value === undefined || value === "" || (Array.isArray(value) && !value.length) || (name === "view" && value === "mine")) delete next[name];
    else next[name] = Array.isArray(value) && value.length === 1 ? value[0]! : value;
  }
  return next;
}

/** What the server is asked, without what says nothing. */
export function asked(filter: QueueFilter): Record<string, string | string[]> {
  return Object.fromEntries(Object.entries(filter).filter(([, value]) => value !== undefined && value.length)) as Record<string, string | string[]>;
}
/** The same but for some fields. */
export const askedBut = (filter: QueueFilter, ...names: string[]) => Object.fromEntries(Object.entries(asked(filter)).filter(([name]) => !names.includes(name)));
/** The same as the query string of a tile's address. */
export function askedText(filter: QueueFilter): string {
  return new URLSearchParams(Object.entries(askedBut(filter, "sort")).flatMap(([name, value]) => (Array.isArray(value) ? value : [value]).map((v): [string, string] => [name, v]))).toString();
}

/** The change that takes every filter away. */
export const NOTHING: Change = Object.fromEntries([...LISTS, ...SINGLES].map((name) => [name, undefined]));
export const isNarrowed = (filter: QueueFilter): boolean => LISTS.some((name) => filter[name].length) || SINGLES.some((name) => filter[name]);
/** How many fields of the panel say something. */
export const narrowedBy = (filter: QueueFilter): number => [...LISTS, ...SINGLES].filter((name) => name !== "q" && name !== "place" && filter[name]?.length).length;

/** The day so many days ago, as the calendar here writes it. */
export function daysAgo(days: number, now = new Date()): string {
  const day = new Date(now.getFullYear(), now.getMonth(), now.getDate() - days);
  return `${day.getFullYear()}-${String(day.getMonth() + 1).padStart(2, "0")}-${String(day.getDate()).padStart(2, "0")}`;
}

/** Whether a changed case may have come into, or gone out of, or moved within what the filter lists. */
export function concerns(filter: QueueFilter, change: { place: string; state: string; before: string }): boolean {
  if (filter.place && !change.place.startsWith(filter.place)) return false;
  return !filter.state.length || filter.state.includes(change.state) || filter.state.includes(change.before);
}
