/** A drawn shape in the address: "lon,lat;lon,lat;…". Pure. */
import type { Corner } from "@jingwei/map";

export const withinOf = (corners: readonly Corner[]): string => corners.map(([lon, lat]) => `${lon.toFixed(5)},${lat.toFixed(5)}`).join(";");
export function cornersOf(within: string | undefined): Corner[] | null {
  const corners = (within ?? "").split(";").map((pair) => pair.split(",").map(Number)).filter((pair) => pair.length === 2 && pair.every(Number.isFinite));
  return corners.length >= 3 ? (corners as unknown as Corner[]) : null;
}
