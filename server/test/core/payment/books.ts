import { toCurrency, toInstant, toVersion, type Amount } from '#core/brand.ts';
import { amountOf, moneyOf, sum } from '#core/money/money.ts';
import { parseLocalDate } from '#core/time/local-date.ts';
import {
  pairPayments,
  type HeldApplication,
  type HeldPayment,
  type PaymentPair,
} from '#core/payment/pairing.ts';
import type { AccountingPayment, PaymentContent } from '#core/payment/payment.ts';
import type { PaymentPlan, PaymentStep } from '#core/payment/payment-plan.ts';
import type { PaymentChoice } from '#core/payment/payment-choices.ts';
import { planPayments } from '#core/payment/plan-payments.ts';
import { totalAfter, wantedPayment } from '#core/payment/wanted-payment.ts';
import type { Side } from '#core/side.ts';
import { unreachable } from '#core/unreachable.ts';

export const dollars = toCurrency('USD');
export const amount = (cents: number): Amount =>
  amountOf({ minor: BigInt(cents), currency: dollars });

/** A day of November 2026. */
function day(number: number) {
  const date = parseLocalDate(`2026-11-${String(number).padStart(2, '0')}`);
  if (date === null) throw new Error(`November has no ${number}`);
  return date;
}

export const content = (
  cents: number,
  on = 1,
  reference: string | null = null,
): PaymentContent => ({
  amount: amount(cents),
  date: day(on),
  method: null,
  reference,
});

/** A QuickBooks payment of that money over one invoice, `more` beside it. */
export const payment = (
  id: string,
  { amount: total, date, method, reference }: PaymentContent,
  more: Partial<AccountingPayment> = {},
): AccountingPayment => ({
  id,
  version: toVersion('0'),
  modifiedAt: toInstant(0),
  existence: 'present',
  customerId: 'c1',
  currency: dollars,
  exchangeRate: null,
  date,
  total,
  unapplied: amount(0),
  method,
  reference,
  marker: null,
  applications: [{ invoiceId: 'q1', amount: total }],
  credits: amount(0),
  isDeposited: false,
  ...more,
});

/** What the payment gives to the invoice. */
function application(from: AccountingPayment): HeldApplication {
  const given = from.applications.find(({ invoiceId }) => invoiceId === 'q1');
  if (given === undefined) throw new Error(`${from.id} gives nothing to the invoice`);
  const { id, date, method, reference } = from;
  return {
    id,
    invoiceId: 'q1',
    payment: from,
    content: { amount: given.amount, date, method, reference },
  };
}

/** One invoice on both sides with its payments, and what the bridge remembers of them. */
export type Books = {
  readonly total: Amount;
  readonly internal: readonly HeldPayment[];
  readonly quickbooks: readonly AccountingPayment[];
  readonly pairs: readonly PaymentPair[];
};

export const applicationsOf = ({ quickbooks }: Books): readonly HeldApplication[] =>
  quickbooks
    .filter(({ applications }) => applications.some(({ invoiceId }) => invoiceId === 'q1'))
    .map(application);

export const paid = (books: Books, side: Side): bigint => {
  const held = side === 'internal' ? books.internal : applicationsOf(books);
  return sum(
    held.map((one) => one.content.amount),
    dollars,
  ).minor;
};

export const room = (books: Books, side: Side): Amount =>
  amountOf({ minor: moneyOf(books.total, dollars).minor - paid(books, side), currency: dollars });

export const plan = (
  books: Books,
  more: { closed?: number; choices?: readonly PaymentChoice[] } = {},
): PaymentPlan =>
  planPayments({
    pairing: pairPayments(books.pairs, books.internal, applicationsOf(books)),
    currency: dollars,
    room: { internal: room(books, 'internal'), quickbooks: room(books, 'quickbooks') },
    methods: [],
    booksClosedThrough: more.closed === undefined ? null : day(more.closed),
    choices: more.choices ?? [],
    stillThere: books.quickbooks.map(({ id }) => id),
  });

const withPair = (books: Books, pair: PaymentPair): Books => ({
  ...books,
  pairs: [...books.pairs.filter(({ key }) => key !== pair.key), pair],
});

/** What the plan remembers without a write. */
export const remembering = (books: Books, { agreed, ended }: PaymentPlan): Books => {
  const known = agreed.reduce((before, { pair }) => withPair(before, pair), books);
  return {
    ...known,
    pairs: known.pairs.filter(({ key }) => !ended.some((one) => one.key === key)),
  };
};

/** The books after one write was made and acknowledged; `newId` is what its side calls a new payment. */
export function after(books: Books, step: PaymentStep, newId: string): Books {
  switch (step.kind) {
    case 'create':
      return withPair(created(books, step, newId), pairOf(step, newId));
    case 'change':
      return withPair(changed(books, step), { ...step.pair, base: step.baseAfter });
    case 'remove': {
      const rest = removed(books, step);
      return { ...rest, pairs: rest.pairs.filter(({ key }) => key !== step.key) };
    }
    default:
      return unreachable(step);
  }
}

type Step<Kind extends PaymentStep['kind']> = Extract<PaymentStep, { kind: Kind }>;

const pairOf = (step: Step<'create'>, newId: string): PaymentPair => {
  const there = step.side === 'quickbooks';
  return {
    key: step.key,
    internalId: there ? step.fromId : newId,
    quickbooksId: there ? newId : step.fromId,
    base: {
      internal: there ? step.from : step.wanted,
      quickbooks: there ? step.wanted : step.from,
    },
    madeIn: step.side,
  };
};

const created = (books: Books, { side, fromId, wanted }: Step<'create'>, id: string): Books =>
  side === 'internal'
    ? { ...books, internal: [...books.internal, { id, content: wanted }] }
    : { ...books, quickbooks: [...books.quickbooks, payment(id, wanted, { marker: fromId })] };

function changed(books: Books, { side, pair, wanted }: Step<'change'>): Books {
  if (side === 'internal')
    return {
      ...books,
      internal: books.internal.map((one) =>
        one.id === pair.internalId ? { ...one, content: wanted } : one,
      ),
    };
  return withQuickbooks(books, pair, (held) => {
    const total = totalAfter(held, pair.madeIn, wanted.amount);
    return total === null ? null : wantedPayment(held, wanted, total);
  });
}

function removed(books: Books, { side, pair }: Step<'remove'>): Books {
  if (side === 'internal')
    return { ...books, internal: books.internal.filter(({ id }) => id !== pair.internalId) };
  return withQuickbooks(books, pair, (held) => {
    const total = totalAfter(held, pair.madeIn, null);
    return total === null ? null : wantedPayment(held, null, total);
  });
}

const withQuickbooks = (
  books: Books,
  pair: PaymentPair,
  change: (held: HeldApplication) => AccountingPayment | null,
): Books => ({
  ...books,
  quickbooks: books.quickbooks.flatMap((one) =>
    one.id === pair.quickbooksId ? (change(application(one)) ?? []) : [one],
  ),
});
