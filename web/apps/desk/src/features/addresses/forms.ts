/** The forms of an address, by the word in the page's address; and what may stand below what, as the server has it. */
export const FORMS = ["top", "below", "rename", "move", "alias", "status", "end"] as const;
export type Form = (typeof FORMS)[number];
export type Kind = "road" | "estate" | "village" | "number" | "building";
export const BELOW: Record<Kind | "top", readonly Kind[]> = {
  top: ["road", "estate", "village"], road: ["number", "building", "estate", "road"], estate: ["building", "number", "estate"],
  village: ["number", "building", "road"], number: ["building", "number", "estate"], building: [],
};
