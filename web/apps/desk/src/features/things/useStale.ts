import { useStale as useStaleOf } from "../../shared/form/useStale";
import { useAnew } from "../../shared/pledges/pledges";

/** Of an organisation, a component, premises or a pledge. */
export const useStale = (first: number) => useStaleOf(first, useAnew());
