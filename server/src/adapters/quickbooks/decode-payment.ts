import { toCurrency, type Currency } from '#core/brand.ts';
import { splitMarker } from '#core/mapping/marker.ts';
import { amountOf, sum } from '#core/money/money.ts';
import type { AccountingPayment, Application } from '#core/payment/payment.ts';
import { amountIn, refOf, textOf } from './decode-lines.ts';
import type { WirePayment } from './wire.ts';

type WireLine = NonNullable<WirePayment['Line']>[number];

/** A payment of QuickBooks in core's terms; `homeCurrency` is that of documents that name none. */
export function decodePayment(wire: WirePayment, homeCurrency: Currency): AccountingPayment {
  const currency =
    wire.CurrencyRef === null || wire.CurrencyRef === undefined
      ? homeCurrency
      : toCurrency(wire.CurrencyRef.value);
  return {
    id: wire.Id,
    version: wire.SyncToken,
    modifiedAt: wire.MetaData.LastUpdatedTime,
    existence: wire.status === 'Deleted' ? 'deleted' : hasVoidTrace(wire) ? 'void' : 'present',
    customerId: wire.CustomerRef.value,
    currency,
    // Multi-currency companies state a rate of 1 in home currency as well; there it says nothing (quickbooks.md §7.5).
    exchangeRate: currency === homeCurrency ? null : (wire.ExchangeRate ?? null),
    date: wire.TxnDate,
    total: amountIn(wire.TotalAmt, currency),
    unapplied: amountIn(wire.UnappliedAmt, currency),
    method: refOf(wire.PaymentMethodRef),
    reference: textOf(wire.PaymentRefNum),
    marker: splitMarker(wire.PrivateNote ?? '').internalId,
    applications: applicationsOf(wire.Line ?? [], currency),
    credits: creditsOf(wire.Line ?? [], currency),
    isDeposited: (wire.LinkedTxn ?? []).some(({ TxnType }) => TxnType === 'Deposit'),
  };
}

/** A void has no field of its own: only the note and the emptiness reveal it (recorded, quickbooks.md §7.6). */
function hasVoidTrace({ status, TotalAmt, Line, PrivateNote }: WirePayment): boolean {
  if (status === 'Voided') return true;
  const amounts = [TotalAmt, ...(Line ?? []).map(({ Amount }) => Amount ?? '0')];
  const isEmpty = amounts.every((amount) => !/[1-9]/.test(amount));
  return isEmpty && /^Voided(?![A-Za-z0-9])/.test(PrivateNote ?? '');
}

/** The invoice a line pays; null where it says something else. */
export const invoiceOf = ({ LinkedTxn }: Pick<WireLine, 'LinkedTxn'>): string | null =>
  LinkedTxn?.find(({ TxnType }) => TxnType === 'Invoice')?.TxnId ?? null;

/** QuickBooks lets an invoice stand on several lines; the bridge's unit is what the invoice gets in all. */
function applicationsOf(lines: readonly WireLine[], currency: Currency): readonly Application[] {
  const paid = new Set(lines.flatMap((line) => invoiceOf(line) ?? []));
  return [...paid].map((invoiceId) => {
    const own = lines.filter((line) => invoiceOf(line) === invoiceId);
    return { invoiceId, amount: totalOf(own, currency) };
  });
}

const creditsOf = (lines: readonly WireLine[], currency: Currency) =>
  totalOf(
    lines.filter((line) => invoiceOf(line) === null),
    currency,
  );

const totalOf = (lines: readonly WireLine[], currency: Currency) =>
  amountOf(
    sum(
      lines.map(({ Amount }) => amountIn(Amount, currency)),
      currency,
    ),
  );
