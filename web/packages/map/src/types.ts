export interface LonLat { lon: number; lat: number }
export interface MapPoint extends LonLat { id: string; number: string; light: string }
export interface MapView extends LonLat { zoom: number }
/** How the cases of a filter are drawn: each as its light, gathered with their number, or as a surface of how dense they lie. */
export type CaseStyle = "lights" | "clusters" | "heat";
export type Corner = [lon: number, lat: number];
/** A grid with those posted there, as `GET /posts` answers it; `lon` and `lat` are the grid's label point, nobody's position. */
export interface MapPost extends LonLat { code: string; name: string; workers: { name: string }[] }
/** A plan of grids: what each of them is to the present ones. `chosen`: the code of the one that is looked at. */
export interface MapPlan { grids: readonly { code: string; name: string; state: "new" | "kept" | "wrong"; geometry: { type: string; coordinates: unknown[] } }[]; chosen: string }
