/** A few line icons of our own (24 × 24, stroked); always beside a word, never instead of one. */
export const icons = {
  queue: "M4 6h16M4 12h16M4 18h10",
  new: "M6.5 3.5h3l1.5 4-2 1.5a11 11 0 0 0 5 5l1.5-2 4 1.5v3a2 2 0 0 1-2 2A15.5 15.5 0 0 1 4.500 5.500a2 2 0 0 1 2-2zM17 3v6M14 6h6",
  account: "M12 12a4 4 0 1 0 0-8 4 4 0 0 0 0 8zM4.500 20a7.500 7.500 0 0 1 15 0",
  search: "M10.500 17a6.500 6.500 0 1 0 0-13 6.500 6.500 0 0 0 0 13zM15.500 15.500 20 20",
  map: "M3.500 6.500 9 4l6 2.500L20.500 4v13.500L15 20l-6-2.500L3.500 20zM9 4v13.500M15 6.500V20",
  back: "M15 5l-7 7 7 7",
  close: "M6 6l12 12M18 6 6 18",
  keys: "M3 6.500h18v11H3zM6.500 10h.01M10 10h.01M14 10h.01M17.500 10h.01M8 14h8",
  place: "M12 21s-6.500-6-6.500-11a6.500 6.500 0 0 1 13 0c0 5-6.500 11-6.500 11zM12 12a2.200 2.200 0 1 0 0-4.400 2.200 2.200 0 0 0 0 4.400z",
  down: "M6 9.500l6 6 6-6",
  next: "M9 5l7 7-7 7",
  admin: "M4 20V8l8-4.500L20 8v12M9 20v-6h6v6M8.500 10.500h.01M12 10.500h.01M15.500 10.500h.01M3 20h18",
} as const;
export type IconName = keyof typeof icons;
