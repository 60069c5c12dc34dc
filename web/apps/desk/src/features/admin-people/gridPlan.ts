/** A plan of grids as a GeoJSON file says it. Pure. */
export interface PlannedGrid { code: string; name: string; kind: string; geometry: { type: string; coordinates: unknown[] }; parent: string | null; predecessors: string[] }

const text = (value: unknown) => (typeof value === "string" || typeof value === "number" ? String(value).trim() : "");

/** The grids of a feature collection; null where the text is none. The server says what is wrong with them. */
export function readPlan(content: string): PlannedGrid[] | null {
  let read: unknown;
  try { read = JSON.parse(content); } catch { return null; }
  const features = (read as { type?: unknown; features?: unknown } | null)?.features;
  if (!Array.isArray(features) || !features.length) return null;
  const grids = features.map((one: { properties?: Record<string, unknown>; geometry?: { type?: unknown; coordinates?: unknown } }): PlannedGrid | null => {
    const said = one?.properties ?? {}, shape = one?.geometry;
    if (!shape || !Array.isArray(shape.coordinates)) return null;
    const before = said.predecessors;
    return {
      code: text(said.code), name: text(said.name) || text(said.code), kind: text(said.kind) || "basic", parent: text(said.parent) || null,
      predecessors: Array.isArray(before) ? before.map(text) : text(before).split(/\s+/).filter(Boolean),
      geometry: { type: text(shape.type), coordinates: shape.coordinates.map((ring) => ring) },
    };
  });
  return grids.every(Boolean) ? (grids as PlannedGrid[]) : null;
}

/** The grids that findings are about, by their codes of 15 digits. Pure. */
export const gridsIn = (words: string): string[] => [...new Set(words.match(/(?<!\d)\d{15}(?!\d)/g) ?? [])];

interface Ending { id: number; sole: boolean; successors: string[] }
/** Who goes on by itself: those whose grid has one heir, but not two who would be alone in the same one. Pure. */
export function goingOn(postings: readonly Ending[]): number[] {
  const heir = (one: Ending) => (one.successors.length === 1 ? one.successors[0]! : "");
  return postings.filter((one) => heir(one) && !(one.sole && postings.some((other) => other.id !== one.id && other.sole && heir(other) === heir(one)))).map((one) => one.id);
}
