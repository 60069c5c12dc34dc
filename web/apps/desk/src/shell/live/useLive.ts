/** What others do, as it happens; one line for the whole browser. Where it is down, lists ask at intervals and the person is told. */
import { answer, api } from "@jingwei/api";
import { useQueryClient } from "@tanstack/vue-query";
import { computed, onScopeDispose, readonly, ref } from "vue";
import { openStream, type Change, type Told } from "./stream";

export type { Change } from "./stream";
type Listener = (changes: Change[] | null) => void;

const line = ref<"on" | "off" | "refused">("off");
const shownDown = ref(false);
const listeners = new Set<Listener>();
let stop: (() => void) | undefined;
let downTimer: ReturnType<typeof setTimeout> | undefined;
const PATIENCE = 3_000; // the planned end of a stream is no trouble

function hear(told: Told) {
  if (!("line" in told)) {
    const changes = "all" in told ? null : told.cases;
    for (const listener of listeners) listener(changes);
    return;
  }
  line.value = told.line;
  clearTimeout(downTimer);
  if (told.line === "on") shownDown.value = false;
  else downTimer = setTimeout(() => (shownDown.value = true), PATIENCE);
  // A stream that was refused may mean that the session has ended: an ordinary question finds out.
  if (told.line === "refused") void answer(api.GET("/api/v1/units", { params: { query: { limit: 1 } as never } })).catch(() => {});
}

/** What the browser itself knows of the network: told at once, and everything is read anew when it is back. */
const offline = ref(!navigator.onLine);
addEventListener("offline", () => (offline.value = true));
addEventListener("online", () => { offline.value = false; hear({ all: true }); });

/** A page was wanted and could not be fetched. */
export const notLoaded = ref(false);

/** While somebody is logged in. */
export function startLive(person: number): void {
  if (stop) return;
  if (typeof SharedWorker === "undefined") { stop = openStream(hear); return; }
  const worker = new SharedWorker(new URL("./live.worker.ts", import.meta.url), { type: "module", name: "jingwei-live" });
  worker.port.onmessage = (event: MessageEvent<Told>) => hear(event.data);
  worker.port.start();
  worker.port.postMessage(person);
  const bye = () => worker.port.postMessage("bye");
  addEventListener("pagehide", bye);
  stop = () => { bye(); worker.port.close(); removeEventListener("pagehide", bye); };
}
export function stopLive(): void {
  stop?.();
  stop = undefined;
  clearTimeout(downTimer);
  line.value = "off";
  shownDown.value = false;
}

/** `down`: the line has been down long enough to say so; `every`: how often to ask meanwhile. */
export function useLine() {
  return { offline: readonly(offline), down: computed(() => shownDown.value || offline.value), every: computed<number | false>(() => (line.value === "on" ? false : 15_000)) };
}

/** `react` is called with what changed (null: anything may have), at most once in `ms`, with all that came in between. */
export function useChanges(react: Listener, ms = 1_000): void {
  let waiting: Change[] | null = [];
  let timer: ReturnType<typeof setTimeout> | undefined;
  let last = 0;
  const tell = () => {
    timer = undefined;
    last = Date.now();
    const changes = waiting;
    waiting = [];
    react(changes);
  };
  const listener: Listener = (changes) => {
    waiting = changes && waiting ? [...waiting, ...changes] : null;
    timer ??= setTimeout(tell, Math.max(50, last + ms - Date.now()));
  };
  listeners.add(listener);
  onScopeDispose(() => { listeners.delete(listener); clearTimeout(timer); });
}

/** Cases that stand open anywhere on the screen are read again when they change. */
export function useFreshCases(): void {
  const client = useQueryClient();
  useChanges((changes) => {
    if (!changes) void client.invalidateQueries();
    else for (const id of new Set(changes.map((one) => one.id))) void client.invalidateQueries({ queryKey: ["case", id] });
  }, 300);
}
