import { describe, expect, test } from 'vitest';
import { brandAmount, brandLocalDate } from '#core/brand.ts';
import type { Invoice, Payment } from '#core/invoice/invoice.ts';
import { movedPayments, type KnownPayment } from '#core/reconcile/judge-payments.ts';
import type { Side } from '#core/side.ts';
import { agreed } from '../plan/cases.ts';

const date = brandLocalDate('2026-11-20');
const content = (amount: string) => ({
  amount: brandAmount(amount),
  date,
  method: null,
  reference: null,
});

const known: KnownPayment = {
  key: 'p-1',
  internalId: 'pay_1',
  quickbooksId: '900',
  base: { internal: content('50.00'), quickbooks: content('50.00') },
};

const payment = (id: string, more: Partial<Payment> = {}): Payment => ({
  id,
  by: 'payment',
  version: null,
  date,
  amount: brandAmount('50.00'),
  method: null,
  reference: null,
  ...more,
});

const paid = (side: Side, amountPaid: string, payments: readonly Payment[]): Invoice => ({
  ...agreed[side],
  payments,
  derived: { ...agreed[side].derived, amountPaid: brandAmount(amountPaid) },
});

const here = payment('pay_1');
const there = payment('900', { date: null });
const credit = payment('901', { by: 'credit', amount: null });

const cases = [
  ['shows the paired one', 'internal', paid('internal', '50.00', [here]), null],
  ['has another one', 'internal', paid('internal', '60.00', [here, payment('pay_2')]), 'APPLIED'],
  ['lost it', 'internal', paid('internal', '0.00', []), 'REMOVED'],
  [
    'changed its amount',
    'internal',
    paid('internal', '40.00', [payment('pay_1', { amount: brandAmount('40.00') })]),
    'CHANGED',
  ],
  [
    'changed its reference',
    'internal',
    paid('internal', '50.00', [payment('pay_1', { reference: 'CHK' })]),
    'CHANGED',
  ],
  ['names the paired one', 'quickbooks', paid('quickbooks', '50.00', [there]), null],
  [
    'names another one',
    'quickbooks',
    paid('quickbooks', '60.00', [there, payment('902')]),
    'APPLIED',
  ],
  ['does not name it any more', 'quickbooks', paid('quickbooks', '0.00', []), 'REMOVED'],
  ['is paid less by it', 'quickbooks', paid('quickbooks', '40.00', [there]), 'CHANGED'],
] as const;

describe('a paid invoice that nobody told of', () => {
  test.each(cases)('%s', (_what, side, now, moved) => {
    const found = movedPayments(side, { now, observed: null, known: [known] });

    expect(found).toEqual(
      moved === null ? null : { side, kind: `PAYMENT_${moved}`, isCertain: true },
    );
  });
});

test('what was seen before without being paired is no news, what the pairs lost is', () => {
  const observed = paid('internal', '60.00', [here, payment('pay_2')]);

  expect(movedPayments('internal', { now: observed, observed, known: [known] })).toBeNull();
  expect(
    movedPayments('internal', {
      now: paid('internal', '10.00', [payment('pay_2')]),
      observed,
      known: [known],
    }),
  ).toMatchObject({ kind: 'PAYMENT_REMOVED' });
});

test('a credit is no payment; beside one a balance that moved may be the credit’s doing', () => {
  const observed = paid('quickbooks', '70.00', [there, credit]);
  const moved = paid('quickbooks', '80.00', [there, credit]);

  expect(movedPayments('quickbooks', { now: observed, observed, known: [known] })).toBeNull();
  expect(movedPayments('quickbooks', { now: moved, observed, known: [known] })).toEqual({
    side: 'quickbooks',
    kind: 'PAYMENT_CHANGED',
    isCertain: false,
  });
});
