import { failed, succeeded, type CallOutcome } from '#core/attempt/failure.ts';
import { isJsonObject } from '#core/json.ts';
import type { Found, Seen, Written } from '#ports/accounting-system.ts';
import type { Clock } from '#ports/clock.ts';
import type { InvoicingSystem, InvoicingWrite } from '#ports/invoicing-system.ts';
import { createCaller, type Request } from './caller.ts';
import { createChanges } from './changes.ts';
import { decodeInvoice } from './codec.ts';
import {
  judgeRead,
  judgeWrite,
  noAnswer,
  notUnderstood,
  readFailed,
  type Answer,
} from './failures.ts';
import { listMasters } from './masters.ts';
import { parseInvoice, parseList } from './wire.ts';

export type InvoicingSystemOptions = {
  readonly baseUrl: string;
  readonly token: string;
  readonly clock: Clock;
};

/** The internal invoicing system of one company over its REST contract (http.md §4). */
export function createInvoicingSystem(options: InvoicingSystemOptions): InvoicingSystem {
  const call = createCaller(options);
  const now = () => options.clock.now();
  return {
    readInvoice: async (id, limits): Promise<CallOutcome<Found>> => {
      const path = `/invoices/${encodeURIComponent(id)}`;
      const answer = await call({ method: 'GET', path }, limits);
      if (!answer.ok) return answer;
      const { status } = answer.value;
      if (status === 404) return succeeded({ gone: 'never-existed' });
      if (status === 410) return succeeded({ gone: 'deleted' });
      if (status !== 200) return failed(judgeRead(answer.value, now()));
      return seenFrom(answer.value.body);
    },
    findByExternalRef: async (externalRef, limits): Promise<CallOutcome<readonly Seen[]>> => {
      const query = new URLSearchParams({ externalRef });
      const path = `/invoices?${query.toString()}`;
      const answer = await call({ method: 'GET', path }, limits);
      if (!answer.ok) return answer;
      if (answer.value.status !== 200) return failed(judgeRead(answer.value, now()));
      const list = parseList(answer.value.body);
      if (list === null) return failed(readFailed('no list of invoices', 200, null));
      return allSeen(list);
    },
    changesSince: createChanges(
      (path, limits) => call({ method: 'GET', path }, limits),
      options.clock,
    ),
    listReferences: (kind, limits) => listMasters(call, kind, limits, now),
    write: async (write, limits): Promise<CallOutcome<Written>> => {
      const answer = await call(requestOf(write), limits);
      if (!answer.ok) return answer;
      return answer.value.status === 200
        ? writtenFrom(answer.value)
        : failed(judgeWrite(answer.value, write.operation, now()));
    },
  };
}

function requestOf({ id, operation, requestId, restsOnVersion, body }: InvoicingWrite): Request {
  const path = `/invoices/${encodeURIComponent(id)}`;
  const headers = { 'if-match': `"${restsOnVersion}"`, 'idempotency-key': requestId };
  return operation === 'VOIDED'
    ? { method: 'POST', path: `${path}/void`, headers, body }
    : { method: 'PATCH', path, headers, body };
}

/** A success that cannot be read proves nothing about what is there now: it is looked at again. */
function writtenFrom({ status, body }: Answer): CallOutcome<Written> {
  const seen = seenFrom(body);
  if (!seen.ok) return failed(noAnswer('the answer could not be read', status, null));
  const { invoice, raw } = seen.value;
  return succeeded({
    id: invoice.id,
    version: invoice.version,
    name: null,
    seen: seen.value,
    httpStatus: status,
    traceId: null,
    raw,
  });
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
