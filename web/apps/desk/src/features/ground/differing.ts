/** What of a form differs from what it showed at first. A field that is off shows nothing: sent back as it is shown, it would be emptied. Pure. */
export const differing = <T extends object>(form: T, was: T): Partial<T> =>
  Object.fromEntries(Object.entries(form).filter(([name, value]) => value !== was[name as keyof T])) as Partial<T>;
