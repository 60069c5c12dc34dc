/** Pledges, as the pages of who signed them and their own show them. */
import { answer, api, type Schemas } from "@jingwei/api";
import { useQuery, useQueryClient } from "@tanstack/vue-query";
import { computed, type Ref } from "vue";

export type PledgeRow = Schemas["PledgeRowOut"];
export type PledgePage = Schemas["PledgeOut"];
export const PLEDGE_KINDS = ["landlord", "fire", "safety", "frontage", "keeping", "other"] as const;
export const PLEDGE_STATES = ["in_force", "coming", "expired", "ended"] as const;
export const PLEDGE_TONE: Record<string, string> = { in_force: "green", coming: "blue", expired: "red", ended: "" };
/** Days before a term's end from which it is time to renew. */
export const SOON = 30;

/** What a resident has signed, that which runs out first at the top. */
export const usePledgesOf = (resident: Ref<string>) =>
  useQuery({ queryKey: ["things", "pledges", "of", resident], queryFn: () => answer(api.GET("/api/v1/pledges", { params: { query: { resident: resident.value, size: 100 } } })), enabled: computed(() => !!resident.value) });

/** After a change: everything about organisations, components and pledges is asked for anew. */
export function useAnew() {
  const client = useQueryClient();
  return () => client.invalidateQueries({ queryKey: ["things"] });
}
