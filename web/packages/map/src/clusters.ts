/** How a cluster looks: a disc in one of five sizes, its ring in twelfths red and amber. */
import type { Palette } from "./palette";

export const STEPS = [{ from: 2, radius: 15 }, { from: 10, radius: 18 }, { from: 50, radius: 21 }, { from: 200, radius: 25 }, { from: 1000, radius: 29 }] as const;

type Part = string | unknown[];
/** The name of a cluster's image, of plain numbers or as an expression of the style. */
export const clusterName = (step: Part, red: Part, amber: Part) => ["concat", "cluster-", step, "-", red, "-", amber];

/** Step and twelfths out of such a name; null for another image's. Pure. */
export function clusterOf(name: string): { radius: number; red: number; amber: number } | null {
  const found = /^cluster-([0-4])-(\d{1,2})-(\d{1,2})$/.exec(name);
  return found && { radius: STEPS[Number(found[1]) as 0]!.radius, red: Number(found[2]), amber: Number(found[3]) };
}

/** Red is the widest part of the ring, amber a narrower one, the rest a line: width tells what colour may not. */
export function paintCluster(c: CanvasRenderingContext2D, { radius, red, amber }: { radius: number; red: number; amber: number }, p: Palette): void {
  const middle = radius + 3, angle = (twelfths: number) => (twelfths / 12 - 0.25) * 2 * Math.PI;
  const arc = (from: number, to: number, width: number, colour: string) => {
    if (to <= from) return;
    c.beginPath();
    c.arc(middle, middle, radius - width / 2, angle(from), angle(to));
    c.lineWidth = width;
    c.strokeStyle = colour;
    c.stroke();
  };
  c.beginPath();
  c.arc(middle, middle, radius + 1.5, 0, 2 * Math.PI);
  c.fillStyle = p.halo;
  c.fill();
  arc(0, 12, 1.5, p.cluster);
  arc(red, red + amber, 3.5, p.lights.amber);
  arc(0, red, 5.5, p.lights.red);
}
export const clusterSize = (radius: number) => 2 * (radius + 3);
