/** One name per grid: tiles cut a grid into pieces, and each piece would be named. Pure. */
export interface Piece { properties: Record<string, unknown>; geometry: { type: string; coordinates?: unknown } }
type Ring = [number, number][];

/** Twice the signed area of a ring, and its centroid. */
function measure(ring: Ring): { area: number; at: [number, number] } {
  const [ox, oy] = ring[0] ?? [0, 0];
  let area = 0, x = 0, y = 0;
  for (let i = 0; i + 1 < ring.length; i++) {
    const [ax, ay] = [ring[i]![0] - ox, ring[i]![1] - oy], [bx, by] = [ring[i + 1]![0] - ox, ring[i + 1]![1] - oy];
    const cross = ax * by - bx * ay;
    area += cross;
    x += (ax + bx) * cross;
    y += (ay + by) * cross;
  }
  return area ? { area: Math.abs(area), at: [ox + x / (3 * area), oy + y / (3 * area)] } : { area: 0, at: [ox, oy] };
}

/** A point feature with the name, in the middle of each grid's largest piece. */
export function gridLabels(pieces: readonly Piece[]) {
  const best = new Map<string, { area: number; at: [number, number]; name: string }>();
  for (const { properties, geometry } of pieces) {
    const polygons = (geometry.type === "Polygon" ? [geometry.coordinates] : geometry.type === "MultiPolygon" ? geometry.coordinates : []) as Ring[][];
    for (const [outer] of polygons) {
      const found = outer && { ...measure(outer), name: String(properties.name ?? "") };
      const code = String(properties.code);
      if (found && found.area > (best.get(code)?.area ?? 0)) best.set(code, found);
    }
  }
  return [...best].map(([code, { at, name }]) => ({ type: "Feature" as const, geometry: { type: "Point" as const, coordinates: at }, properties: { code, name } }));
}
