/** One stream of what happens (GET /api/v1/live), kept open: it is asked for again when it ends, sooner at first, then less often. */
export interface Change { id: string; version: number; state: string; before: string; place: string; unit: number | null }
/** `cases`: what changed; `all`: so much, or so long unheard, that everything is to be read anew; `on`, `off`: the line; `refused`: not this person, or full. */
export type Told = { cases: Change[] } | { all: true } | { line: "on" | "off" | "refused" };

const LONGEST = 30_000;

export function openStream(tell: (told: Told) => void): () => void {
  let source: EventSource | undefined;
  let later: ReturnType<typeof setTimeout> | undefined;
  let tries = 0;
  let missed = false; // the line was down: what happened meanwhile nobody told
  const open = () => {
    source = new EventSource("/api/v1/live");
    source.addEventListener("hello", () => {
      tell({ line: "on" });
      if (missed) tell({ all: true });
      missed = false;
      tries = 0;
    });
    source.addEventListener("cases", (event) => tell(JSON.parse((event as MessageEvent<string>).data) as Told));
    source.onerror = () => {
      missed = true;
      const closed = source?.readyState === EventSource.CLOSED; // an answer that was no stream; else the browser tries again by itself
      tell({ line: closed ? "refused" : "off" });
      if (closed) later = setTimeout(open, Math.min(LONGEST, 2_000 * 2 ** tries++));
    };
  };
  open();
  return () => { clearTimeout(later); source?.close(); };
}
