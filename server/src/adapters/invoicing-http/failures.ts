import { retryLimits } from '#core/attempt/backoff.ts';
import { paymentsForbid, type CallFailure, type Fault } from '#core/attempt/failure.ts';
import type { Instant } from '#core/brand.ts';
import { parseProblem } from './wire.ts';

/** An answer as it arrived; `body` is parsed JSON, or null where it was none. */
export type Answer = {
  readonly status: number;
  readonly body: unknown;
  readonly retryAfter: string | null;
  /** That side's clock as it answered, by its Date header. */
  readonly date: string | null;
};

/** Sorts an answer to a read by what must happen next; a read changed nothing, whatever became of it. */
export function judgeRead(answer: Answer, now: Instant): CallFailure {
  const { status } = answer;
  const fault = faultOf(answer);
  if (status === 401 || status === 403)
    return { kind: 'access-lapsed', cause: `internal invoicing answered HTTP ${status}`, fault };
  if (status === 429 || (status === 503 && answer.retryAfter !== null))
    return { kind: 'throttled', retryAfterMs: retryAfterMs(answer.retryAfter, now) };
  if (status === 404 || status === 410) return { kind: 'not-found', fault };
  if (status === 412) return { kind: 'stale-version', held: null, fault };
  if (status >= 300 && status < 400)
    return readFailed(`it redirects (HTTP ${status}), which is not followed`, status, fault);
  if (status >= 400 && status < 500 && fault !== null && status !== 408)
    return {
      kind: 'refused',
      reason: 'MAPPING',
      httpStatus: status,
      fault,
      existingId: null,
      mayHaveCommitted: false,
    };
  return readFailed(`HTTP ${status}`, status, fault);
}

/**
 * Sorts an answer to a write. Anything that does not say clearly that nothing was done leaves it open: it may have
 * happened (architecture.md §3, "Failures lead by kind").
 */
export function judgeWrite(
  answer: Answer,
  operation: 'UPDATED' | 'VOIDED',
  now: Instant,
): CallFailure {
  const { status, retryAfter } = answer;
  const fault = faultOf(answer);
  if (status === 401 || status === 403)
    return { kind: 'access-lapsed', cause: `internal invoicing answered HTTP ${status}`, fault };
  if (status === 429) return { kind: 'throttled', retryAfterMs: retryAfterMs(retryAfter, now) };
  if (status === 404 || status === 410) return { kind: 'not-found', fault };
  if (status === 412) return { kind: 'stale-version', held: null, fault };
  // An earlier send of the same write is still running there (http.md §4, idempotency keys).
  if (status === 409 && retryAfter !== null)
    return noAnswer('the same write is still running there', status, fault);
  if (status === 409 || status === 422) return refusedAs('VALIDATION', operation, status, fault);
  if (status >= 400 && status < 500 && status !== 408 && fault !== null)
    return refusedAs('MAPPING', operation, status, fault);
  return noAnswer(`HTTP ${status}`, status, fault);
}

function refusedAs(
  reason: 'VALIDATION' | 'MAPPING',
  operation: 'UPDATED' | 'VOIDED',
  httpStatus: number,
  stated: Fault | null,
): CallFailure {
  const message = `Internal invoicing answered HTTP ${httpStatus}`;
  const fault = stated ?? { code: String(httpStatus), message, detail: null, element: null };
  const forbiddenByPayments = operation === 'VOIDED' && httpStatus === 409;
  return {
    kind: 'refused',
    reason,
    httpStatus,
    fault: forbiddenByPayments ? { ...fault, code: paymentsForbid } : fault,
    existingId: null,
    mayHaveCommitted: false,
  };
}

export const noAnswer = (
  cause: string,
  httpStatus: number | null,
  fault: Fault | null,
): CallFailure => ({ kind: 'no-answer', cause, httpStatus, fault });

export const readFailed = (
  cause: string,
  httpStatus: number | null,
  fault: Fault | null,
): CallFailure => ({ kind: 'read-failed', cause, httpStatus, fault });

/** An invoice of a shape the bridge does not know: reading it again changes nothing. */
export const notUnderstood = (status: number, problem: string): CallFailure => ({
  kind: 'refused',
  reason: 'MAPPING',
  httpStatus: status,
  fault: {
    code: 'UNREADABLE',
    message: 'The bridge does not understand this invoice',
    detail: problem,
    element: null,
  },
  existingId: null,
  mayHaveCommitted: false,
});

/** RFC 9457 problem details as a fault; the first wrong field is its element. */
function faultOf({ status, body }: Answer): Fault | null {
  const problem = parseProblem(body);
  if (problem === null) return null;
  const first = problem.errors?.[0];
  return {
    code: problem.type ?? String(status),
    message: problem.title ?? `HTTP ${status}`,
    detail: problem.detail ?? first?.message ?? null,
    element: first?.path ?? null,
  };
}

/** Seconds or a date, as HTTP allows. */
function retryAfterMs(header: string | null, now: Instant): number {
  const text = header?.trim() ?? '';
  if (/^\d{1,6}$/.test(text)) return Number(text) * 1_000;
  const until = Date.parse(text) - now;
  return Number.isNaN(until) || until <= 0 ? retryLimits.throttleMsDefault : until;
}
