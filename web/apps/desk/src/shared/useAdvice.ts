import { answer, api } from "@jingwei/api";
import { useQuery } from "@tanstack/vue-query";
import { computed, type Ref } from "vue";

const READ = 300; // characters of a text that the server reads

/** What the city's closed cases say of a text: asked once there is something to go by, and silent where it can't be had. */
export function useAdvice(known: Ref<{ text: string; place: string; matter: string }>, wanted: Ref<boolean>) {
  const asked = computed(() => ({ ...known.value, text: known.value.text.trim().slice(0, READ) }));
  return useQuery({
    queryKey: ["advice", asked],
    queryFn: () => answer(api.POST("/api/v1/advice", { body: asked.value })),
    enabled: computed(() => wanted.value && (asked.value.text.length > 2 || !!asked.value.matter)),
    staleTime: 60_000, retry: false, placeholderData: (before) => before,
  });
}
