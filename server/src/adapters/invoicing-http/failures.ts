import { retryLimits } from '#core/attempt/backoff.ts';
import {
  makingForbidden,
  paymentsForbid,
  type CallFailure,
  type Fault,
} from '#core/attempt/failure.ts';
import type { Instant } from '#core/brand.ts';
import type { InvoicingWrite } from '#ports/invoicing-system.ts';
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

/** What of a write decides what its refusal means. */
type Attempted = Pick<InvoicingWrite, 'object' | 'operation'>;

/**
 * Sorts an answer to a write. Anything that does not say clearly that nothing was done leaves it open: it may have
 * happened (architecture.md §3, "Failures lead by kind").
 */
export function judgeWrite(answer: Answer, write: Attempted, now: Instant): CallFailure {
  const { status, retryAfter } = answer;
  const fault = faultOf(answer);
  if (status === 401 || status === 403)
    return { kind: 'access-lapsed', cause: `internal invoicing answered HTTP ${status}`, fault };
  if (status === 429) return { kind: 'throttled', retryAfterMs: retryAfterMs(retryAfter, now) };
  if ((status === 404 || status === 410) && namesAnObject(write))
    return { kind: 'not-found', fault };
  if (status === 412) return { kind: 'stale-version', held: null, fault };
  // An earlier send of the same write is still running there (http.md §4, idempotency keys).
  if (status === 409 && retryAfter !== null)
    return noAnswer('the same write is still running there', status, fault);
  if (isMakingForbidden(status, write)) return notAllowed(write, status, fault);
  if (status === 409 || status === 422) return refusedWrite('VALIDATION', answer, write, fault);
  if (status >= 400 && status < 500 && status !== 408 && fault !== null)
    return refusedWrite('MAPPING', answer, write, fault);
  return noAnswer(`HTTP ${status}`, status, fault);
}

/** A create under a fixed path has nothing to be missing: a 404 there is a system that does not offer the call. */
const namesAnObject = ({ object, operation }: Attempted): boolean =>
  operation !== 'CREATED' || object === 'Payment';

/** 405 is the contract's word; a system without the call at all may answer 404. */
const isMakingForbidden = (status: number, write: Attempted): boolean =>
  status === 405 || (status === 404 && !namesAnObject(write));

const isRecord = {
  Invoice: false,
  Payment: false,
  Customer: true,
  Item: true,
} as const satisfies Record<Attempted['object'], boolean>;

const notAllowed = ({ object }: Attempted, httpStatus: number, stated: Fault | null): CallFailure =>
  refused(isRecord[object] ? 'MISSING_REFERENCE' : 'VALIDATION', httpStatus, {
    ...(stated ?? bareFault(httpStatus)),
    code: makingForbidden,
  });

function refusedWrite(
  reason: 'VALIDATION' | 'MAPPING',
  { status, body }: Answer,
  { object, operation }: Attempted,
  stated: Fault | null,
): CallFailure {
  const fault = stated ?? bareFault(status);
  const forbiddenByPayments = operation === 'VOIDED' && status === 409;
  const named = forbiddenByPayments ? { ...fault, code: paymentsForbid } : fault;
  const refusal = refused(reason, status, named);
  if (object !== 'Invoice' || operation !== 'CREATED') return refusal;
  // The reference is unique there: taken means that an earlier create of ours arrived after all (http.md §4).
  const isTaken = status === 409 || fault.element === 'externalRef';
  const existingId = parseProblem(body)?.invoiceId ?? null;
  return { ...refusal, existingId, mayHaveCommitted: isTaken };
}

const bareFault = (httpStatus: number): Fault => ({
  code: String(httpStatus),
  message: `Internal invoicing answered HTTP ${httpStatus}`,
  detail: null,
  element: null,
});

const refused = (
  reason: 'VALIDATION' | 'MAPPING' | 'MISSING_REFERENCE',
  httpStatus: number,
  fault: Fault,
): Extract<CallFailure, { kind: 'refused' }> => ({
  kind: 'refused',
  reason,
  httpStatus,
  fault,
  existingId: null,
  mayHaveCommitted: false,
});

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
