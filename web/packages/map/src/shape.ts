/** Shapes that a person draws, as the doors take them: corners in WGS-84 degrees, the first not repeated. Pure. */
import type { Corner } from "./types";

export const MOST_CORNERS = 100;
const degrees = (value: number) => Math.round(value * 1e6) / 1e6; // a tenth of a metre

/** The corners of a closed ring, evenly thinned to at most a hundred; null where there is no area. */
export function cornersOf(ring: readonly (readonly number[])[]): Corner[] | null {
  const all = ring.map(([lon, lat]): Corner => [degrees(lon!), degrees(lat!)]);
  const corners = all.filter(([lon, lat], i) => !i || lon !== all[i - 1]![0] || lat !== all[i - 1]![1]);
  const [first, last] = [corners[0], corners.at(-1)];
  if (first && last && corners.length > 1 && first[0] === last[0] && first[1] === last[1]) corners.pop();
  if (corners.length < 3) return null;
  const step = Math.max(1, corners.length / MOST_CORNERS);
  return Array.from({ length: Math.min(corners.length, MOST_CORNERS) }, (_, i) => corners[Math.floor(i * step)]!);
}

/** The rectangle between two corners. */
export function rectangle(west: number, south: number, east: number, north: number): Corner[] {
  const clip = (value: number, most: number) => degrees(Math.max(-most, Math.min(most, value)));
  const [w, e, s, n] = [clip(west, 180), clip(east, 180), clip(south, 90), clip(north, 90)];
  return [[w, s], [e, s], [e, n], [w, n]];
}
