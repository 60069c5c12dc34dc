/** A year as twelve months of weeks that begin on Monday. Pure. */
export interface Day { date: string; day: number; weekend: boolean }

const two = (n: number) => String(n).padStart(2, "0");

/** The weeks of a month (1–12); null where a week reaches out of it. */
export function weeksOf(year: number, month: number): (Day | null)[][] {
  const length = new Date(Date.UTC(year, month, 0)).getUTCDate();
  const before = (new Date(Date.UTC(year, month - 1, 1)).getUTCDay() + 6) % 7;
  const cells: (Day | null)[] = Array<null>(before).fill(null);
  for (let day = 1; day <= length; day++) cells.push({ date: `${year}-${two(month)}-${two(day)}`, day, weekend: cells.length % 7 > 4 });
  while (cells.length % 7) cells.push(null);
  return Array.from({ length: cells.length / 7 }, (_, week) => cells.slice(week * 7, week * 7 + 7));
}
