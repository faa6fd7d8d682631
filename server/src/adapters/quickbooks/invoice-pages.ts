import { failed, succeeded, type CallOutcome } from '#core/attempt/failure.ts';
import type { JsonObject } from '#core/json.ts';
import type {
  CallOptions,
  InvoicePage,
  IssueDates,
  ListedInvoice,
} from '#ports/accounting-system.ts';
import type { Caller, Success } from './caller.ts';
import type { QuickBooksClient } from './client.ts';
import { unreadable } from './faults.ts';
import { rowsMax, where } from './query.ts';
import type { InvoiceUnderstanding } from './understanding.ts';
import { parseNamed, rowsOf } from './wire.ts';

/**
 * Pages of all invoices in the order they were made, which never changes: a new one comes at the end. One that is deleted
 * meanwhile moves those behind it up by a place, so what a page should hold and does not is read by id (quickbooks.md §2.7).
 */
export function createInvoicePages(
  client: QuickBooksClient,
  call: Caller,
  understanding: InvoiceUnderstanding,
) {
  return async (
    dates: IssueDates,
    cursor: string | null,
    options: CallOptions,
  ): Promise<CallOutcome<InvoicePage>> => {
    const start = cursor === null ? 1 : Number.parseInt(cursor, 10);
    const statement = where(boundsOf(dates), { orderBy: 'MetaData.CreateTime', start });
    const answer = await call('read', options, (token, left) =>
      client.query('Invoice', statement, token, left),
    );
    if (!answer.ok) return answer;
    const found = rowsOf(answer.value.body, 'Invoice');
    if (found === null) return failed(unreadable(answer.value, 'read', 'no query response'));
    const rows: ListedInvoice[] = [];
    for (const raw of found) {
      const row = await listed(understanding, raw, answer.value, options);
      if (row !== null) rows.push(row);
    }
    return succeeded({
      rows,
      next: found.length < rowsMax ? null : String(start + rowsMax),
    });
  };
}

const boundsOf = ({ from, to }: IssueDates): readonly string[] => [
  ...(from === null ? [] : [`TxnDate >= '${from}'`]),
  ...(to === null ? [] : [`TxnDate <= '${to}'`]),
];

/** Null for what has no id: nothing could be looked up by it. */
async function listed(
  understanding: InvoiceUnderstanding,
  raw: JsonObject,
  answer: Success,
  options: CallOptions,
): Promise<ListedInvoice | null> {
  const named = parseNamed(raw);
  if (!named.ok) return null;
  const id = named.wire.Id;
  const seen = await understanding.seenIn(raw, answer, 'read', options);
  if (seen.ok) return { id, seen: seen.value };
  const { failure } = seen;
  const problem =
    'fault' in failure && failure.fault !== null
      ? (failure.fault.detail ?? failure.fault.message)
      : `it cannot be read (${failure.kind})`;
  return { id, seen: null, problem };
}
