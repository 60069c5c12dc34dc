/** The kinds of unit that the server knows. */
export const KINDS = ["command_centre", "department", "street_centre", "station", "contractor"] as const;
