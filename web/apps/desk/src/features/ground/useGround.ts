/** What the pages of buildings and rooms ask for, and who may do what there. */
import { answer, api } from "@jingwei/api";
import { useQuery, useQueryClient } from "@tanstack/vue-query";
import { computed, type Ref } from "vue";
import { useSession } from "../../shell/useSession";

const KEEPS = ["station_clerk", "street_operator", "registrar"];
const AMONG_PEOPLE = ["worker", "grid_lead", ...KEEPS];
export const USES = ["residence", "dormitory", "shop", "office", "factory", "storage", "public", "parking", "other"] as const;
export const TENURES = ["owner_occupied", "rented", "vacant", "shared", "other"] as const;
export type Use = (typeof USES)[number];
export type Tenure = "" | (typeof TENURES)[number];

/** Whether this person holds such a role over a place. The server decides; this only spares buttons that it would refuse. */
export function useRights(place: () => string | undefined) {
  const { me } = useSession();
  const holds = (roles: readonly string[]) => !!place() && !!me.value?.grants.some((grant) => roles.includes(grant.role) && place()!.startsWith(grant.area));
  return { keeps: computed(() => holds(KEEPS)), amongPeople: computed(() => holds(AMONG_PEOPLE)) };
}
/** Whether this person keeps the register anywhere: who enters a building shows where it stands only in the form. */
export function useKeepsSomewhere() {
  const { me } = useSession();
  return computed(() => !!me.value?.grants.some((grant) => KEEPS.includes(grant.role)));
}
export const today = () => new Date(Date.now() - new Date().getTimezoneOffset() * 60_000).toISOString().slice(0, 10);

export const useBuilding = (id: Ref<number>) => useQuery({
  queryKey: ["building", id], queryFn: () => answer(api.GET("/api/v1/buildings/{building_id}", { params: { path: { building_id: id.value } } })),
});
export const useMatrix = (id: Ref<number>, wanted: Ref<boolean>) => useQuery({
  queryKey: ["matrix", id], queryFn: () => answer(api.GET("/api/v1/buildings/{building_id}/matrix", { params: { path: { building_id: id.value } } })), enabled: wanted,
});
export const usePremises = (id: Ref<number>) => useQuery({
  queryKey: ["premises-here", id], queryFn: () => answer(api.GET("/api/v1/buildings/{building_id}/premises", { params: { path: { building_id: id.value } } })),
});
export const useCoding = () => useQuery({ queryKey: ["coding-rules"], queryFn: () => answer(api.GET("/api/v1/coding-rules")) });
export const useRoom = (id: Ref<string>, on: Ref<string>) => useQuery({
  queryKey: ["room", id, on],
  queryFn: () => answer(api.GET("/api/v1/rooms/{room_id}", { params: { path: { room_id: id.value }, query: on.value ? { on: on.value } : {} } })),
  placeholderData: (before) => (before?.id === id.value ? before : undefined),
});
/** After a change: whatever of buildings and rooms is on the screen is asked for anew. */
export function useAnew() {
  const client = useQueryClient();
  return () => Promise.all(["building", "buildings", "matrix", "room", "plates", "premises-here"].map((key) => client.invalidateQueries({ queryKey: [key] })));
}
