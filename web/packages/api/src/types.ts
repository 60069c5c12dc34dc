/** Names for the shapes that screens use; the truth is schema.gen.ts, generated from openapi.json. */
import type { components } from "./schema.gen";

type Schemas = components["schemas"];
export type Name = Schemas["Name"];
export type Me = Schemas["Me"];
export type Grant = Schemas["GrantOut"];
export type CaseRow = Schemas["CaseRow"];
export type NearbyRow = Schemas["NearbyRow"];
export type CasePage = Schemas["CasePage"];
export type StateCount = Schemas["StateCount"];
export type Case = Schemas["CaseOut"];
export type Action = Schemas["ActionOut"];
export type Field = Schemas["FieldOut"];
export type TimelineEntry = Schemas["TimelineEntry"];
export type StoredFile = Schemas["FileOut"];
export type Matter = Schemas["MatterOut"];
export type Condition = Schemas["ConditionOut"];
export type Unit = Schemas["UnitOut"];
export type Address = Schemas["AddressOut"];
export type AreasAt = Schemas["AreasAt"];
export type DispatchAnswer = Schemas["DispatchOut"];
export type CaseIn = Schemas["CaseIn"];
export type Light = CaseRow["light"];
