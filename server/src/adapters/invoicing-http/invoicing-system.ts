import { failed, succeeded, type CallOutcome } from '#core/attempt/failure.ts';
import { isJsonObject } from '#core/json.ts';
import type { CallOptions, Found, Seen } from '#ports/accounting-system.ts';
import type { Clock } from '#ports/clock.ts';
import type { InvoicingSystem } from '#ports/invoicing-system.ts';
import { createChanges } from './changes.ts';
import { decodeInvoice } from './codec.ts';
import { judgeRead, notUnderstood, readFailed, type Answer } from './failures.ts';
import { parseInvoice, parseList } from './wire.ts';

export type InvoicingSystemOptions = {
  readonly baseUrl: string;
  readonly token: string;
  readonly clock: Clock;
};

/** The internal invoicing system of one company over its REST contract (http.md §4). */
export function createInvoicingSystem(options: InvoicingSystemOptions): InvoicingSystem {
  const get = getter(options);
  return {
    readInvoice: async (id, limits): Promise<CallOutcome<Found>> => {
      const answer = await get(`/invoices/${encodeURIComponent(id)}`, limits);
      if (!answer.ok) return answer;
      const { status } = answer.value;
      if (status === 404) return succeeded({ gone: 'never-existed' });
      if (status === 410) return succeeded({ gone: 'deleted' });
      if (status !== 200) return failed(judgeRead(answer.value, options.clock.now()));
      return seenFrom(answer.value.body);
    },
    findByExternalRef: async (externalRef, limits): Promise<CallOutcome<readonly Seen[]>> => {
      const query = new URLSearchParams({ externalRef });
      const answer = await get(`/invoices?${query.toString()}`, limits);
      if (!answer.ok) return answer;
      if (answer.value.status !== 200) return failed(judgeRead(answer.value, options.clock.now()));
      const list = parseList(answer.value.body);
      if (list === null) return failed(readFailed('no list of invoices', 200, null));
      return allSeen(list);
    },
    changesSince: createChanges(get, options.clock),
  };
}

function seenFrom(body: unknown): CallOutcome<Seen> {
  if (!isJsonObject(body)) return failed(readFailed('no invoice in the answer', 200, null));
  const parsed = parseInvoice(body);
  if (!parsed.ok) return failed(notUnderstood(200, parsed.problem));
  return succeeded({ invoice: decodeInvoice(parsed.wire), raw: parsed.raw });
}

function allSeen(list: readonly unknown[]): CallOutcome<readonly Seen[]> {
  const seen: Seen[] = [];
  for (const entry of list) {
    const one = seenFrom(entry);
    if (!one.ok) return one;
    seen.push(one.value);
  }
  return succeeded(seen);
}

type Get = (path: string, limits: CallOptions) => Promise<CallOutcome<Answer>>;

/** Nothing was put on the wire. */
const neverLeft: ReadonlySet<string> = new Set([
  'ECONNREFUSED',
  'ENOTFOUND',
  'EAI_AGAIN',
  'EHOSTUNREACH',
  'ENETUNREACH',
  'UND_ERR_CONNECT_TIMEOUT',
]);

function getter({ baseUrl, token }: InvoicingSystemOptions): Get {
  const base = baseUrl.replace(/\/+$/, '');
  return async (path, limits) => {
    const deadline = AbortSignal.timeout(Math.max(0, Math.ceil(limits.deadlineMs)));
    const signal =
      limits.signal === undefined ? deadline : AbortSignal.any([limits.signal, deadline]);
    try {
      const response = await fetch(`${base}${path}`, {
        headers: { authorization: `Bearer ${token}`, accept: 'application/json' },
        redirect: 'manual',
        signal,
      });
      return succeeded({
        status: response.status,
        body: jsonOf(await response.text()),
        retryAfter: response.headers.get('retry-after'),
        date: response.headers.get('date'),
      });
    } catch (error) {
      const cause = signal.aborted ? 'no answer within the deadline' : causeOf(error);
      return failed(
        neverLeft.has(cause) ? { kind: 'not-sent', cause } : readFailed(cause, null, null),
      );
    }
  };
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
