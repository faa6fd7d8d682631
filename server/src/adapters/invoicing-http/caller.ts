import { failed, succeeded, type CallFailure, type CallOutcome } from '#core/attempt/failure.ts';
import { codeOf } from '#core/error-code.ts';
import type { CallOptions } from '#ports/accounting-system.ts';
import { privateAddressCode, type Guard } from './guarded-lookup.ts';
import { noAnswer, readFailed, type Answer } from './failures.ts';

/** One request; a read without a body, a write with the exact bytes that were recorded. */
export type Request = {
  readonly method: 'DELETE' | 'GET' | 'PATCH' | 'POST';
  readonly path: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: string;
};

/** Sends a request; what comes back is an answer of any status, or how it failed to come. */
export type Call = (request: Request, limits: CallOptions) => Promise<CallOutcome<Answer>>;

/** Nothing was put on the wire. */
const neverLeft: ReadonlySet<string> = new Set([
  'ECONNREFUSED',
  'ENOTFOUND',
  'EAI_AGAIN',
  'EHOSTUNREACH',
  'ENETUNREACH',
  'UND_ERR_CONNECT_TIMEOUT',
  privateAddressCode,
]);

/** Speaks to the internal invoicing system of one company. */
export function createCaller(options: {
  readonly baseUrl: string;
  readonly token: string;
  /** Keeps calls out of one's own network; null where internal books may be in it. */
  readonly guard: Guard | null;
  /** Told the `Date` of every answer. */
  readonly heard?: (date: string | null) => void;
}): Call {
  const base = options.baseUrl.replace(/\/+$/, '');
  const { guard } = options;
  return async ({ method, path, headers, body }, limits) => {
    const deadline = AbortSignal.timeout(Math.max(0, Math.ceil(limits.deadlineMs)));
    const signal =
      limits.signal === undefined ? deadline : AbortSignal.any([limits.signal, deadline]);
    const isLate = signal.aborted;
    try {
      guard?.check(base);
      const response = await fetch(`${base}${path}`, {
        ...(guard === null ? {} : { dispatcher: guard.dispatcher }),
        method,
        headers: {
          authorization: `Bearer ${options.token}`,
          accept: 'application/json',
          ...(body === undefined ? {} : { 'content-type': 'application/json' }),
          ...headers,
        },
        ...(body === undefined ? {} : { body }),
        redirect: 'manual',
        signal,
      });
      const date = response.headers.get('date');
      options.heard?.(date);
      return succeeded({
        status: response.status,
        body: jsonOf(await response.text()),
        retryAfter: response.headers.get('retry-after'),
        date,
      });
    } catch (error) {
      const cause = signal.aborted
        ? 'no answer within the deadline'
        : (codeOf(error) ?? 'no answer');
      return failed(failureOf(method, cause, isLate || neverLeft.has(cause)));
    }
  };
}

/** A read changed nothing; a write that left may have been done. */
function failureOf(method: Request['method'], cause: string, stayed: boolean): CallFailure {
  if (method === 'GET')
    return neverLeft.has(cause) ? { kind: 'not-sent', cause } : readFailed(cause, null, null);
  return stayed ? { kind: 'not-sent', cause } : noAnswer(cause, null, null);
}

function jsonOf(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}
