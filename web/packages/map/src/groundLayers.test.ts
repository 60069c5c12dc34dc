import { describe, expect, it } from "vitest";
import { GROUND_LAYERS, groundLayers, readLayers, readView, sayView, slab, visibility } from "./groundLayers";
import { LIGHT } from "./palette";

describe("the register's map", () => {
  it("keeps view and layers in a link", () => {
    const view = { lon: 121.4876, lat: 31.236, zoom: 17.25, pitch: 45, bearing: -20 };
    expect(readView(sayView(view))).toEqual(view);
    expect(sayView({ ...view, pitch: 0, bearing: 0 })).toBe("121.48760,31.23600,17.25");
    expect(readLayers(null).has("components")).toBe(false);
    expect([...readLayers("cases,components,nonsense")]).toEqual(["components", "cases"]);
    expect([...readLayers("")]).toEqual([]);
  });
  it.each(["", "1,2", "1,2,x", "200,1,3", "1,95,3", "1,2,3,4,5,6", "1,2,40"])("does not take %j for a view", (text) => expect(readView(text)).toBeNull());
  it("draws buildings flat or solid, not both", () => {
    const of = (...keys: string[]) => visibility(new Set(keys));
    expect([of("buildings").buildings, of("buildings")["buildings-solid"]]).toEqual([true, false]);
    expect([of("buildings", "solid").buildings, of("buildings", "solid")["buildings-solid"]]).toEqual([false, true]);
    expect(of("solid")["buildings-solid"]).toBe(false);
  });
  it("switches every layer of its own by some key", () => {
    const none = visibility(new Set()), all = visibility(new Set(GROUND_LAYERS));
    for (const layer of groundLayers(LIGHT)) if (layer.id !== "chosen-solid") expect([none[layer.id], all[layer.id]]).toEqual([false, true]);
  });
  it("cuts a floor out of the height", () => {
    expect(slab(30, 10, 3)).toEqual({ base: 6, top: 9 });
    expect(slab(null, null, 1)).toEqual({ base: 0, top: 3.3 });
    expect(slab(30, 10, -1)).toBeNull();
  });
});
