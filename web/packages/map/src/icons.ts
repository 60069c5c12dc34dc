/** Marks drawn on a canvas: the same shapes as the lights in lists, and the pin. */
import type { Map as GlMap } from "maplibre-gl";
import { clusterOf, clusterSize, paintCluster } from "./clusters";
import type { Palette } from "./palette";

const RATIO = 2;
/** How long a name takes to come, in milliseconds. With 0 MapLibre places every name on the map anew in each frame, all at once. */
export const FADE = 150;

function draw(size: number, paint: (c: CanvasRenderingContext2D) => void): ImageData {
  const canvas = document.createElement("canvas");
  canvas.width = canvas.height = size * RATIO;
  const context = canvas.getContext("2d", { willReadFrequently: true })!;
  context.scale(RATIO, RATIO);
  paint(context);
  return context.getImageData(0, 0, canvas.width, canvas.height);
}

function shape(path: (c: CanvasRenderingContext2D) => void, colour: string, halo: string, hollow = false): ImageData {
  return draw(20, (c) => {
    c.lineJoin = "round";
    c.beginPath();
    path(c);
    c.strokeStyle = halo;
    c.lineWidth = 4;
    c.stroke();
    c.fillStyle = hollow ? halo : colour;
    c.fill();
    if (hollow) { c.strokeStyle = colour; c.lineWidth = 2; c.stroke(); }
  });
}

const polygon = (...points: [number, number][]) => (c: CanvasRenderingContext2D) => { points.forEach(([x, y], i) => (i ? c.lineTo(x, y) : c.moveTo(x, y))); c.closePath(); };
const circle = (r: number) => (c: CanvasRenderingContext2D) => c.arc(10, 10, r, 0, 2 * Math.PI);

export function addIcons(map: GlMap, p: Palette): void {
  const images: Record<string, ImageData> = {
    "light-green": shape(circle(5.5), p.lights.green, p.halo),
    "light-amber": shape(polygon([10, 3], [17, 10], [10, 17], [3, 10]), p.lights.amber, p.halo),
    "light-red": shape(polygon([10, 3], [17.5, 16], [2.5, 16]), p.lights.red, p.halo),
    "light-paused": shape((c) => { c.rect(4.5, 4.5, 4, 11); c.rect(11.5, 4.5, 4, 11); }, p.lights.paused, p.halo),
    "light-none": shape(circle(4.5), p.lights.none, p.halo, true),
    pin: draw(36, (c) => {
      c.beginPath();
      c.arc(18, 14, 10, Math.PI * 0.85, Math.PI * 0.15);
      c.lineTo(18, 35);
      c.closePath();
      c.strokeStyle = p.halo;
      c.lineWidth = 3;
      c.stroke();
      c.fillStyle = p.blue;
      c.fill();
      c.beginPath();
      c.arc(18, 14, 4, 0, 2 * Math.PI);
      c.fillStyle = p.halo;
      c.fill();
    }),
  };
  for (const [name, image] of Object.entries(images)) if (!map.hasImage(name)) map.addImage(name, image, { pixelRatio: RATIO });
}

/** Clusters are drawn as they are first needed: there are up to 455 of them, of which a map shows a few. */
export function drawMissing(map: GlMap, palette: () => Palette): void {
  map.setMissingStyleImageResolver((name) => {
    const cluster = clusterOf(name);
    if (cluster && !map.hasImage(name)) map.addImage(name, draw(clusterSize(cluster.radius), (c) => paintCluster(c, cluster, palette())), { pixelRatio: RATIO });
    return Promise.resolve();
  });
}
