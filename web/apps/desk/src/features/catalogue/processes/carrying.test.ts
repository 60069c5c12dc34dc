import type { ProcessDoc } from "@jingwei/api";
import { expect, it } from "vitest";
import { readDocument, writeDocument } from "./carrying";

const doc: ProcessDoc = {
  code: "p", version: 2, name: ["流程", "Process"], valid_from: "2027-01-01",
  state: [{ code: "a", name: ["甲", "A"], kind: "open", start: true }, { code: "z", name: ["终", "Z"], kind: "final", start: false }],
  move: [{ action: "void", from: ["*"], to: "z", roles: ["shift_leader"], holder: false, form: ["reason!"], guards: [], clock: "stop", key: "z", style: "danger" }],
};

it.each(["toml", "json"] as const)("a process goes out as %s and comes back the same", async (kind) => {
  const text = await writeDocument(doc, kind);
  const back = await readDocument(`p.${kind}`, text);
  expect(back).toMatchObject({ code: "p", version: 2, valid_from: "2027-01-01", state: doc.state });
  expect(back.move[0]).toEqual({ action: "void", from: ["*"], to: "z", roles: ["shift_leader"], form: ["reason!"], clock: "stop", key: "z", style: "danger" });
  if (kind === "toml") expect(text).toContain("valid_from = 2027-01-01");
});

it("what is neither is refused", async () => {
  await expect(readDocument("x.toml", "= =")).rejects.toThrow();
  await expect(readDocument("x.json", "{")).rejects.toThrow();
});
