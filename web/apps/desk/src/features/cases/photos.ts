/** Which pictures show the trouble, and which what was done about it. Pure. */
import type { StoredFile } from "@jingwei/api";

/** What came with the report, its confirmation or a call to the spot shows the trouble; what came with a later move shows what was done. */
const SHOW_THE_TROUBLE = ["", "open", "confirm", "summon", "arrive"];
export function beforeAfter(files: readonly StoredFile[]): { before: StoredFile[]; after: StoredFile[] } {
  const isBefore = (file: StoredFile) => SHOW_THE_TROUBLE.includes(file.move);
  return { before: files.filter(isBefore), after: files.filter((file) => !isBefore(file)) };
}
