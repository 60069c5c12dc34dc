/** The base map's style: our own vector tiles, system fonts drawn in the browser, nothing from outside. */
import type { ExpressionSpecification, LayerSpecification, StyleSpecification } from "maplibre-gl";
import { FONT } from "./fonts";
import type { Palette } from "./palette";

const tiles = (set: string) => [`${location.origin}/api/v1/tiles/${set}/{z}/{x}/{y}.mvt`];
const wide = (at14: number, at18: number): ExpressionSpecification => ["interpolate", ["exponential", 1.6], ["zoom"], 14, at14, 18, at18];
const none = { type: "FeatureCollection", features: [] } as const;

function ground(p: Palette): LayerSpecification[] {
  const roadFilter = (kinds: string[]): ExpressionSpecification => ["in", ["get", "kind"], ["literal", kinds]];
  return [
    { id: "ground", type: "background", paint: { "background-color": p.ground } },
    { id: "land-paved", type: "fill", source: "base", "source-layer": "land", filter: roadFilter(["pedestrian", "parking", "commercial", "retail", "residential", "pier", "school", "hospital"]), paint: { "fill-color": p.paved } },
    { id: "land-green", type: "fill", source: "base", "source-layer": "land", filter: roadFilter(["grass", "park", "garden", "forest", "natural_wood", "wood", "recreation_ground", "pitch", "scrub"]), paint: { "fill-color": p.green } },
    { id: "land-water", type: "fill", source: "base", "source-layer": "land", filter: roadFilter(["water", "river", "basin", "dock"]), paint: { "fill-color": p.water } },
    { id: "road-tunnel", type: "line", source: "base", "source-layer": "roads", filter: roadFilter(["tunnel"]), paint: { "line-color": p.roadLine, "line-width": wide(1, 5), "line-dasharray": [3, 2], "line-opacity": 0.5 } },
    { id: "buildings", type: "fill", source: "base", "source-layer": "buildings", minzoom: 14, paint: { "fill-color": p.built, "fill-outline-color": p.builtLine } },
    { id: "road-path", type: "line", source: "base", "source-layer": "roads", minzoom: 15, filter: roadFilter(["path"]), paint: { "line-color": p.roadLine, "line-width": wide(0.6, 2), "line-dasharray": [2, 2] } },
    { id: "road-rail", type: "line", source: "base", "source-layer": "roads", filter: roadFilter(["rail", "ferry"]), paint: { "line-color": p.rail, "line-width": 1, "line-dasharray": [4, 2] } },
    { id: "road-minor-line", type: "line", source: "base", "source-layer": "roads", filter: roadFilter(["minor_road"]), layout: { "line-cap": "round", "line-join": "round" }, paint: { "line-color": p.roadLine, "line-width": wide(2, 13) } },
    { id: "road-major-line", type: "line", source: "base", "source-layer": "roads", filter: roadFilter(["major_road", "highway"]), layout: { "line-cap": "round", "line-join": "round" }, paint: { "line-color": p.roadLine, "line-width": wide(3.4, 21) } },
    { id: "road-minor", type: "line", source: "base", "source-layer": "roads", filter: roadFilter(["minor_road"]), layout: { "line-cap": "round", "line-join": "round" }, paint: { "line-color": p.road, "line-width": wide(1.2, 11) } },
    { id: "road-major", type: "line", source: "base", "source-layer": "roads", filter: roadFilter(["major_road", "highway"]), layout: { "line-cap": "round", "line-join": "round" }, paint: { "line-color": p.roadMajor, "line-width": wide(2.2, 18) } },
  ];
}

function grids(p: Palette): LayerSpecification[] {
  return [
    { id: "grid-chosen", type: "fill", source: "grids", "source-layer": "grids", filter: ["==", ["get", "code"], ""], paint: { "fill-color": p.blue, "fill-opacity": 0.12 } },
    { id: "grid-lines", type: "line", source: "grids", "source-layer": "grids", minzoom: 14, paint: { "line-color": p.grid, "line-width": 1, "line-dasharray": [4, 3], "line-opacity": 0.8 } },
    { id: "community-lines", type: "line", source: "grids", "source-layer": "communities", paint: { "line-color": p.community, "line-width": wide(1, 3), "line-opacity": 0.8 } },
    { id: "grid-chosen-line", type: "line", source: "grids", "source-layer": "grids", filter: ["==", ["get", "code"], ""], paint: { "line-color": p.blue, "line-width": 2.2 } },
  ];
}

