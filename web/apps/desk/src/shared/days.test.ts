import { describe, expect, it } from "vitest";
import { later, today } from "./days";

describe("days", () => {
  it("counts over months, years and leap days", () => {
    expect(later("2026-12-31", 1)).toBe("2027-01-01");
    expect(later("2028-02-28", 1)).toBe("2028-02-29");
    expect(later("2026-03-01", -1)).toBe("2026-02-28");
  });
  it("writes a day as the server reads it", () => expect(today()).toMatch(/^\d{4}-\d\d-\d\d$/));
});
