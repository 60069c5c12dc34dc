/** The shape in the address: `circle=lon,lat,metres`, or `within=lon,lat;lon,lat;…`. Pure. */
import type { Corner } from "@jingwei/map";

export type Shape = { circle: { lon: number; lat: number; metres: number } } | { corners: Corner[] };
export const METRES = [100, 200, 500, 1000, 2000, 3000] as const;
const numbers = (text: string) => text.split(",").map(Number);
const degrees = (value: number) => Math.round(value * 1e6) / 1e6;

export function shapeFrom(query: Record<string, unknown>): Shape | null {
  const { circle, within } = query;
  if (typeof circle === "string") {
    const [lon, lat, metres] = numbers(circle);
    return [lon, lat, metres].every(Number.isFinite) ? { circle: { lon: lon!, lat: lat!, metres: metres! } } : null;
  }
  if (typeof within !== "string") return null;
  const corners = within.split(";").map(numbers).filter((pair) => pair.length === 2 && pair.every(Number.isFinite)) as Corner[];
  return corners.length >= 3 ? { corners } : null;
}
export function queryOf(shape: Shape | null): { circle?: string; within?: string } {
  if (!shape) return { circle: undefined, within: undefined };
  if ("circle" in shape) return { circle: `${degrees(shape.circle.lon)},${degrees(shape.circle.lat)},${Math.round(shape.circle.metres)}`, within: undefined };
  return { circle: undefined, within: shape.corners.map(([lon, lat]) => `${degrees(lon)},${degrees(lat)}`).join(";") };
}
/** Its corners, for the map. */
export function ringOf(shape: Shape | null): Corner[] | null {
  if (!shape) return null;
  if ("corners" in shape) return shape.corners;
  const { lon, lat, metres } = shape.circle, north = metres / 111_195, east = north / Math.max(0.05, Math.cos((lat * Math.PI) / 180));
  return Array.from({ length: 64 }, (_, i): Corner => [lon + east * Math.cos((i * Math.PI) / 32), lat + north * Math.sin((i * Math.PI) / 32)]);
}
/** Where the map looks, and how near. */
export function viewOf(shape: Shape | null): { lon: number; lat: number; zoom: number } | null {
  const ring = ringOf(shape);
  if (!ring) return null;
  const lons = ring.map(([lon]) => lon), lats = ring.map(([, lat]) => lat), [w, e, s, n] = [Math.min(...lons), Math.max(...lons), Math.min(...lats), Math.max(...lats)];
  const wide = Math.max((e - w) * Math.cos((s * Math.PI) / 180), n - s, 0.0005);
  return { lon: (w + e) / 2, lat: (s + n) / 2, zoom: Math.min(18, Math.max(9, Math.log2(360 / wide) + 0.2)) };
}
