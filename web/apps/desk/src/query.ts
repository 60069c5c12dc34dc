import { asProblem } from "@jingwei/api";
import { QueryClient } from "@tanstack/vue-query";

/** A refusal is an answer and is not asked again; a failure is tried once more. */
export const queryClient = new QueryClient({
  defaultOptions: {
    // "always": without a network a query fails and says so; waiting in silence would show old rows under a new filter.
    mutations: { networkMode: "always" },
    queries: { networkMode: "always", staleTime: 5_000, refetchOnWindowFocus: true, retry: (count, error) => asProblem(error).undecided && count < 1, retryDelay: 800 },
  },
});
