/** An answer that was not a success, as RFC 9457 problem details; `status` 0 when no answer came at all. */
import type { CaseRow, Name } from "./types";

export interface FieldError { field: string; message: string | Name }

export class ApiProblem extends Error {
  constructor(
    readonly status: number,
    readonly code: string,
    readonly detail: string,
    readonly errors: FieldError[] = [],
    readonly present: CaseRow | null = null,
  ) {
    super(detail || code || String(status));
    this.name = "ApiProblem";
  }

  /** No definite answer: the same request may be sent again under the same idempotency key. */
  get undecided(): boolean {
    return this.status === 0 || this.status >= 500;
  }
}

export function problemFrom(status: number, body: unknown): ApiProblem {
  const raw = (body && typeof body === "object" ? body : {}) as Record<string, unknown>;
  const text = (value: unknown) => (typeof value === "string" ? value : "");
  return new ApiProblem(
    status,
    text(raw.code) || `http_${status}`,
    text(raw.detail) || text(raw.title),
    Array.isArray(raw.errors) ? (raw.errors as FieldError[]) : [],
    (raw.present as CaseRow | undefined) ?? null,
  );
}

export const asProblem = (error: unknown): ApiProblem =>
  error instanceof ApiProblem ? error : new ApiProblem(0, "unreachable", ""); // a browser's own words ("Failed to fetch") are for nobody
