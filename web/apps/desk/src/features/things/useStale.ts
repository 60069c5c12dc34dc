/** A change of a thing that somebody else changed meanwhile: what was typed stays, and sending again is a new decision on the present state. */
import { asProblem } from "@jingwei/api";
import { ref } from "vue";
import { useAnew } from "./useThings";

export function useStale(first: number) {
  const anew = useAnew();
  const version = ref(first);
  const stale = ref(false);
  async function send(ask: (seen: number) => Promise<unknown>) {
    stale.value = false;
    try {
      await ask(version.value);
      await anew();
    } catch (error) {
      const problem = asProblem(error);
      if (problem.status === 409) {
        version.value = (problem.present as unknown as { version: number } | null)?.version ?? version.value;
        stale.value = true;
        await anew();
      }
      throw error;
    }
  }
  return { send, stale };
}
