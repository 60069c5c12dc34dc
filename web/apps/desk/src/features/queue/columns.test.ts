import { describe, expect, it } from "vitest";
import { columnsFrom, moved, USUAL } from "./columns";

describe("the columns of the list", () => {
  it("are the usual ones where nothing sensible is kept", () => {
    expect(columnsFrom(null)).toEqual(USUAL);
    expect(columnsFrom(["nonsense"])).toEqual(USUAL);
  });
  it("keep their order, each once, and always the number", () => {
    expect(columnsFrom(["what", "light", "what"])).toEqual(["number", "what", "light"]);
    expect(columnsFrom(["what", "number"])).toEqual(["what", "number"]);
  });
  it("change places", () => {
    expect(moved(["light", "number"], "light", 1)).toEqual(["number", "light"]);
    expect(moved(["light", "number"], "light", -1)).toEqual(["light", "number"]);
  });
});
