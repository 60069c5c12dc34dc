import type { StateCount } from "@jingwei/api";
import { describe, expect, it } from "vitest";
import { alike, cells } from "./counts";

const count = (process: string, code: string, zh: string, red: number, green: number): StateCount =>
  ({ process, state: { code, name: { zh, en: code }, kind: code === "closed" ? "waiting" : "open" }, red, green, amber: 0, paused: 0, none: 0, total: red + green });

describe("counts of several processes", () => {
  it("adds what means the same, keeps apart what does not, and puts the finished last", () => {
    const found = cells([count("standard", "closed", "已结案", 0, 2), count("hotline", "closed", "已办结", 1, 1), count("standard", "filed", "待派遣", 3, 0), count("hotline", "filed", "待派遣", 1, 0)]);
    expect(found.map((cell) => [cell.code, cell.process, cell.name.zh, cell.red, cell.total])).toEqual([["filed", "", "待派遣", 4, 4], ["closed", "standard", "已结案", 0, 2], ["closed", "hotline", "已办结", 1, 2]]);
  });
  it("knows which cells carry the same word", () => {
    const found = cells([count("standard", "reported", "待受理", 1, 0), count("hotline", "received", "待受理", 1, 0), count("standard", "filed", "待派遣", 1, 0)]);
    expect([...alike(found)].sort()).toEqual(["received", "reported"]);
  });
});
