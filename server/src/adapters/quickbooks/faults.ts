import type { CallFailure, Fault, RefusalReason } from '#core/attempt/failure.ts';
import { retryLimits } from '#core/attempt/backoff.ts';
import { unreachable } from '#core/unreachable.ts';
import type { Answer } from './client.ts';
import { readFault, type WireFault } from './fault-body.ts';

/** What a call was for; the same answer leads elsewhere for a read than for a write. */
export type CallPurpose = 'read' | 'create' | 'change';

/** A failure, or word that the access token is not taken (any more): refresh once, then say access lapsed. */
export type Judgement = CallFailure | { readonly kind: 'unauthorized'; readonly fault: Fault };

/** What a fault code means; the table of quickbooks.md §4.2. Codes decide, never their prose. */
type Meaning =
  | 'stale'
  | 'not-found'
  | 'throttled'
  | 'unauthorized'
  | 'lapsed'
  | 'outage'
  | 'maybe-done'
  | RefusalReason;

const meanings: Readonly<Record<string, Meaning>> = {
  '5010': 'stale',
  '610': 'not-found',
  '3001': 'throttled',
  '3200': 'unauthorized',
  '100': 'unauthorized',
  '3100': 'lapsed', // wrong realm or environment: a refresh does not help (§1.3)
  '120': 'lapsed',
  '140': 'lapsed',
  '150': 'lapsed',
  '6190': 'lapsed',
  '10000': 'outage',
  '4002': 'outage',
  '600': 'maybe-done', // the request id was seen before: what it did has to be looked up (§3)
  '6200': 'PERIOD_CLOSED',
  '6210': 'PERIOD_CLOSED',
  '2500': 'MISSING_REFERENCE',
  '6250': 'MISSING_REFERENCE',
  '6140': 'DUPLICATE_NUMBER',
  '620': 'VALIDATION',
  '2020': 'VALIDATION',
  '2050': 'VALIDATION',
  '2090': 'VALIDATION',
  '2170': 'VALIDATION',
  '2210': 'VALIDATION',
  '6000': 'VALIDATION',
  '6070': 'VALIDATION',
  '6090': 'VALIDATION',
  '6100': 'VALIDATION',
  '6160': 'VALIDATION',
  '6170': 'VALIDATION',
  '6180': 'VALIDATION',
  '6220': 'VALIDATION',
  '6240': 'VALIDATION',
  '6480': 'VALIDATION',
  '6540': 'VALIDATION',
};

/** Sorts an answer by what must happen next; null when it is a success by status and holds no fault. */
export function judge(answer: Answer, purpose: CallPurpose): Judgement | null {
  if (answer.kind === 'unanswered') {
    if (!answer.left) return { kind: 'not-sent', cause: answer.cause };
    return unknownOutcome(purpose, answer.cause, null, null);
  }
  const wire = readFault(answer.body);
  const { status } = answer;
  if (wire !== null) return judgeFault(wire, answer, purpose);
  if (status === 429) return throttled(answer.retryAfter, answer.date);
  if (status === 401) return { kind: 'unauthorized', fault: bareFault(status) };
  if (status === 403)
    return { kind: 'access-lapsed', cause: 'QuickBooks answered HTTP 403', fault: null };
  if (status >= 200 && status < 300) return null;
  return unknownOutcome(purpose, `HTTP ${status} without a readable fault`, status, null);
}

/** The failure of a successful status whose body is not what was asked for (quickbooks.md §8.6). */
export const unreadable = (answer: Answer, purpose: CallPurpose, problem: string): CallFailure =>
  unknownOutcome(
    purpose,
    `unreadable answer: ${problem}`,
    answer.kind === 'answered' ? answer.status : null,
    null,
  );

