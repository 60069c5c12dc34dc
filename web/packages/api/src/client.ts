/** One typed client for every app: same-origin cookie, CSRF header, language, and one place that hears of a session's end. */
import createClient, { type Middleware } from "openapi-fetch";
import { ApiProblem, asProblem, problemFrom } from "./problem";
import type { paths } from "./schema.gen";
import type { StoredFile } from "./types";

let language = "zh-Hans";
let person = 0;
let onSessionEnd: (other: boolean) => void = () => {};
let onServerTime: (ms: number) => void = () => {};

export function setApiLanguage(code: string): void {
  language = code;
}
/** For whom this window acts; should somebody else have logged in beside it, the server refuses. 0: nobody yet. */
export function setApiPerson(id: number): void {
  person = id;
}
/** `other`: because somebody else has logged in in this browser. */
export function whenSessionEnds(listener: (other: boolean) => void): void {
  onSessionEnd = listener;
}
/** Hears the server's clock with every answer. */
export function whenServerTells(listener: (ms: number) => void): void {
  onServerTime = listener;
}

/** When somebody last touched this window. What a page asks for by itself later than that says so, and keeps no session alive. */
let touched = Date.now();
const ALONE = 60_000;
for (const event of ["pointerdown", "keydown", "wheel", "touchstart"]) addEventListener(event, () => (touched = Date.now()), { passive: true, capture: true });

const cookie = (name: string) => new RegExp(`(?:^|; )${name}=([^;]*)`).exec(document.cookie)?.[1] ?? "";
const isWrite = (method: string) => !["GET", "HEAD", "OPTIONS"].includes(method);
const isLogIn = (url: string) => url.endsWith("/api/v1/session");

const isOther = async (response: Response) => ((await response.json().catch(() => null)) as { code?: string } | null)?.code === "other_person";

const manners: Middleware = {
  onRequest({ request }) {
    request.headers.set("Accept-Language", language);
    if (Date.now() - touched > ALONE) request.headers.set("X-Unattended", "1");
    if (person) request.headers.set("X-Person", String(person));
    if (isWrite(request.method)) request.headers.set("X-CSRFToken", cookie("csrftoken"));
    return request;
  },
  async onResponse({ request, response }) {
    const told = Date.parse(response.headers.get("Date") ?? "");
    if (told) onServerTime(told);
    if (response.status === 401 && !isLogIn(request.url)) onSessionEnd(await isOther(response.clone()));
  },
};

/** A line that swallows everything gives no error by itself; a change goes out again under its key, so that nothing is done twice. */
const PATIENCE = 60_000;
const STALLED = 45_000; // an upload that does not come on

// The page's own origin, said in full: Request knows no relative addresses outside a browser (tests).
export const api = createClient<paths>({ baseUrl: location.origin, credentials: "same-origin", fetch: (request) => fetch(request, { signal: AbortSignal.timeout(PATIENCE) }) });
api.use(manners);

interface Answer<T> { data?: T; error?: unknown; response: Response }

/** The answer's body, or an ApiProblem thrown. */
export async function answer<T>(call: Promise<Answer<T>>): Promise<T> {
  let got: Answer<T>;
  try {
    got = await call;
  } catch (error) {
    throw asProblem(error);
  }
  if (!got.response.ok) throw problemFrom(got.response.status, got.error);
  return got.data as T;
}

/** A key for one intended change. randomUUID needs https; a command centre's intranet may not have it. */
export function newKey(): string {
  if (typeof crypto.randomUUID === "function") return crypto.randomUUID();
  return [...crypto.getRandomValues(new Uint8Array(16))].map((byte) => byte.toString(16).padStart(2, "0")).join("");
}

/** The key of one intended change: it stays while the same body is sent again after silence, until a definite answer came. What was changed
 * meanwhile is another change: under the old key it would be taken for done. */
export function keyOfChange() {
  let key = newKey(), sent = "";
  return {
    of(body: unknown): string {
      const text = JSON.stringify(body);
      if (sent && sent !== text) key = newKey();
      sent = text;
      return key;
    },
    decided() { key = newKey(); sent = ""; },
    /** Sends the change under its key, which stays the same until a definite answer came, so that nothing is done twice. */
    async send<T>(body: unknown, ask: (key: string) => Promise<T>): Promise<T> {
      try {
        const found = await ask(this.of(body));
        this.decided();
        return found;
      } catch (error) {
        if (!asProblem(error).undecided) this.decided();
        throw error;
      }
    },
  };
}

/** Sends one photograph or document. */
export function uploadFile(file: File, onProgress: (share: number) => void): Promise<StoredFile> {
  const form = new FormData();
  form.append("file", file);
  return upload<StoredFile>("/api/v1/files", form, {}, onProgress);
}

/** Sends a file as the body itself, of any size; its name goes beside it, in no address. */
export function sendFile<T>(address: string, file: File, onProgress: (share: number) => void): Promise<T> {
  return upload<T>(address, file, { "Content-Type": "application/octet-stream", "X-File-Name": encodeURIComponent(file.name) }, onProgress);
}

/** fetch cannot tell how far an upload has come, XMLHttpRequest can. */
function upload<T>(address: string, content: XMLHttpRequestBodyInit, headers: Record<string, string>, onProgress: (share: number) => void): Promise<T> {
  return new Promise((resolve, reject) => {
    const request = new XMLHttpRequest();
    request.open("POST", address);
    for (const [name, value] of Object.entries(headers)) request.setRequestHeader(name, value);
    request.setRequestHeader("X-CSRFToken", cookie("csrftoken"));
    request.setRequestHeader("Accept-Language", language);
    if (person) request.setRequestHeader("X-Person", String(person));
    let stalled = setTimeout(() => request.abort(), STALLED);
    request.upload.onprogress = (event) => {
      clearTimeout(stalled);
      stalled = setTimeout(() => request.abort(), STALLED);
      if (event.lengthComputable) onProgress(event.loaded / event.total);
    };
    request.onerror = request.onabort = () => reject(new ApiProblem(0, "unreachable", ""));
    request.onloadend = () => clearTimeout(stalled);
    request.onload = () => {
      let body: unknown = null;
      try { body = JSON.parse(request.responseText); } catch { /* not JSON: the status says enough */ }
      if (request.status === 401) onSessionEnd((body as { code?: string } | null)?.code === "other_person");
      if (request.status >= 200 && request.status < 300) resolve(body as T);
      else reject(problemFrom(request.status, body));
    };
    request.upload.onload = () => clearTimeout(stalled); // what has been sent is being looked at, which takes its time
    request.send(content);
  });
}
