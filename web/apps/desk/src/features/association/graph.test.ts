import type { Association } from "@jingwei/api";
import { describe, expect, it } from "vitest";
import { graphOf, SHOWN } from "./graph";

const name = { zh: "", en: "" };
const node = (kind: string, id: string) => ({ kind: { code: kind, name }, id, label: id, note: "", place: { code: "", name: "" }, lon: null, lat: null });
const edge = (kind: string, id: string) => ({ tie: { code: "part", name }, since: null, until: null, source: name, tie_id: null, node: node(kind, id) });
const of = (kind: string, id: string, items: ReturnType<typeof edge>[], hidden = false) =>
  ({ centre: node(kind, id), lists: [{ part: { code: "rooms", name }, kind: { code: "room", name }, count: String(items.length), hidden, items, next: null }] }) as unknown as Association;

describe("an association as a graph", () => {
  it("shows the first of a list, and one box for the rest", () => {
    const { boxes, lines } = graphOf([of("building", "1", Array.from({ length: SHOWN + 5 }, (_, i) => edge("room", String(i))))]);
    expect(boxes.filter((box) => box.node?.kind.code === "room")).toHaveLength(SHOWN);
    expect(boxes.filter((box) => !box.node)).toHaveLength(1);
    expect(lines).toHaveLength(SHOWN + 1);
  });
  it("shows each thing once, and a tie in one direction only", () => {
    const { boxes, lines } = graphOf([of("building", "1", [edge("room", "a"), edge("room", "b")]), of("room", "a", [edge("building", "1")])]);
    expect(boxes.map((box) => box.key).sort()).toEqual(["building/1", "room/a", "room/b"]);
    expect(lines).toHaveLength(2);
  });
  it("says of people who are only counted how many there are", () => {
    expect(graphOf([of("room", "a", [], true)]).boxes.filter((box) => !box.node)).toHaveLength(1);
  });
  it("puts no two boxes in one place", () => {
    const { boxes } = graphOf([of("building", "1", Array.from({ length: 6 }, (_, i) => edge("room", String(i))))]);
    expect(new Set(boxes.map((box) => `${box.x} ${box.y}`)).size).toBe(boxes.length);
  });
});
