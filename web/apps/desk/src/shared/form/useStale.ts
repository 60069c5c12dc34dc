/** A change of something that somebody else changed meanwhile: what was typed stays, and sending again is a new decision on the present state. */
import { asProblem } from "@jingwei/api";
import { ref } from "vue";

/** `first`: the version that was seen; `anew`: asks for everything shown again. */
export function useStale(first: number, anew: () => Promise<unknown>) {
  const version = ref(first);
  const stale = ref(false);
  async function send(ask: (seen: number) => Promise<unknown>) {
    stale.value = false;
    try {
      await ask(version.value);
      await anew();
    } catch (error) {
      const problem = asProblem(error);
      const present = problem.present as unknown as { version?: number } | null;
      if (problem.status === 409 && present?.version) {
        version.value = present.version;
        stale.value = true;
        await anew();
      }
      throw error;
    }
  }
  return { send, stale };
}
