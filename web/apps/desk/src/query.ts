import { asProblem } from "@jingwei/api";
import { QueryClient } from "@tanstack/vue-query";

/** A refusal is an answer and is not asked again; a failure is tried once more. */
export const queryClient = new QueryClient({
  defaultOptions: {
    queries: { staleTime: 5_000, refetchOnWindowFocus: true, retry: (count, error) => asProblem(error).undecided && count < 1, retryDelay: 800 },
  },
});
