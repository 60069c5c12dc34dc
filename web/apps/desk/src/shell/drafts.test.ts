// @vitest-environment happy-dom
import { beforeEach, expect, it } from "vitest";
import { draftOf, forgetOldDrafts } from "./drafts";

interface Note { text: string }
const another = () => sessionStorage.clear(); // what another window sees: the browser's storage, and none of its own
beforeEach(() => { localStorage.clear(); sessionStorage.clear(); });

it("is found again after the window was closed, and gone once it is sent", () => {
  const first = draftOf<Note>("case");
  expect(first.found).toBeNull();
  first.keep({ text: "井盖" });
  another();
  const again = draftOf<Note>("case");
  expect(again.found).toEqual({ text: "井盖" });
  again.keep(null);
  expect(draftOf<Note>("case").found).toBeNull();
});

it("goes on with its own window's, and leaves another window's where it is", () => {
  const mine = draftOf<Note>("case");
  mine.keep({ text: "我的" });
  const kept = { ...sessionStorage };
  another();
  draftOf<Note>("case").keep({ text: "另一窗口的" });
  another();
  for (const [name, value] of Object.entries(kept)) sessionStorage.setItem(name, value as string);
  expect(draftOf<Note>("case").found).toEqual({ text: "我的" });
  mine.keep(null);
  expect(draftOf<Note>("case").found).toEqual({ text: "另一窗口的" });
});

it("is one person's", () => {
  localStorage.setItem("jingwei.draft.7.case", JSON.stringify({ at: Date.now(), value: { text: "别人的" } }));
  expect(draftOf<Note>("case").found).toBeNull();
});

it("goes after a week, and what can't be read does not stop the desk", () => {
  localStorage.setItem("jingwei.draft.0.old", JSON.stringify({ at: Date.now() - 8 * 86_400_000, value: {} }));
  draftOf<Note>("new").keep({ text: "新" });
  forgetOldDrafts();
  expect(localStorage.getItem("jingwei.draft.0.old")).toBeNull();
  expect(localStorage.getItem("jingwei.draft.0.new")).not.toBeNull();
  localStorage.setItem("jingwei.draft.0.broken", "{");
  expect(forgetOldDrafts).not.toThrow();
});
