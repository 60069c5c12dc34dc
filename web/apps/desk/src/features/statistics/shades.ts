/** Colours of a choropleth: five classes of a scale that the colour-blind tell apart, light and dark alike. */
export const SHADES = ["#fde725", "#5ec962", "#21918c", "#3b528b", "#440154"] as const;

/** The upper ends of at most five classes with about as many areas in each; equal values are never in two. */
export function classes(values: readonly number[]): number[] {
  const sorted = [...values].sort((a, b) => a - b);
  const ends = SHADES.map((_, i) => sorted[Math.ceil(((i + 1) * sorted.length) / SHADES.length) - 1]).filter((end) => end !== undefined);
  return [...new Set(ends)];
}

/** The class that a value falls in. */
export const classOf = (value: number, ends: readonly number[]): number => Math.max(0, ends.findIndex((end) => value <= end));

/** The shade of a class: the first and the last of the scale are always used. */
export const shade = (at: number, many: number): string => SHADES[many < 2 ? 2 : Math.round((at * (SHADES.length - 1)) / (many - 1))]!;
