import { describe, expect, it } from "vitest";
import { GROUND_LAYERS, groundLayers, readLayers, readView, sayView, slabs, visibility } from "./groundLayers";
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
    for (const layer of groundLayers(LIGHT)) if (!layer.id.startsWith("chosen")) expect([none[layer.id], all[layer.id]]).toEqual([false, true]);
  });
  it("stacks the floors of a building up to its height", () => {
    const ten = slabs(30, 10, 3);
    expect(ten.map((slab) => slab.part)).toEqual(["plain", "plain", "on", ...Array(7).fill("above")]);
    expect(ten[2]).toMatchObject({ floor: 3, base: 6, top: 9 });
    expect(ten.at(-1)!.top).toBe(30);
    ten.slice(1).forEach((slab, n) => expect(slab.base).toBe(ten[n]!.top));
  });
  it("draws a building of which little is known as one, or up to the floor that is looked at", () => {
    expect(slabs(null, null, null)).toMatchObject([{ floor: null, base: 0, part: "plain" }]);
    expect(slabs(12, 0, null)).toMatchObject([{ floor: null, top: 12 }]);
    expect(slabs(null, null, 2)).toMatchObject([{ floor: 1 }, { floor: 2, top: 6.6, part: "on" }]);
  });
  it("hints at the whole building where the floor lies below the ground", () => expect(slabs(30, 10, -1).every((slab) => slab.part === "above")).toBe(true));
});
