/** A plan of grids over the present ones: what is there in grey, what comes in colour, what is wrong marked. */
import type { ExpressionSpecification, LayerSpecification, Map as GlMap, MapMouseEvent } from "maplibre-gl";
import { onBeforeUnmount, watch } from "vue";
import { FONT } from "./fonts";
import { gridLabels } from "./gridLabels";
import type { Palette } from "./palette";
import type { Corner, MapPlan } from "./types";

const SOURCES = ["plan", "plan-labels"];
const LAYERS = ["plan-before", "plan-fill", "plan-before-line", "plan-line", "plan-chosen", "plan-names"];
/** Names of roads and houses stay readable over the plan. */
const UNDER = "road-names";

function layers(p: Palette, community: string): LayerSpecification[] {
  const colour: ExpressionSpecification = ["match", ["get", "state"], "wrong", p.lights.red, "new", p.blue, p.grid];
  const before = { source: "grids", "source-layer": "grids", filter: ["==", ["slice", ["get", "code"], 0, 12], community] as ExpressionSpecification };
  return [
    { id: "plan-before", type: "fill", ...before, paint: { "fill-color": p.cluster, "fill-opacity": 0.3 } },
    { id: "plan-fill", type: "fill", source: "plan", paint: { "fill-color": colour, "fill-opacity": ["match", ["get", "state"], "kept", 0.1, 0.3] } },
    { id: "plan-before-line", type: "line", ...before, paint: { "line-color": p.cluster, "line-width": 2, "line-dasharray": [3, 2] } },
    { id: "plan-line", type: "line", source: "plan", paint: { "line-color": colour, "line-width": ["match", ["get", "state"], "wrong", 2.6, 1.6] } },
    { id: "plan-chosen", type: "line", source: "plan", filter: ["==", ["get", "code"], ""], paint: { "line-color": p.text, "line-width": 4 } },
    { id: "plan-names", type: "symbol", source: "plan-labels", layout: { "text-field": ["get", "name"], "text-font": FONT, "text-size": 12, "text-padding": 2 }, paint: { "text-color": p.text, "text-halo-color": p.halo, "text-halo-width": 1.6 } },
  ];
}

/** West, south, east, north of what a geometry's coordinates hold, however deep they lie; null where there is none. Pure. */
export function boundsOf(coordinates: readonly unknown[]): [number, number, number, number] | null {
  const box: [number, number, number, number] = [Infinity, Infinity, -Infinity, -Infinity];
  const take = (part: unknown): void => {
    if (!Array.isArray(part)) return;
    const [lon, lat] = part as unknown[];
    if (typeof lon === "number" && typeof lat === "number") { box[0] = Math.min(box[0], lon); box[1] = Math.min(box[1], lat); box[2] = Math.max(box[2], lon); box[3] = Math.max(box[3], lat); }
    else part.forEach(take);
  };
  take(coordinates);
  return box[0] <= box[2] ? box : null;
}

export function usePlan(map: () => GlMap | undefined, palette: () => Palette, props: { readonly plan?: MapPlan | null }, chosen: (code: string) => void) {
  let fitted = "";
  const click = (event: MapMouseEvent) => {
    const code = map()?.queryRenderedFeatures(event.point, { layers: ["plan-fill"] })[0]?.properties.code as string | undefined;
    if (code) chosen(code);
  };
  /** The plan from the beginning: another one, or the map was drawn anew. */
  function change() {
    const gl = map();
    if (!gl) return;
    gl.off("click", click);
    for (const id of LAYERS) if (gl.getLayer(id)) gl.removeLayer(id);
    for (const id of SOURCES) if (gl.getSource(id)) gl.removeSource(id);
    if (gl.getLayer("grid-names")) gl.setLayoutProperty("grid-names", "visibility", props.plan ? "none" : "visible");
    if (!props.plan) return;
    const features = props.plan.grids.map(({ code, name, state, geometry }) => ({ type: "Feature" as const, properties: { code, name, state }, geometry: geometry as never }));
    gl.addSource("plan", { type: "geojson", data: { type: "FeatureCollection", features } });
    gl.addSource("plan-labels", { type: "geojson", data: { type: "FeatureCollection", features: gridLabels(features) } });
    for (const layer of layers(palette(), props.plan.grids[0]?.code.slice(0, 12) ?? "")) gl.addLayer(layer, layer.type === "symbol" ? undefined : UNDER);
    gl.on("click", click);
    mark();
    const box = boundsOf(props.plan.grids.map((one) => one.geometry.coordinates)), key = String(box);
    if (box && key !== fitted) { fitted = key; gl.fitBounds(box, { padding: 40, maxZoom: 17, animate: false }); }
  }
  /** The chosen grid with a heavy line, in sight. */
  function mark() {
    const gl = map(), code = props.plan?.chosen ?? "";
    if (!gl?.getLayer("plan-chosen")) return;
    gl.setFilter("plan-chosen", ["==", ["get", "code"], code]);
    const one = props.plan?.grids.find((each) => each.code === code);
    const box = one && boundsOf(one.geometry.coordinates);
    const middle: Corner | null = box ? [(box[0] + box[2]) / 2, (box[1] + box[3]) / 2] : null;
    if (middle && !gl.getBounds().contains(middle)) gl.easeTo({ center: middle, duration: 300 });
  }
  watch(() => props.plan?.grids, change);
  watch(() => props.plan?.chosen, mark);
  onBeforeUnmount(() => map()?.off("click", click));
  return { change };
}