function judgeFault(
  { type, fault }: WireFault,
  answer: Extract<Answer, { kind: 'answered' }>,
  purpose: CallPurpose,
): Judgement {
  const { status } = answer;
  const meaning = meanings[fault.code] ?? meaningByStatus(status, type);
  switch (meaning) {
    case 'stale':
      return { kind: 'stale-version', held: null, fault };
    case 'not-found':
      return purpose === 'create'
        ? refused('MISSING_REFERENCE', status, fault)
        : { kind: 'not-found', fault };
    case 'throttled':
      return throttled(answer.retryAfter, answer.date);
    case 'unauthorized':
      return { kind: 'unauthorized', fault };
    case 'lapsed':
      return { kind: 'access-lapsed', cause: lapsedCause(fault), fault };
    case 'outage':
    case 'maybe-done':
      return unknownOutcome(purpose, `QuickBooks fault ${fault.code}`, status, fault);
    case 'VALIDATION':
    case 'PERIOD_CLOSED':
    case 'MISSING_REFERENCE':
    case 'DUPLICATE_NUMBER':
    case 'MAPPING':
      return status >= 500
        ? unknownOutcome(purpose, `HTTP ${status}`, status, fault)
        : refused(meaning, status, fault);
    default:
      return unreachable(meaning);
  }
}

/** Codes nobody has written down: their status and type say whether anybody looked at the request. */
function meaningByStatus(status: number, type: string): Meaning {
  if (status === 429) return 'throttled';
  if (status === 401 || /^AUTHENTICATION/i.test(type)) return 'unauthorized';
  if (status === 403 || /^AUTHORIZATION/i.test(type)) return 'lapsed';
  if (status >= 500 || /^(SystemFault|SERVICE)$/i.test(type)) return 'outage';
  return 'MAPPING';
}

function refused(reason: RefusalReason, status: number, fault: Fault): CallFailure {
  return {
    kind: 'refused',
    reason,
    httpStatus: status,
    fault,
    existingId: reason === 'DUPLICATE_NUMBER' ? holderOfNumber(fault) : null,
    mayHaveCommitted: fault.code === '6000', // seen together with a created invoice (§4.2)
  };
}

/** The one detail a machine may read: its tail names the document that holds the number (quickbooks.md §3). */
const holderOfNumber = (fault: Fault): string | null =>
  /TxnType=Invoice with TxnId=(\d+)/.exec(fault.detail ?? '')?.[1] ?? null;

/** A read changed nothing; a write may have happened, and is settled by evidence. */
function unknownOutcome(
  purpose: CallPurpose,
  cause: string,
  httpStatus: number | null,
  fault: Fault | null,
): CallFailure {
  const kind = purpose === 'read' ? 'read-failed' : 'no-answer';
  return { kind, cause, httpStatus, fault };
}

const bareFault = (status: number): Fault => ({
  code: String(status),
  message: 'The access token was not accepted',
  detail: null,
  element: null,
});

function lapsedCause(fault: Fault): string {
  const causes: Readonly<Record<string, string>> = {
    '3100': 'The connection does not reach this company (wrong company, environment or permission)',
    '120': 'The user who connected the company lost access to it',
    '140': 'The company file is locked',
    '150': 'The company file is under maintenance',
    '6190': 'The QuickBooks subscription ended',
  };
  return causes[fault.code] ?? 'QuickBooks does not let the bridge in';
}

/** Seconds or a date; Intuit does not promise the header and advises 60 s (quickbooks.md §5). */
function throttled(retryAfter: string | null, date: string | null): CallFailure {
  const seconds = /^\d{1,6}$/.exec(retryAfter?.trim() ?? '')?.[0];
  if (seconds !== undefined) return { kind: 'throttled', retryAfterMs: Number(seconds) * 1_000 };
  const until = Date.parse(retryAfter ?? '') - Date.parse(date ?? '');
  const retryAfterMs = Number.isNaN(until) || until <= 0 ? retryLimits.throttleMsDefault : until;
  return { kind: 'throttled', retryAfterMs };
}
