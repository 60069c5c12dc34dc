/** Which pictures show the trouble, and which what was done about it: the server says so of each. Pure. */
import type { StoredFile } from "@jingwei/api";

export const beforeAfter = (files: readonly StoredFile[]): { before: StoredFile[]; after: StoredFile[] } => ({
  before: files.filter((file) => file.shows === "before"), after: files.filter((file) => file.shows === "after"),
});
