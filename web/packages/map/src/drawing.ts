/** Drawing with terra-draw. Loaded when somebody first draws. */
import type { Map as GlMap } from "maplibre-gl";
import { TerraDraw, TerraDrawCircleMode, TerraDrawPolygonMode } from "terra-draw";
import { TerraDrawMapLibreGLAdapter } from "terra-draw-maplibre-gl-adapter";
import { cornersOf } from "./shape";
import type { Corner } from "./types";

type Hex = `#${string}`;

/** Lets a person draw one shape; `done` hears its corners once. Answers how to stop. */
export function draw(map: GlMap, kind: "polygon" | "circle", blue: string, done: (corners: Corner[] | null) => void): () => void {
  const line = blue as Hex;
  const styles = { fillColor: line, fillOpacity: 0.12, outlineColor: line, outlineWidth: 2 };
  // Escape is the map's: it gives up the drawing, wherever the keyboard is.
  const keyEvents = { cancel: null, finish: "Enter" };
  const drawing = new TerraDraw({
    adapter: new TerraDrawMapLibreGLAdapter({ map, prefixId: "drawing" }),
    modes: [
      new TerraDrawPolygonMode({ keyEvents, pointerDistance: 16, styles: { ...styles, closingPointColor: line, closingPointWidth: 5, closingPointOutlineColor: "#ffffff", closingPointOutlineWidth: 2 } }),
      new TerraDrawCircleMode({ keyEvents, segments: 64, styles }),
    ],
  });
  let running = true;
  const stop = () => {
    if (!running) return;
    running = false;
    drawing.stop();
  };
  drawing.start();
  drawing.setMode(kind);
  drawing.on("finish", (id) => {
    const { geometry } = drawing.getSnapshotFeature(id)!;
    const corners = geometry.type === "Polygon" ? cornersOf(geometry.coordinates[0]!) : null;
    setTimeout(() => { stop(); done(corners); }); // terra-draw is still in the midst of its own click
  });
  return stop;
}