function words(p: Palette, english: boolean): LayerSpecification[] {
  const name: ExpressionSpecification = english ? ["coalesce", ["get", "name_en"], ["get", "name"]] : ["get", "name"];
  const paint = { "text-color": p.text, "text-halo-color": p.halo, "text-halo-width": 1.4 };
  return [
    { id: "road-names", type: "symbol", source: "base", "source-layer": "roads", minzoom: 14, filter: ["in", ["get", "kind"], ["literal", ["major_road", "minor_road", "highway"]]], layout: { "symbol-placement": "line", "symbol-spacing": 320, "text-field": name, "text-font": FONT, "text-size": 12, "text-padding": 8 }, paint },
    { id: "building-names", type: "symbol", source: "base", "source-layer": "buildings", minzoom: 16, filter: ["has", "name"], layout: { "text-field": name, "text-font": FONT, "text-size": 11, "text-max-width": 7, "text-padding": 6 }, paint },
    { id: "house-numbers", type: "symbol", source: "base", "source-layer": "buildings", minzoom: 17.2, filter: ["all", ["has", "number"], ["!", ["has", "name"]]], layout: { "text-field": ["get", "number"], "text-font": FONT, "text-size": 11 }, paint },
    { id: "landmark-names", type: "symbol", source: "base", "source-layer": "landmarks", minzoom: 16, filter: ["in", ["get", "kind"], ["literal", ["attraction", "monument", "museum", "park", "school", "hospital", "police", "government", "station", "subway_entrance", "ferry_terminal", "post_office", "library", "place_of_worship"]]], layout: { "text-field": name, "text-font": FONT, "text-size": 11, "text-max-width": 7, "text-padding": 10 }, paint },
    { id: "post-names", type: "symbol", source: "posts", minzoom: 13, layout: { "text-field": ["format", ["get", "name"], { "font-scale": 0.9, "text-color": p.community }, "\n", {}, ["get", "workers"], {}], "text-font": FONT, "text-size": 12, "text-padding": 4, "text-line-height": 1.25, "text-max-width": 9 }, paint: { ...paint, "text-halo-width": 2 } },
    { id: "grid-names", type: "symbol", source: "grid-labels", minzoom: 15, layout: { "text-field": ["get", "name"], "text-font": FONT, "text-size": 11, "text-padding": 16 }, paint: { ...paint, "text-color": p.community } },
  ];
}

function cases(p: Palette): LayerSpecification[] {
  const order: ExpressionSpecification = ["match", ["get", "light"], "red", 0, "amber", 1, "green", 2, 3];
  const light = { "icon-image": ["concat", "light-", ["get", "light"]] as ExpressionSpecification, "icon-allow-overlap": true, "icon-ignore-placement": true };
  return [
    { id: "cases-all", type: "circle", source: "cases", "source-layer": "cases", paint: { "circle-radius": 3, "circle-color": p.lights.none, "circle-opacity": 0.55, "circle-stroke-width": 1, "circle-stroke-color": p.halo } },
    { id: "cases", type: "symbol", source: "points", layout: { ...light, "symbol-sort-key": ["*", -1, order] } },
    { id: "case-ring", type: "circle", source: "focus", paint: { "circle-radius": ["match", ["get", "role"], "selected", 15, 12], "circle-color": p.blue, "circle-opacity": ["match", ["get", "role"], "selected", 0.22, 0.14], "circle-stroke-color": p.blue, "circle-stroke-width": ["match", ["get", "role"], "selected", 2.5, 1.5] } },
    { id: "case-focus", type: "symbol", source: "focus", layout: light },
    { id: "pin", type: "symbol", source: "pin", layout: { "icon-image": "pin", "icon-anchor": "bottom", "icon-allow-overlap": true, "icon-ignore-placement": true } },
  ];
}

const shape = (p: Palette): LayerSpecification[] => [
  { id: "shape", type: "fill", source: "shape", paint: { "fill-color": p.blue, "fill-opacity": 0.08 } },
  { id: "shape-line", type: "line", source: "shape", paint: { "line-color": p.blue, "line-width": 2, "line-dasharray": [3, 2] } },
];

/** The layer under which those of a filter's cases stand: the ring around what is chosen lies over them. */
export const UNDER = "case-ring";

/** The whole style but for a filter's cases, which come and go by themselves (useCaseTiles). */
export function buildStyle(p: Palette, options: { allCases: boolean; english: boolean }): StyleSpecification {
  const vector = (set: string, minzoom: number, maxzoom: number) => ({ type: "vector" as const, tiles: tiles(set), minzoom, maxzoom });
  const empty = () => ({ type: "geojson" as const, data: none as never });
  return {
    version: 8,
    sources: {
      base: vector("base", 10, 16),
      grids: vector("grids", 10, 16),
      ...(options.allCases ? { cases: vector("cases", 10, 16) } : {}),
      points: empty(), focus: empty(), "grid-labels": empty(), pin: empty(), shape: empty(), posts: empty(),
    },
    layers: [...ground(p), ...grids(p), ...shape(p), ...words(p, options.english), ...cases(p).filter((layer) => options.allCases || layer.id !== "cases-all")],
  };
}
