/** Where a thing of the register is looked at: its own page where there is one, else what is tied to it. */
import { useRouter, type RouteLocationRaw } from "vue-router";

const OWN: Readonly<Record<string, string>> = { case: "case", resident: "people-one", room: "ground-room", building: "ground-building", organisation: "organisation", component: "component", pledge: "pledge" };
const TIED = ["room", "building", "resident", "household", "organisation", "component", "address", "case", "grid"];

export function useThingPage() {
  const router = useRouter();
  const own = (kind: string, id: string): RouteLocationRaw | null => (OWN[kind] && router.hasRoute(OWN[kind]) ? { name: OWN[kind], params: { id } } : null);
  const tied = (kind: string, id: string): RouteLocationRaw | null => (TIED.includes(kind) ? { name: "association", params: { kind, id } } : null);
  return { own, tied, page: (kind: string, id: string) => own(kind, id) ?? tied(kind, id) };
}
