import { failed, succeeded, type CallOutcome } from '#core/attempt/failure.ts';
import type { CallOptions, Found, Likeness, Seen } from '#ports/accounting-system.ts';
import type { Caller } from './caller.ts';
import type { QuickBooksClient } from './client.ts';
import { unreadable } from './faults.ts';
import { equals, oneOf, where } from './query.ts';
import type { InvoiceUnderstanding } from './understanding.ts';
import { entityOf, isDeletedStub, rowsOf } from './wire.ts';

/** Most ids one query asks for; more would not fit into an address. */
const idsPerQuery = 500;

/** Reads invoices of one realm. */
export type InvoiceReader = {
  readonly byId: (id: string, options: CallOptions) => Promise<CallOutcome<Found>>;
  readonly byIds: (
    ids: readonly string[],
    options: CallOptions,
  ) => Promise<CallOutcome<ReadonlyMap<string, Seen>>>;
  readonly like: (
    likeness: Likeness,
    options: CallOptions,
  ) => Promise<CallOutcome<readonly Seen[]>>;
};

export function createInvoiceReader(
  client: QuickBooksClient,
  call: Caller,
  understanding: InvoiceUnderstanding,
): InvoiceReader {
  /** Rows that are not understood are left out: a later read by id says why. */
  const query = async (
    conditions: readonly string[],
    options: CallOptions,
  ): Promise<CallOutcome<readonly Seen[]>> => {
    const answer = await call('read', options, (token, left) =>
      client.query('Invoice', where(conditions), token, left),
    );
    if (!answer.ok) return answer;
    const rows = rowsOf(answer.value.body, 'Invoice');
    if (rows === null) return failed(unreadable(answer.value, 'read', 'no query response'));
    const seen: Seen[] = [];
    for (const row of rows) {
      const decoded = await understanding.seenIn(row, answer.value, 'read', options);
      if (decoded.ok) seen.push(decoded.value);
    }
    return succeeded(seen);
  };

  return {
    byId: async (id, options) => {
      const answer = await call('read', options, (token, left) =>
        client.read('Invoice', id, token, left),
      );
      if (!answer.ok)
        return answer.failure.kind === 'not-found' ? succeeded({ gone: 'deleted' }) : answer;
      const raw = entityOf(answer.value.body, 'Invoice');
      if (raw === null) return failed(unreadable(answer.value, 'read', 'no Invoice'));
      if (isDeletedStub(raw)) return succeeded({ gone: 'deleted' });
      return understanding.seenIn(raw, answer.value, 'read', options);
    },
    byIds: async (ids, options) => {
      const found = new Map<string, Seen>();
      for (let at = 0; at < ids.length; at += idsPerQuery) {
        const page = await query([oneOf('Id', ids.slice(at, at + idsPerQuery))], options);
        if (!page.ok) return page;
        for (const seen of page.value) found.set(seen.invoice.id, seen);
      }
      return succeeded(found);
    },
    like: async (likeness, options) => {
      if (likeness.number !== null) return query([equals('DocNumber', likeness.number)], options);
      const { customerId, issueDate, total } = likeness;
      const found = await query(
        [equals('CustomerRef', customerId), equals('TxnDate', issueDate)],
        options,
      );
      if (!found.ok || total === null) return found;
      return succeeded(found.value.filter(({ invoice }) => invoice.derived.total === total));
    },
  };
}
