// @vitest-environment happy-dom
import type { Action, Case } from "@jingwei/api";
import { VueQueryPlugin } from "@tanstack/vue-query";
import { flushPromises, mount } from "@vue/test-utils";
import { afterEach, beforeEach, expect, it, vi } from "vitest";
import { i18n } from "../../i18n";
import "../../shell/useKeys";
import MoveDialog from "./MoveDialog.vue";

const name = (zh: string) => ({ zh, en: zh });
const action = { move: "void", name: name("作废"), key: "x", style: "danger", form: [{ name: "reason", kind: "longtext", required: true, label: name("理由") }] } as Action;
const present = { id: "c1", number: "261122-0000001", version: 3, state: { code: "filed", name: name("待派遣"), kind: "open" }, unit: null, timeline: [], available_actions: [action], matter: { code: "1", name: "井盖" }, place: { code: "310101", name: "黄浦区" }, text: "井盖丢失" } as unknown as Case;
const sent: Request[] = [];
let answers: Response[] = [];
let texts: object[] = [];
const problem = (status: number, body: object) => new Response(JSON.stringify({ status, errors: [], ...body }), { status, headers: { "content-type": "application/problem+json" } });

beforeEach(() => {
  sent.length = 0;
  texts = [];
  sessionStorage.clear();
  localStorage.clear();
  vi.stubGlobal("fetch", async (request: Request) => {
    if (request.url.includes("/texts")) return Response.json(texts);
    sent.push(request.clone()); return answers.shift() ?? problem(500, {});
  });
});
afterEach(() => { vi.unstubAllGlobals(); document.body.innerHTML = ""; });

async function open() {
  const dialog = mount(MoveDialog, { props: { present, action }, attachTo: document.body, global: { plugins: [i18n, VueQueryPlugin] } });
  await flushPromises();
  const find = <T extends HTMLElement>(id: string) => document.querySelector<T>(`[data-testid="${id}"]`);
  const area = () => (find("form-reason") as HTMLTextAreaElement | null)!;
  const type = async (text: string) => { area().value = text; area().dispatchEvent(new Event("input")); await flushPromises(); };
  const submit = async () => { find("form-submit")!.click(); await flushPromises(); };
  return { dialog, find, area, type, submit };
}

it("asks for what is required before it sends", async () => {
  const { submit } = await open();
  await submit();
  expect(sent).toHaveLength(0);
  await vi.waitFor(() => expect(document.body.textContent).toContain("请填写理由"));
});

it("keeps what was typed and shows the present state when somebody was faster", async () => {
  const { dialog, find, area, type, submit } = await open();
  await type("重复上报");
  answers = [problem(409, { code: "stale_version", present: { ...present, version: 5, state: { code: "handling", name: name("处置中"), kind: "open" } } })];
  await submit();
  expect(find("move-conflict")!.textContent).toContain("处置中");
  expect(area().value).toBe("重复上报");
  expect(dialog.emitted("stale")).toHaveLength(1);
  answers = [Response.json({ ...present, version: 6 })];
  await submit();
  expect(dialog.emitted("done")).toHaveLength(1);
  expect((await sent[1]!.json()).seen_version).toBe(5);
  expect(sent[1]!.headers.get("Idempotency-Key")).not.toBe(sent[0]!.headers.get("Idempotency-Key"));
});

it("sends again under the same key after silence, and keeps a draft meanwhile", async () => {
  const { type, submit } = await open();
  await type("查无此事");
  answers = [problem(503, {}), Response.json({ ...present, version: 4 })];
  await submit();
  expect(localStorage.getItem("jingwei.draft.0.move.c1.void")).toContain("查无此事");
  await submit();
  expect(sent[1]!.headers.get("Idempotency-Key")).toBe(sent[0]!.headers.get("Idempotency-Key"));
  expect(localStorage.getItem("jingwei.draft.0.move.c1.void")).toBeNull();
});

it("sends what was changed after silence under another key: under the old one it would be taken for done", async () => {
  const { type, submit } = await open();
  await type("查无此事");
  answers = [problem(503, {}), problem(409, { code: "stale_version", present: { ...present, version: 4 } })];
  await submit();
  await type("查无此事，已电话告知");
  await submit();
  expect(sent[1]!.headers.get("Idempotency-Key")).not.toBe(sent[0]!.headers.get("Idempotency-Key"));
});

it("lets the keys of a word that is being composed through to nobody", async () => {
  const { dialog, area, type } = await open();
  await type("井");
  area().dispatchEvent(new KeyboardEvent("keydown", { key: "Enter", ctrlKey: true, isComposing: true, bubbles: true }));
  area().dispatchEvent(new KeyboardEvent("keydown", { key: "Escape", code: "Escape", isComposing: true, bubbles: true }));
  await flushPromises();
  expect(sent).toHaveLength(0);
  expect(dialog.emitted("close")).toBeUndefined();
});

it("says how much is too much instead of cutting it off", async () => {
  const { area, type, submit } = await open();
  await type("长".repeat(5001));
  await submit();
  expect(sent).toHaveLength(0);
  expect(area().value).toHaveLength(5001);
  await vi.waitFor(() => expect(document.body.textContent).toContain("5001"));
});

it("puts a standard text below what was written, and leaves it to be changed", async () => {
  texts = [{ code: "void-1", title: "重复", text: "经核实与＿＿重复。", gaps: ["other"] }, { code: "void-2", title: "误报", text: "经核实为误报。", gaps: [] }];
  const { area, type, find } = await open();
  await vi.waitFor(() => expect(find("texts-reason")).toBeTruthy());
  const pick = async (code: string) => {
    find("texts-reason")!.querySelector<HTMLElement>(".el-select__wrapper")!.click();
    await vi.waitFor(() => expect(find(`text-${code}`)).toBeTruthy());
    find(`text-${code}`)!.click();
    await flushPromises();
  };
  await pick("void-1");
  expect(area().value).toBe("经核实与＿＿重复。");
  await pick("void-2");
  expect(area().value).toBe("经核实为误报。");
  await type("经核实为误报，已告知。");
  await pick("void-1");
  expect(area().value).toBe("经核实为误报，已告知。\n经核实与＿＿重复。");
});
