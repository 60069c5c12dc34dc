/** What the pages about residents ask the server for. Names and numbers go in bodies, never in addresses. */
import { answer, api, type Schemas } from "@jingwei/api";
import { useInfiniteQuery, useQuery, useQueryClient } from "@tanstack/vue-query";
import { computed, type Ref } from "vue";

export type Known = Schemas["KnownOut"];
export type Listed = Schemas["ListedOut"];
export type Resident = Schemas["ResidentOut"];
export type Lived = Schemas["LivedOut"];
export type Member = Schemas["MemberOut"];
export type Household = Schemas["HouseholdOut"];
export type RoomNamed = Schemas["RoomNamedOut"];
export type Words = Schemas["ResidentWordsOut"];
export type Newcomer = Schemas["NewcomerIn"];
export interface ResidentsFilter { place?: string; age_from?: number; age_to?: number; kind?: "permanent" | "temporary"; state?: "present" | "former" }

/** Who reads people somewhere (accounts.rules.READS_PEOPLE). */
export const READERS = ["worker", "grid_lead", "station_clerk", "street_operator", "registrar"];
/** Who keeps the register (accounts.rules.KEEPS_REGISTER). */
export const KEEPERS = ["station_clerk", "street_operator", "registrar"];

export const useWords = () => useQuery({ queryKey: ["people-words"], queryFn: () => answer(api.GET("/api/v1/residents/words")), staleTime: 300_000 });

/** Relations to the head that a member can have, those usual first. */
export function useRelations() {
  const words = useWords();
  return computed(() => {
    const all = words.data.value?.relations ?? [], usual = words.data.value?.usual_relations ?? [];
    return [...usual.map((code) => all.find((one) => one.code === code)!).filter(Boolean), ...all.filter((one) => !usual.includes(one.code) && !["01", "02"].includes(one.code))];
  });
}

export function useResidents(filter: Ref<ResidentsFilter>, enabled: Ref<boolean>) {
  const list = useInfiniteQuery({
    queryKey: ["people-list", filter],
    queryFn: ({ pageParam }) => answer(api.GET("/api/v1/residents", { params: { query: { ...filter.value, after: pageParam } } })),
    initialPageParam: undefined as string | undefined,
    getNextPageParam: (last) => last.next ?? undefined,
    placeholderData: (before) => before,
    enabled,
  });
  return { list, rows: computed(() => list.data.value?.pages.flatMap((page) => page.items) ?? []) };
}

export const searchResidents = (text: string, place = "") => answer(api.POST("/api/v1/residents/search", { body: { text, place } }));

/** A page is read again only when asked: each reading is on the record. */
export const useResident = (id: Ref<string>) =>
  useQuery({ queryKey: ["people-one", id], queryFn: () => answer(api.GET("/api/v1/residents/{resident_id}", { params: { path: { resident_id: id.value } } })), refetchOnWindowFocus: false, refetchOnReconnect: false });

export const useRoomPeople = (room: Ref<string>, on: Ref<string>) =>
  useQuery({
    queryKey: ["people-room", room, on],
    queryFn: () => answer(api.GET("/api/v1/rooms/{room_id}/people", { params: { path: { room_id: room.value }, query: on.value ? { on: on.value } : {} } })),
    placeholderData: (before) => before,
  });

/** After a change: everything about people is asked for anew. */
export function usePeopleAnew() {
  const client = useQueryClient();
  return () => client.invalidateQueries({ predicate: ({ queryKey }) => /^people-(list|one|room|looks)/.test(String(queryKey[0])) });
}

/** Today by the clock of the place that the program serves. */
export const today = () => new Date(Date.now() + 8 * 3_600_000).toISOString().slice(0, 10);
