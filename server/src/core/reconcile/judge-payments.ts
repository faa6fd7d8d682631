import { canonicalText } from '../canonical-text.ts';
import type { ChangeKind } from '../event/event.ts';
import type { Invoice } from '../invoice/invoice.ts';
import { amountOf, difference, moneyOf, sum } from '../money/money.ts';
import type { AgreedPayment } from '../payment/accepted-payments.ts';
import type { Side } from '../side.ts';

/** A payment that both sides are known to have, with what each showed when they last agreed. */
export type KnownPayment = AgreedPayment;

/** What a side shows of its payments that the bridge does not know; `isCertain` is false where a credit may explain it. */
export type MovedPayments = {
  readonly side: Side;
  readonly kind: Extract<ChangeKind, `PAYMENT_${string}`>;
  readonly isCertain: boolean;
};

/** The payments a side shows beside those the bridge paired, and what it saw of that side last. */
type Looked = {
  readonly now: Invoice;
  readonly observed: Invoice | null;
  readonly known: readonly KnownPayment[];
};

/**
 * Whether a side's payments moved since they were paired. The invoice alone tells: internal invoicing shows its payments whole,
 * QuickBooks names them and says what is left to pay, so no payment is read for an invoice that agrees (performance.md, row 3).
 * What was seen before without being paired, such as a credit, is no news.
 */
export function movedPayments(side: Side, looked: Looked): MovedPayments | null {
  const { now, observed, known } = looked;
  const shown = idsIn(now);
  const before = observed === null ? [] : idsIn(observed);
  const paired = known.map((payment) => idOn(side, payment));
  if (shown.some((id) => !paired.includes(id) && !before.includes(id)))
    return { side, kind: 'PAYMENT_APPLIED', isCertain: true };
  if (paired.some((id) => !shown.includes(id)))
    return { side, kind: 'PAYMENT_REMOVED', isCertain: true };
  const isChanged = side === 'internal' ? isChangedHere(looked) : isPaidOtherwise(looked);
  if (!isChanged) return null;
  return { side, kind: 'PAYMENT_CHANGED', isCertain: side === 'internal' || isPlain(looked) };
}

/** Whether the side shows the same payments, for the same money, as when the bridge saw it last. */
export const hasPaymentsOf = (observed: Invoice | null, now: Invoice): boolean =>
  observed !== null &&
  paymentsText(observed) === paymentsText(now) &&
  observed.derived.amountPaid === now.derived.amountPaid;

const paymentsText = ({ payments }: Invoice): string =>
  canonicalText(
    Object.fromEntries(payments.map(({ version: _of, ...payment }) => [payment.id, payment])),
  );

const idOn = (side: Side, known: KnownPayment): string =>
  side === 'internal' ? known.internalId : known.quickbooksId;

/** Money only: a credit that lowers the balance is shown, never written (architecture.md §4, "Payments"). */
const idsIn = ({ payments }: Invoice): readonly string[] =>
  payments.filter(({ by }) => by === 'payment').map(({ id }) => id);

/** A payment of internal invoicing shows something else than its pair agreed on. */
function isChangedHere(looked: Looked): boolean {
  return isPairChanged(looked) || isOtherChanged(looked);
}

/** One that was seen before without being paired, because a person accepted it as it was, shows something else. */
const isOtherChanged = ({ now, observed, known }: Looked): boolean =>
  now.payments.some(({ id, amount, date, method, reference }) => {
    const before = observed?.payments.find((one) => one.id === id);
    return (
      before !== undefined &&
      !known.some(({ internalId }) => internalId === id) &&
      canonicalText([amount, date, method, reference]) !==
        canonicalText([before.amount, before.date, before.method, before.reference])
    );
  });

function isPairChanged({ now, known }: Looked): boolean {
  return known.some(({ internalId, base }) => {
    const shown = now.payments.find(({ id }) => id === internalId);
    return (
      shown !== undefined &&
      (shown.amount !== base.internal.amount ||
        shown.date !== base.internal.date ||
        shown.method !== (base.internal.method?.id ?? null) ||
        shown.reference !== base.internal.reference)
    );
  });
}

/** Whether all that lowers the balance is paired, so that the balance must be what the pairs leave of it. */
const isPlain = ({ now, known }: Looked): boolean =>
  now.payments.every(({ id }) => known.some(({ quickbooksId }) => quickbooksId === id));

/** QuickBooks' invoice is paid more or less than what its payments gave when they were paired, or when it was seen last. */
function isPaidOtherwise(looked: Looked): boolean {
  const { now, observed, known } = looked;
  const { currency } = now;
  if (isPlain(looked)) {
    const given = sum(
      known.map(({ base }) => base.quickbooks.amount),
      currency,
    );
    return given.minor !== moneyOf(now.derived.amountPaid, currency).minor;
  }
  return observed === null || observed.derived.amountPaid !== now.derived.amountPaid;
}

/** By how much the two sides are paid differently; never negative. */
export function paidApart({ internal, quickbooks }: Readonly<Record<Side, Invoice>>) {
  const { currency } = internal;
  if (quickbooks.currency !== currency) return internal.derived.amountPaid;
  const gap = difference(internal.derived.amountPaid, quickbooks.derived.amountPaid, currency);
  return amountOf({ minor: gap.minor < 0n ? -gap.minor : gap.minor, currency });
}
