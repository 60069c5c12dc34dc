import type { MoveDoc, ProcessDoc } from "@jingwei/api";
import { describe, expect, it } from "vitest";
import { copyOf, differences, drawn, dropState, nextVersion, renameState, sourcesOf } from "./doc";

const move = (action: string, from: string[], to: string): MoveDoc => ({ action, from, to, roles: ["acceptor"], holder: false, form: [], guards: [], clock: "start", key: action[0]!, style: "plain" });
const state = (code: string, kind: string) => ({ code, name: [code, code], kind, start: code === "a" });
const doc: ProcessDoc = {
  code: "p", version: 1, name: ["流程", "Process"],
  state: [state("a", "open"), state("b", "open"), state("s", "waiting"), state("z", "final")],
  move: [move("accept", ["a"], "b"), move("file", ["a"], "b"), move("remind", ["*"], "="), move("suspend", ["*"], "s"), move("resume", ["s"], "<"), move("close", ["b", "gone"], "z"), move("assist", ["b"], "=")],
};

describe("a process as its document", () => {
  it("is drawn with an arrow for each pair of states, one box for every open state, and what stays in its state", () => {
    const { edges, staying, every } = drawn(doc);
    expect(edges.map((one) => [one.id, one.moves])).toEqual([["a>b", [0, 1]], ["*>s", [3]], ["s>*", [4]], ["b>z", [5]]]);
    expect([...staying]).toEqual([["*", [2]], ["b", [6]]]);
    expect(every).toBe(true);
    expect(sourcesOf(doc.move[2]!, doc)).toEqual(["a", "b"]);
  });
  it("renames and drops a state wherever it is named", () => {
    const other = copyOf(doc);
    renameState(other, "b", "c");
    expect(other.move[0]!.to).toBe("c");
    expect(other.move[5]!.from).toEqual(["c", "gone"]);
    dropState(other, "c");
    expect(other.state.map((one) => one.code)).toEqual(["a", "s", "z"]);
    expect(other.move[5]!.from).toEqual(["gone"]);
    expect(doc.move[0]!.to).toBe("b");
  });
  it("says what another version does differently", () => {
    const other = copyOf(doc);
    other.move[0]!.name = ["收下", "Take"];
    other.state.push(state("x", "final"));
    other.move.pop();
    expect(differences(doc, other, undefined).map((one) => [one.what, one.change, one.name.zh])).toEqual([["state", "new", "x"], ["move", "changed", "收下"], ["move", "gone", "assist"]]);
    expect(differences(doc, copyOf(doc), undefined)).toEqual([]);
  });
  it("counts on from the last version, concepts among them", () => {
    const version = (code: string, n: number) => ({ code, version: n, name: { zh: "", en: "" }, status: "concept", valid_from: "", valid_to: null, states: 0, moves: 0 });
    expect(nextVersion([version("p", 2), version("q", 9)], "p")).toBe(3);
  });
});
