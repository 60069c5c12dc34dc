/** Names for the shapes that screens use; the truth is schema.gen.ts, generated from openapi.json. */
import type { components } from "./schema.gen";

type Schemas = components["schemas"];
export type Name = Schemas["Name"];
export type Me = Schemas["Me"];
export type Grant = Schemas["GrantOut"];
export type CaseRow = Schemas["CaseRow"];
export type NearbyRow = Schemas["NearRow"];
export type CasePage = Schemas["CasePage"];
export type StateCount = Schemas["CountOut"];
export type Case = Schemas["CaseOut"];
export type Action = Schemas["MoveOut"];
export type Field = Schemas["FieldOut"];
export type TimelineEntry = Schemas["HappeningOut"];
export type StoredFile = Schemas["FileOut"];
export type Matter = Schemas["MatterOut"];
export type Condition = Schemas["ConditionOut"];
export type Unit = Schemas["UnitOut"];
export type Address = Schemas["AddressOut"];
export type AreasAt = Schemas["HereOut"];
export type DispatchAnswer = Schemas["AdviceOut"];
export type Division = Schemas["DivisionOut"];
export type GridRow = Schemas["GridOut"];
export type CaseIn = Schemas["CaseIn"];
export type Light = CaseRow["light"];
export type CaseBrief = Schemas["CaseBrief"];
