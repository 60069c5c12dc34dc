import { onScopeDispose, readonly, ref, type Ref } from "vue";

const FAR = 60_000;
const ahead = ref(0); // of the server's clock, where this computer's is wrong
const time = () => Date.now() + ahead.value;
const now = ref(time());
let users = 0;
let timer: ReturnType<typeof setInterval> | undefined;

/** The present time, one shared tick each 15 seconds for all clocks on the screen. */
export function useNow(): Readonly<Ref<number>> {
  now.value = time();
  if (users++ === 0) timer = setInterval(() => (now.value = time()), 15_000);
  onScopeDispose(() => {
    if (--users === 0) clearInterval(timer);
  });
  return readonly(now);
}

/** What the server's clock says: limits are its, so that a computer whose clock is wrong still shows what is left. */
export function setServerTime(ms: number): void {
  const by = ms - Date.now();
  const next = Math.abs(by) > FAR ? Math.round(by / FAR) * FAR : 0;
  if (next === ahead.value) return;
  ahead.value = next;
  now.value = time();
}
/** By how many milliseconds this computer's clock is behind (or, negative, ahead of) the server's; 0 where it is right. */
export const clockOff = readonly(ahead);
