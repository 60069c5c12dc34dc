/** The cases of a filter on the map: sources and layers for each way to draw them. Pure. */
import type { ExpressionSpecification, LayerSpecification, SourceSpecification } from "maplibre-gl";
import { clusterName, STEPS } from "./clusters";
import { FONT } from "./fonts";
import { RADIUS } from "./heat";
import type { Palette } from "./palette";
import type { CaseStyle } from "./types";

/** From this zoom on each case stands for itself. */
export const SINGLE_FROM: Record<CaseStyle, number> = { lights: 9, clusters: 15, heat: 16 };
/** Each way in a tile: a cell of a cluster is 64 pixels wide, one of the heat 8. */
const CELLS = { clusters: 8, heat: 64 } as const;
const GATHERED_FROM = 6;

export interface CaseParts { sources: Record<string, SourceSpecification>; layers: LayerSpecification[] }
export const CASE_SOURCES = ["case-lights", "case-cells"] as const;
export const CASE_LAYERS = ["case-heat", "case-lights", "case-clusters", "case-lone"] as const;

/** Where the tiles of a filter lie; `query` as in the address of the list. */
export function caseTiles(query: string, cells?: number): string[] {
  const asked = new URLSearchParams(query);
  if (cells) for (const [key, value] of [["gathered", "true"], ["cells", String(cells)]] as const) asked.set(key, value);
  const tail = asked.toString();
  return [`${location.origin}/api/v1/tiles/cases/{z}/{x}/{y}.mvt${tail && `?${tail}`}`];
}

/** The tiles of each source of a style, so that a changed filter needs no new layers. */
export const tilesOf = (style: CaseStyle, query: string): Record<string, string[]> => ({
  "case-lights": caseTiles(query), ...(style === "lights" ? {} : { "case-cells": caseTiles(query, CELLS[style]) }),
});

const urgency: ExpressionSpecification = ["match", ["get", "light"], "red", 0, "amber", 1, "green", 2, 3];
const iconOf: ExpressionSpecification = ["concat", "light-", ["get", "light"]];
const still = { "icon-allow-overlap": true, "icon-ignore-placement": true } as const;

function lights(style: CaseStyle, size: number): LayerSpecification {
  return { id: "case-lights", type: "symbol", source: "case-lights", "source-layer": "cases", minzoom: SINGLE_FROM[style], layout: { "icon-image": iconOf, "icon-size": 0.85 * size, ...still, "symbol-sort-key": ["*", -1, urgency] } };
}

function clusters(p: Palette): LayerSpecification[] {
  const shared = { source: "case-cells", "source-layer": "clusters", maxzoom: SINGLE_FROM.clusters } as const;
  const twelfths = (of: string): ExpressionSpecification => ["ceil", ["/", ["*", 12, ["get", of]], ["get", "n"]]];
  const red = twelfths("red");
  const steps = STEPS.slice(1).flatMap((step, i) => [step.from, i + 1]);
  // The worst light among them in a shape and a number, below how many they are: a ring's colours alone would not be told apart by all.
  const worst: ExpressionSpecification = ["case", [">", ["get", "red"], 0], ["concat", "\n▲", ["to-string", ["get", "red"]]], [">", ["get", "amber"], 0], ["concat", "\n◆", ["to-string", ["get", "amber"]]], ""];
  return [
    { id: "case-lone", type: "symbol", ...shared, filter: ["==", ["get", "n"], 1], layout: { "icon-image": iconOf, ...still } },
    {
      id: "case-clusters", type: "symbol", ...shared, filter: [">", ["get", "n"], 1],
      layout: {
        "icon-image": clusterName(["to-string", ["step", ["get", "n"], 0, ...steps] as ExpressionSpecification], ["to-string", red], ["to-string", ["min", ["-", 12, red], twelfths("amber")]]) as ExpressionSpecification,
        ...still, "symbol-sort-key": ["get", "n"], "text-allow-overlap": true, "text-ignore-placement": true, "text-font": FONT, "text-size": ["step", ["get", "n"], 11, 10, 12, 200, 13, 1000, 14], "text-line-height": 1,
        "text-field": ["format", ["to-string", ["get", "n"]], {}, worst, { "font-scale": 0.8, "text-color": ["case", [">", ["get", "red"], 0], p.lights.red, p.lights.amber] }],
      },
      paint: { "text-color": p.text },
    },
  ];
}

function heat(p: Palette): LayerSpecification {
  const colours = p.ramp.flatMap((colour, i) => [(i + 0.5) / p.ramp.length, colour]);
  return {
    id: "case-heat", type: "heatmap", source: "case-cells", "source-layer": "clusters", maxzoom: SINGLE_FROM.heat,
    paint: { "heatmap-radius": RADIUS, "heatmap-weight": ["get", "n"], "heatmap-intensity": 0.5, "heatmap-opacity": 0.78, "heatmap-color": ["interpolate", ["linear"], ["heatmap-density"], 0.03, `${p.ramp[0]!}00`, ...colours] as ExpressionSpecification },
  };
}

/** What a filter's cases need in the style; `size` times as large lights where they are seen from afar. */
export function caseParts(p: Palette, style: CaseStyle, query: string, size = 1): CaseParts {
  const tiles = tilesOf(style, query);
  const source = (id: string, minzoom: number, maxzoom: number) => ({ [id]: { type: "vector" as const, tiles: tiles[id]!, minzoom, maxzoom } });
  return {
    sources: { ...source("case-lights", SINGLE_FROM[style], 16), ...(style === "lights" ? {} : source("case-cells", GATHERED_FROM, SINGLE_FROM[style] - 1)) },
    layers: [...(style === "heat" ? [heat(p)] : []), lights(style, size), ...(style === "clusters" ? clusters(p) : [])],
  };
}
