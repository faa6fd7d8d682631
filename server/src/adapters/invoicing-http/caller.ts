import { failed, succeeded, type CallFailure, type CallOutcome } from '#core/attempt/failure.ts';
import type { CallOptions } from '#ports/accounting-system.ts';
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
]);

/** Speaks to the internal invoicing system of one company. */
export function createCaller(options: {
  readonly baseUrl: string;
  readonly token: string;
  /** Told the `Date` of every answer. */
  readonly heard?: (date: string | null) => void;
}): Call {
  const base = options.baseUrl.replace(/\/+$/, '');
  return async ({ method, path, headers, body }, limits) => {
    const deadline = AbortSignal.timeout(Math.max(0, Math.ceil(limits.deadlineMs)));
    const signal =
      limits.signal === undefined ? deadline : AbortSignal.any([limits.signal, deadline]);
    const isLate = signal.aborted;
    try {
      const response = await fetch(`${base}${path}`, {
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
      const cause = signal.aborted ? 'no answer within the deadline' : causeOf(error);
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

/** The code under fetch's wrapper; never the request, which holds the token. */
function causeOf(error: unknown): string {
  const inner = error instanceof Error ? error.cause : undefined;
  const isCoded = typeof inner === 'object' && inner !== null && 'code' in inner;
  return isCoded && typeof inner.code === 'string' ? inner.code : 'no answer';
}
