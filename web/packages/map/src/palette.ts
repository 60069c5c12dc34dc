/** The map's colours for both themes. WebGL can't read CSS variables, so the few values are repeated here. */
export interface Palette {
  ground: string; water: string; green: string; paved: string; built: string; builtLine: string; road: string; roadMajor: string; roadLine: string; rail: string;
  text: string; halo: string; grid: string; community: string; blue: string; cluster: string;
  /** The floors of the building that is looked at, in turn. */
  floors: readonly [string, string];
  /** Few to many: viridis, in light turned round, so that much always stands out from the ground. */
  ramp: readonly string[];
  lights: Record<"green" | "amber" | "red" | "paused" | "none", string>;
}

export const LIGHT: Palette = {
  ground: "#f3f4f4", water: "#cfe0ec", green: "#e1ecdc", paved: "#ebebe8", built: "#dfe1e3", builtLine: "#c9cdd1", road: "#ffffff", roadMajor: "#fffdf2", roadLine: "#d0d3d6", rail: "#b9bdc4",
  text: "#3d4753", halo: "#ffffff", grid: "#6d7fa8", community: "#4a5f94", blue: "#1d5fbf", cluster: "#7a8594", floors: ["#b9d0f0", "#8fb3e3"],
  ramp: ["#d8e219", "#5ec962", "#21918c", "#3b528b", "#440154"],
  lights: { green: "#1a7a48", amber: "#b56a00", red: "#bd2626", paused: "#5d6876", none: "#5d6876" },
};
export const DARK: Palette = {
  ground: "#171c22", water: "#14293a", green: "#1b2a22", paved: "#1d232a", built: "#2a323c", builtLine: "#3a444f", road: "#343e49", roadMajor: "#424d5a", roadLine: "#12161b", rail: "#4d5763",
  text: "#c3ccd6", halo: "#12161b", grid: "#7488b8", community: "#93a6d6", blue: "#6ea8fe", cluster: "#7c8997", floors: ["#35506f", "#456891"],
  ramp: ["#46327e", "#365c8d", "#1fa187", "#8fd744", "#fde725"],
  lights: { green: "#52c48c", amber: "#f0b545", red: "#ff8078", paused: "#a3aebb", none: "#a3aebb" },
};
