/** Times as people say them. Pure: the words come in through `say`. */
export type Say = (key: string, slots?: Record<string, unknown>) => string;

const MINUTE = 60_000, HOUR = 60 * MINUTE, DAY = 24 * HOUR;
/** Limits and office hours are counted in the country's one clock, so every screen shows it, wherever it stands. */
const CLOCK = new Intl.DateTimeFormat("sv-SE", { timeZone: "Asia/Shanghai", dateStyle: "short", timeStyle: "short" });

/** "2026-11-22 14:05", Beijing time. */
export function exact(at: string | Date | null | undefined): string {
  return at ? CLOCK.format(new Date(at)) : "";
}

/** A length of time in at most two units: "2 天 4 小时", "3 小时 20 分", "5 分". */
export function length(ms: number, say: Say): string {
  const whole = Math.max(0, Math.floor(ms));
  const days = Math.floor(whole / DAY), hours = Math.floor((whole % DAY) / HOUR), minutes = Math.floor((whole % HOUR) / MINUTE);
  const parts = days
    ? [say("ui.time.days", { n: days }), hours ? say("ui.time.hours", { n: hours }) : ""]
    : hours
      ? [say("ui.time.hours", { n: hours }), minutes ? say("ui.time.minutes", { n: minutes }) : ""]
      : [minutes ? say("ui.time.minutes", { n: minutes }) : say("ui.time.moment")];
  return parts.filter(Boolean).join(" ");
}

/** What a clock says: "剩 3 小时 20 分", "超 1 天", "已停 2 小时"; empty when no clock runs. `bare` leaves "超" out, beside the word "超期". */
export function clockText(row: { due_at?: string | null; paused_at?: string | null }, now: number, say: Say, bare = false): string {
  if (row.paused_at) return say("ui.time.paused", { length: length(now - Date.parse(row.paused_at), say) });
  if (!row.due_at) return "";
  const left = Date.parse(row.due_at) - now;
  if (left >= 0) return say("ui.time.left", { length: length(left, say) });
  return bare ? length(-left, say) : say("ui.time.over", { length: length(-left, say) });
}

/** How long ago within a day ("20 分前"), afterwards the date. */
export function ago(at: string, now: number, say: Say): string {
  const past = now - Date.parse(at);
  if (past < MINUTE) return say("ui.time.now");
  return past < DAY ? say("ui.time.ago", { length: length(past, say) }) : exact(at);
}
