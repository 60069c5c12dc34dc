/** One typed client for every app: same-origin cookie, CSRF header, language, and one place that hears of a session's end. */
import createClient, { type Middleware } from "openapi-fetch";
import { ApiProblem, asProblem, problemFrom } from "./problem";
import type { paths } from "./schema.gen";
import type { StoredFile } from "./types";

let language = "zh-Hans";
let onSessionEnd: () => void = () => {};

export function setApiLanguage(code: string): void {
  language = code;
}
export function whenSessionEnds(listener: () => void): void {
  onSessionEnd = listener;
}

/** When somebody last touched this window. What a page asks for by itself later than that says so, and keeps no session alive. */
let touched = Date.now();
const ALONE = 60_000;
for (const event of ["pointerdown", "keydown", "wheel", "touchstart"]) addEventListener(event, () => (touched = Date.now()), { passive: true, capture: true });

const cookie = (name: string) => new RegExp(`(?:^|; )${name}=([^;]*)`).exec(document.cookie)?.[1] ?? "";
const isWrite = (method: string) => !["GET", "HEAD", "OPTIONS"].includes(method);
const isLogIn = (url: string) => url.endsWith("/api/v1/session");

const manners: Middleware = {
  onRequest({ request }) {
    request.headers.set("Accept-Language", language);
    if (Date.now() - touched > ALONE) request.headers.set("X-Unattended", "1");
    if (isWrite(request.method)) request.headers.set("X-CSRFToken", cookie("csrftoken"));
    return request;
  },
  onResponse({ request, response }) {
    if (response.status === 401 && !isLogIn(request.url)) onSessionEnd();
  },
};

// The page's own origin, said in full: Request knows no relative addresses outside a browser (tests).
export const api = createClient<paths>({ baseUrl: location.origin, credentials: "same-origin", fetch: (request) => fetch(request) });
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

/** Sends one file; fetch cannot tell how far an upload has come, XMLHttpRequest can. */
export function uploadFile(file: File, onProgress: (share: number) => void): Promise<StoredFile> {
  return new Promise((resolve, reject) => {
    const request = new XMLHttpRequest();
    request.open("POST", "/api/v1/files");
    request.setRequestHeader("X-CSRFToken", cookie("csrftoken"));
    request.setRequestHeader("Accept-Language", language);
    request.upload.onprogress = (event) => event.lengthComputable && onProgress(event.loaded / event.total);
    request.onerror = () => reject(new ApiProblem(0, "unreachable", ""));
    request.onload = () => {
      let body: unknown = null;
      try { body = JSON.parse(request.responseText); } catch { /* not JSON: the status says enough */ }
      if (request.status === 401) onSessionEnd();
      if (request.status >= 200 && request.status < 300) resolve(body as StoredFile);
      else reject(problemFrom(request.status, body));
    };
    const form = new FormData();
    form.append("file", file);
    request.send(form);
  });
}
