/** The register's map: which layers a person can switch, and what each of them is in the style. Pure. */
import type { ExpressionSpecification, LayerSpecification, SourceSpecification } from "maplibre-gl";
import { caseParts } from "./caseLayers";
import { FONT } from "./fonts";
import type { Palette } from "./palette";

/** In the order of the list; "solid" draws the buildings by their heights. */
export const GROUND_LAYERS = ["buildings", "solid", "grids", "divisions", "components", "cases", "landmarks"] as const;
export type GroundLayer = (typeof GROUND_LAYERS)[number];
export const FIRST_LAYERS: readonly GroundLayer[] = ["buildings", "solid", "grids", "divisions", "landmarks"];
/** A building whose height isn't known is drawn as high as two floors. */
export const UNKNOWN_HEIGHT = 6;
export const ALONE_FROM = 16;
/** From where names of grids are drawn. */
export const GRIDS_NAMED_FROM = 15;
const FLOOR = 3.3;

/** The chosen building lies down: its floors stand in its place. */
const height: ExpressionSpecification = ["case", ["boolean", ["feature-state", "chosen"], false], 0, ["coalesce", ["get", "height"], UNKNOWN_HEIGHT]];
/** Layers of the base style that a switch shows or hides. */
const OWN: Partial<Record<GroundLayer, readonly string[]>> = {
  buildings: ["building-names", "house-numbers"], grids: ["grid-lines", "grid-names"], divisions: ["community-lines"], landmarks: ["landmark-names"],
};
const MADE: Partial<Record<GroundLayer, readonly string[]>> = {
  solid: ["buildings-solid"], components: ["component-cells", "component-points", "component-names"], cases: ["case-lights", "case-clusters", "case-lone"],
};

/** What each layer of the style is to be: shown or hidden. Flat buildings lie under the solid ones and take their clicks where these are off. */
export function visibility(shown: ReadonlySet<string>): Record<string, boolean> {
  const all: Record<string, boolean> = { buildings: shown.has("buildings") && !shown.has("solid"), "buildings-solid": shown.has("buildings") && shown.has("solid") };
  for (const [key, ids] of [...Object.entries(OWN), ...Object.entries(MADE)]) for (const id of ids ?? []) if (!(id in all)) all[id] = shown.has(key);
  return all;
}

export function groundSources(): Record<string, SourceSpecification> {
  return {
    // Below zoom 16 a tile carries cells with how many stand in each; from there on, each component for itself.
    components: { type: "vector", tiles: [`${location.origin}/api/v1/tiles/components/{z}/{x}/{y}.mvt`], minzoom: 8, maxzoom: ALONE_FROM },
    chosen: { type: "geojson", data: { type: "FeatureCollection", features: [] } },
  };
}

export function groundLayers(p: Palette): LayerSpecification[] {
  const faulty: ExpressionSpecification = ["case", ["==", ["get", "state"], "intact"], p.blue, ["match", ["get", "state"], ["damaged", "missing"], p.lights.red, p.lights.none]];
  const floors: ExpressionSpecification = ["case", ["==", ["get", "part"], "on"], p.blue, ["get", "even"], p.floors[0], p.floors[1]];
  const stack: { "fill-extrusion-base": ExpressionSpecification; "fill-extrusion-height": ExpressionSpecification } = { "fill-extrusion-base": ["get", "base"], "fill-extrusion-height": ["get", "top"] };
  return [
    { id: "buildings-solid", type: "fill-extrusion", source: "base", "source-layer": "buildings", minzoom: 14, paint: { "fill-extrusion-color": ["case", ["boolean", ["feature-state", "over"], false], p.ramp[1]!, p.built], "fill-extrusion-height": height } }, // seen through, each would be drawn twice
    { id: "chosen-solid", type: "fill-extrusion", source: "chosen", filter: ["!=", ["get", "part"], "above"], paint: { "fill-extrusion-color": floors, ...stack } },
    { id: "chosen-above", type: "fill-extrusion", source: "chosen", filter: ["==", ["get", "part"], "above"], paint: { "fill-extrusion-color": floors, ...stack, "fill-extrusion-opacity": 0.25 } },
    { id: "component-cells", type: "circle", source: "components", "source-layer": "clusters", maxzoom: ALONE_FROM, paint: { "circle-color": p.blue, "circle-opacity": 0.55, "circle-radius": ["interpolate", ["linear"], ["log10", ["max", ["get", "n"], 1]], 0, 2.5, 3, 10], "circle-stroke-width": ["case", [">", ["get", "faulty"], 0], 1.5, 0], "circle-stroke-color": p.lights.red } },
    { id: "component-points", type: "circle", source: "components", "source-layer": "components", minzoom: ALONE_FROM, paint: { "circle-color": faulty, "circle-radius": ["interpolate", ["linear"], ["zoom"], 16, 3, 19, 6], "circle-stroke-width": 1, "circle-stroke-color": p.halo } },
    { id: "component-names", type: "symbol", source: "components", "source-layer": "components", minzoom: 18, layout: { "text-field": ["get", "name"], "text-font": FONT, "text-size": 11, "text-offset": [0, 1], "text-anchor": "top", "text-padding": 2, "text-optional": true }, paint: { "text-color": p.text, "text-halo-color": p.halo, "text-halo-width": 1.4 } },
  ];
}
/** Open cases, gathered where they are many. */
export const groundCases = (p: Palette) => caseParts(p, "clusters", "view=open");

/** "121.48760,31.23600,17,45,-20" and back: longitude, latitude, zoom, and where the map is tilted or turned, pitch and bearing. */
export interface GroundView { lon: number; lat: number; zoom: number; pitch: number; bearing: number }
export const sayView = (v: GroundView): string => [v.lon.toFixed(5), v.lat.toFixed(5), Number(v.zoom.toFixed(2)), ...(v.pitch || v.bearing ? [Math.round(v.pitch), Math.round(v.bearing)] : [])].join(",");
export function readView(text: string): GroundView | null {
  const n = text.split(",").map(Number);
  if (n.length < 3 || n.length > 5 || n.some((one) => !Number.isFinite(one))) return null;
  const [lon, lat, zoom, pitch = 0, bearing = 0] = n as [number, number, number, number?, number?];
  return Math.abs(lon) <= 180 && Math.abs(lat) <= 85 && zoom >= 0 && zoom <= 22 && pitch >= 0 && pitch <= 75 ? { lon, lat, zoom, pitch, bearing } : null;
}
export const readLayers = (text: string | null): Set<GroundLayer> => (text === null ? new Set(FIRST_LAYERS) : new Set(GROUND_LAYERS.filter((key) => text.split(",").includes(key))));

/** One floor of a building, in metres above the ground; of a building whose floors aren't known there is one for the whole, without a number. */
export interface Slab { floor: number | null; base: number; top: number; even: boolean; part: "plain" | "on" | "above" }
/** The floors above the ground, one over the other: up to the one that is looked at they stand, what lies above it is only hinted at. Of one below the ground nothing is seen. */
export function slabs(height: number | null, floors: number | null, floor: number | null): Slab[] {
  const count = Math.min(Math.max(floors ?? 0, floor ?? 0), 200);
  if (!count) return [{ floor: null, base: 0, top: height ?? UNKNOWN_HEIGHT, even: true, part: floor === null ? "plain" : "above" }];
  const each = height ? height / count : FLOOR;
  return Array.from({ length: count }, (_, n) => ({
    floor: n + 1, base: n * each, top: (n + 1) * each, even: n % 2 === 1, part: floor === null || n + 1 < floor ? "plain" as const : n + 1 === floor ? "on" as const : "above" as const,
  }));
}
