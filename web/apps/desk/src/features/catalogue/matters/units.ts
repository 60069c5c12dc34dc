/** What a limit is counted in. */
export type Unit = "urgent_hour" | "work_hour" | "work_day" | "natural_day";
export const UNITS: Unit[] = ["urgent_hour", "work_hour", "work_day", "natural_day"];
