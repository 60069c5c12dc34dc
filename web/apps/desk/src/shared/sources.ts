import { answer, api } from "@jingwei/api";
import { useQuery } from "@tanstack/vue-query";
import { computed } from "vue";
import { useName } from "../shell/useName";

/** Those that a machine or a phone brings in; nobody chooses them at the telephone. */
const NOT_BY_HAND = ["worker", "sensor", "open311"];

/** Who may bring a report in, by the server's list; `byHand` leaves out what no person chooses. */
export function useSources(byHand = false) {
  const say = useName();
  const found = useQuery({ queryKey: ["sources"], queryFn: () => answer(api.GET("/api/v1/sources")), staleTime: Infinity });
  return computed(() =>
    (found.data.value ?? []).filter((one) => !byHand || !NOT_BY_HAND.includes(one.code)).map((one) => ({ code: one.code, name: say(one.name) })),
  );
}
