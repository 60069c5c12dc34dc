import { expect, it, vi } from "vitest";
import { createExpression, validateStyleMin } from "@maplibre/maplibre-gl-style-spec";
import { CASE_LAYERS, CASE_SOURCES, caseParts, caseTiles } from "./caseLayers";
import { clusterOf } from "./clusters";
import { DARK, LIGHT } from "./palette";
import { buildStyle, UNDER } from "./style";
import type { CaseStyle } from "./types";

vi.stubGlobal("location", { origin: "http://here" });

const EVERY: CaseStyle[] = ["lights", "clusters", "heat"];

it("asks for the tiles of the filter as it stands in the list's address, with every value of a field", () => {
  expect(caseTiles("view=all&light=red&light=amber&q=井盖")[0]).toBe("http://here/api/v1/tiles/cases/{z}/{x}/{y}.mvt?view=all&light=red&light=amber&q=%E4%BA%95%E7%9B%96");
  expect(caseTiles("", 8)[0]).toBe("http://here/api/v1/tiles/cases/{z}/{x}/{y}.mvt?gathered=true&cells=8");
  expect(caseTiles("")[0]).toBe("http://here/api/v1/tiles/cases/{z}/{x}/{y}.mvt");
});

it.each(EVERY)("%s: layers of sources that are there, known by name, in a style that MapLibre takes", (style) => {
  for (const palette of [LIGHT, DARK]) {
    const { sources, layers } = caseParts(palette, style, "view=open");
    const whole = buildStyle(palette, { allCases: false, english: true });
    expect(whole.layers.some((layer) => layer.id === UNDER)).toBe(true);
    expect(validateStyleMin({ ...whole, sources: { ...whole.sources, ...sources }, layers: [...whole.layers, ...layers] })).toEqual([]);
    for (const id of Object.keys(sources)) expect(CASE_SOURCES).toContain(id);
    for (const { id } of layers) expect(CASE_LAYERS).toContain(id);
  }
});

it("from the zoom where gathering ends, each case stands for itself", () => {
  for (const style of ["clusters", "heat"] as const) {
    const { layers } = caseParts(LIGHT, style, "");
    const single = layers.find((layer) => layer.id === "case-lights")!;
    for (const gathered of layers.filter((layer) => layer !== single)) expect(gathered.maxzoom).toBe(single.minzoom);
  }
});

const image = caseParts(LIGHT, "clusters", "").layers.find((layer) => layer.id === "case-clusters")!.layout as Record<string, unknown>;
const cluster = (n: number, red: number, amber: number) => {
  const read = createExpression(image["icon-image"] as never, "layers[0].layout.icon-image" as never);
  if (read.result !== "success") throw new Error("no expression");
  return clusterOf(String(read.value.evaluate({ zoom: 12 }, { type: "Point", properties: { n, red, amber } } as never)))!;
};
it("a cluster's size tells how many, its ring what part is overdue and due soon", () => {
  expect([2, 9, 10, 50, 200, 1000, 30_000].map((n) => cluster(n, 0, 0).radius)).toEqual([15, 15, 18, 21, 25, 29, 29]);
  expect(cluster(12, 3, 6)).toMatchObject({ red: 3, amber: 6 });
  expect(cluster(1000, 1, 1)).toMatchObject({ red: 1, amber: 1 }); // one of a thousand is seen
  expect(cluster(4, 4, 0)).toMatchObject({ red: 12, amber: 0 });
  expect(cluster(1000, 999, 1)).toMatchObject({ red: 12, amber: 0 }); // the ring is never more than full
});
it("other images are not drawn as clusters", () => {
  for (const name of ["light-red", "cluster-9-1-1", "cluster-1-1", "pin"]) expect(clusterOf(name)).toBeNull();
});
