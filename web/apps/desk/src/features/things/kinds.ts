/** Codes that the screens offer, and how a state is told from another: by a shape and a word, never by colour alone. */
import type { Schemas } from "@jingwei/api";

export type State = Schemas["ComponentRowOut"]["state"];
export const STATES: readonly State[] = ["intact", "damaged", "missing", "abandoned", "removed"];
export const STATE_TONE: Record<State, string> = { intact: "green", damaged: "amber", missing: "red", abandoned: "", removed: "" };
export const COMPONENT_KINDS = ["component", "frontage", "sign"] as const;
export const ORGANISATION_KINDS = ["enterprise", "individual", "institution", "government", "social", "village", "other"] as const;
export const STATUSES = ["active", "suspended", "moved"] as const;
export const USES = ["", "office", "shop", "workshop", "storage", "school", "clinic", "other"] as const;
/** Who registers, by role; the server decides. */
export const KEEPERS = ["station_clerk", "street_operator", "registrar"];
export const PEOPLE_READERS = ["worker", "grid_lead", ...KEEPERS];
