/** The cases of a filter, as tiles: asked for, drawn, and drawn anew without the map blinking. */
import type { Map as GlMap, MapMouseEvent, VectorTileSource } from "maplibre-gl";
import { ref, watch } from "vue";
import { CASE_LAYERS, CASE_SOURCES, caseParts, SINGLE_FROM, tilesOf } from "./caseLayers";
import { densest, intensityFor, legendOf, scaleFor } from "./heat";
import type { Palette } from "./palette";
import { UNDER } from "./style";
import type { CaseStyle, Corner } from "./types";

export function useCaseTiles(map: () => GlMap | undefined, palette: () => Palette, props: { readonly caseQuery?: string; readonly caseStyle: CaseStyle; readonly icons: number }) {
  /** Cases a square kilometre for each colour of the heat. */
  const heat = ref<number[]>([]);
  let scale = 0;
  const there = (gl: GlMap) => CASE_LAYERS.filter((id) => gl.getLayer(id));

  /** Other layers in the place of those that are there; nothing else is drawn anew. */
  function change() {
    const gl = map();
    if (!gl) return;
    for (const id of there(gl)) gl.removeLayer(id);
    for (const id of CASE_SOURCES) if (gl.getSource(id)) gl.removeSource(id);
    scale = 0;
    if (props.caseQuery === undefined) return;
    const { sources, layers } = caseParts(palette(), props.caseStyle, props.caseQuery, props.icons);
    for (const [id, source] of Object.entries(sources)) gl.addSource(id, source);
    for (const layer of layers) gl.addLayer(layer, UNDER);
  }

  /** The same cases anew, for instance after one has changed; what is shown stays until the new tile is there. */
  function refresh() {
    const gl = map();
    for (const id of CASE_SOURCES) if (gl?.getSource(id)) gl.refreshTiles(id);
  }

  /** Sets the heat's scale by what is densest in sight, and its legend with it. */
  function measure() {
    const gl = map();
    if (!gl?.getLayer("case-heat") || gl.getZoom() >= SINGLE_FROM.heat) return;
    const seen = new Map<string, { x: number; y: number; n: number }>();
    for (const { geometry, properties } of gl.querySourceFeatures("case-cells", { sourceLayer: "clusters" })) {
      if (geometry.type !== "Point") continue;
      const { x, y } = gl.project(geometry.coordinates as Corner);
      seen.set(geometry.coordinates.join(), { x, y, n: Number(properties.n) });
    }
    const wanted = scaleFor(densest([...seen.values()]));
    if (wanted !== scale) gl.setPaintProperty("case-heat", "heatmap-intensity", intensityFor((scale = wanted)));
    heat.value = legendOf(scale, palette().ramp.length, gl.getZoom(), gl.getCenter().lat);
  }

  /** Into a cluster, as far as its cases stand apart. */
  function open(at: Corner, event: MapMouseEvent) {
    const gl = event.target;
    gl.easeTo({ center: at, zoom: Math.min(gl.getZoom() + 2, SINGLE_FROM.clusters + 0.5), duration: 300 }, { originalEvent: event.originalEvent });
  }

  watch(() => [props.caseStyle, props.caseQuery === undefined], change);
  watch(() => props.caseQuery, (query, before) => {
    const gl = map();
    if (!gl || query === undefined || before === undefined) return;
    for (const [id, tiles] of Object.entries(tilesOf(props.caseStyle, query))) gl.getSource<VectorTileSource>(id)?.setTiles(tiles);
  });
  const layers = () => { const gl = map(); return gl ? there(gl).filter((id) => id !== "case-heat") : []; };
  return { heat, change, refresh, measure, open, layers };
}
