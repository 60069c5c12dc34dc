export * from "./client";
export * from "./problem";
export type * from "./types";
