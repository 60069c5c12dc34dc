/** Today by the country's one clock, as the server counts days. */
const DAY = new Intl.DateTimeFormat("sv-SE", { timeZone: "Asia/Shanghai", dateStyle: "short" });
export const today = (): string => DAY.format(new Date());
