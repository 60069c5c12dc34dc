import { answer, api } from "@jingwei/api";
import { computed, ref, type Ref } from "vue";
import { useRouter } from "vue-router";
import { beforeOf, keepRound, keptRound, nextOf } from "../../shell/round";

const SIZE = 50;

/** The next case of the list that this one was opened from, and the one before; where there is no other left, the list itself. */
export function useRound(id: Ref<string>) {
  const router = useRouter();
  const round = ref(keptRound());
  const at = computed(() => round.value?.ids.indexOf(id.value) ?? -1);
  const place = computed(() => (round.value && at.value >= 0 ? { at: at.value + 1, of: round.value.ids.length } : null));
  const busy = ref(false);
  const show = (next: string) => router.replace({ name: "case", params: { id: next } });

  /** What stands in the list now; without an answer, as it stood. */
  async function present(): Promise<string[]> {
    try {
      const page = await answer(api.GET("/api/v1/cases", { params: { query: { ...round.value!.asked, size: SIZE } as never } }));
      return page.items.map((row) => row.id);
    } catch { return round.value!.ids; }
  }
  async function next(): Promise<"moved" | "end"> {
    if (!round.value || busy.value) return "moved";
    busy.value = true;
    try {
      const now = await present();
      const found = nextOf(round.value.ids, now, id.value);
      if (!found) return "end";
      if (!round.value.ids.includes(found)) {
        const ids = [...round.value.ids];
        ids.splice(at.value + 1, 0, found);
        keepRound((round.value = { ...round.value, ids }));
      }
      await show(found);
      return "moved";
    } finally { busy.value = false; }
  }
  const before = computed(() => (round.value ? beforeOf(round.value.ids, id.value) : null));
  const previous = () => { if (before.value) void show(before.value); };
  const list = () => router.push(round.value?.at ?? { name: "queue" });
  return { place, before, next, previous, list };
}
