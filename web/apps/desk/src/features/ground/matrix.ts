/** The room matrix as a grid of columns (stairs) and rows (floors), and where the arrow keys lead in it. Pure. */
export interface Cell { id: string; unit: string; floor: number | null; number: string; state: string }
export interface Grid<C extends Cell> { units: string[]; rows: { floor: number | null; cells: C[][] }[] }

export function gridOf<C extends Cell>(matrix: { units: readonly string[]; floors: readonly (number | null)[]; rooms: readonly C[] }): Grid<C> {
  return {
    units: [...matrix.units],
    rows: matrix.floors.map((floor) => ({ floor, cells: matrix.units.map((unit) => matrix.rooms.filter((room) => room.floor === floor && room.unit === unit)) })),
  };
}
/** 5, B1; a room whose floor isn't known stands in a row of its own. */
export const floorName = (floor: number | null): string => (floor === null ? "–" : floor < 0 ? `B${-floor}` : String(floor));

/** The room that an arrow key leads to: left and right along the floor through all stairs, up and down to the room that stands at the same place. */
export function step<C extends Cell>(grid: Grid<C>, id: string, key: string): string | null {
  const flat = grid.rows.map((row) => row.cells.flat());
  const r = flat.findIndex((row) => row.some((cell) => cell.id === id));
  if (r < 0) return null;
  const c = flat[r]!.findIndex((cell) => cell.id === id);
  if (key === "ArrowLeft") return flat[r]![c - 1]?.id ?? null;
  if (key === "ArrowRight") return flat[r]![c + 1]?.id ?? null;
  if (key === "Home") return flat[r]![0]?.id ?? null;
  if (key === "End") return flat[r]!.at(-1)?.id ?? null;
  const by = key === "ArrowUp" ? -1 : key === "ArrowDown" ? 1 : 0;
  for (let n = r + by; by && n >= 0 && n < flat.length; n += by) if (flat[n]!.length) return flat[n]![Math.min(c, flat[n]!.length - 1)]!.id;
  return null;
}
