/** The clock's lights: always a shape and a word beside the colour. */
export type LightCode = "green" | "amber" | "red" | "paused" | "none";
export const LIGHTS: readonly LightCode[] = ["red", "amber", "green", "paused", "none"];
