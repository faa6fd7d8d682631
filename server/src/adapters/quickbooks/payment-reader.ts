import { failed, succeeded, type CallOutcome } from '#core/attempt/failure.ts';
import type { JsonObject } from '#core/json.ts';
import type { CallOptions } from '#ports/accounting-system.ts';
import type { AccountingPayments, SeenPayment } from '#ports/payments.ts';
import type { Caller, Success } from './caller.ts';
import type { QuickBooksClient } from './client.ts';
import { decodePayment } from './decode-payment.ts';
import { unreadable, type CallPurpose } from './faults.ts';
import { equals, oneOf, where } from './query.ts';
import { notUnderstood, type InvoiceUnderstanding } from './understanding.ts';
import { entityOf, isDeletedStub, parsePayment, rowsOf } from './wire.ts';

/** Most ids one query asks for; more would not fit into an address. */
const idsPerQuery = 500;

/** Reads payments of one realm, and understands them out of whatever answer holds them. */
export type PaymentReader = {
  readonly byId: AccountingPayments['readPayment'];
  readonly byIds: AccountingPayments['readPayments'];
  readonly like: AccountingPayments['findPaymentsLike'];
  readonly seenIn: (
    raw: JsonObject,
    answer: Success,
    purpose: CallPurpose,
    options: CallOptions,
  ) => Promise<CallOutcome<SeenPayment>>;
};

export function createPaymentReader(
  client: QuickBooksClient,
  call: Caller,
  understanding: Pick<InvoiceUnderstanding, 'homeCurrencyFor'>,
): PaymentReader {
  const seenIn: PaymentReader['seenIn'] = async (raw, answer, purpose, options) => {
    const parsed = parsePayment(raw);
    if (!parsed.ok) return failed(notUnderstood(answer, purpose, 'payment', parsed.problem));
    const currency = await understanding.homeCurrencyFor(raw, options);
    if (currency === null) return failed(unreadable(answer, purpose, 'its currency is unknown'));
    return succeeded({ payment: decodePayment(parsed.wire, currency), raw });
  };

  /** One that is not understood fails the call: money left out would look like money taken back. */
  const query = async (
    conditions: readonly string[],
    options: CallOptions,
  ): Promise<CallOutcome<readonly SeenPayment[]>> => {
    const answer = await call('read', options, (token, left) =>
      client.query('Payment', where(conditions), token, left),
    );
    if (!answer.ok) return answer;
    const rows = rowsOf(answer.value.body, 'Payment');
    if (rows === null) return failed(unreadable(answer.value, 'read', 'no query response'));
    const seen: SeenPayment[] = [];
    for (const row of rows) {
      const decoded = await seenIn(row, answer.value, 'read', options);
      if (!decoded.ok) return decoded;
      seen.push(decoded.value);
    }
    return succeeded(seen);
  };

  return {
    seenIn,
    byId: async (id, options) => {
      const answer = await call('read', options, (token, left) =>
        client.read('Payment', id, token, left),
      );
      if (!answer.ok)
        return answer.failure.kind === 'not-found' ? succeeded({ gone: 'deleted' }) : answer;
      const raw = entityOf(answer.value.body, 'Payment');
      if (raw === null) return failed(unreadable(answer.value, 'read', 'no Payment'));
      if (isDeletedStub(raw)) return succeeded({ gone: 'deleted' });
      return seenIn(raw, answer.value, 'read', options);
    },
    byIds: async (ids, options) => {
      const found = new Map<string, SeenPayment>();
      for (let at = 0; at < ids.length; at += idsPerQuery) {
        const page = await query([oneOf('Id', ids.slice(at, at + idsPerQuery))], options);
        if (!page.ok) return page;
        for (const seen of page.value) found.set(seen.payment.id, seen);
      }
      return succeeded(found);
    },
    like: async ({ customerId, date, total }, options) => {
      const found = await query(
        [equals('CustomerRef', customerId), equals('TxnDate', date)],
        options,
      );
      if (!found.ok) return found;
      return succeeded(found.value.filter(({ payment }) => payment.total === total));
    },
  };
}
