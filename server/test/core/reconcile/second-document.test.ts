import { expect, test } from 'vitest';
import { brandAmount, brandLocalDate } from '#core/brand.ts';
import type { Invoice } from '#core/invoice/invoice.ts';
import { isCertainSecond, whyNotVoided, wordsForSecond } from '#core/reconcile/second-document.ts';
import { agreed } from '../plan/cases.ts';

const linked = agreed.quickbooks;
const second: Invoice = { ...linked, id: '146' };
const paid: Invoice = {
  ...second,
  derived: { ...second.derived, amountPaid: brandAmount('5.00') },
};
const open = { booksClosedThrough: null };
const closed = { booksClosedThrough: brandLocalDate('2099-12-31') };

test.each([
  ['an unpaid one beside the linked one goes', second, linked, open, null],
  ['one that money is applied to stays', paid, linked, open, 'VALIDATION'],
  ['one in closed books stays', second, linked, closed, 'PERIOD_CLOSED'],
  [
    'the only one left stays',
    second,
    { ...linked, existence: 'void' as const },
    open,
    'VALIDATION',
  ],
  ['one whose linked document is not there stays', second, null, open, 'VALIDATION'],
])('%s', (_what, document, beside, facts, reason) => {
  expect(whyNotVoided(document, beside, facts)?.reason ?? null).toBe(reason);
});

test('among many only one that carries our own mark of that invoice, and no money, goes', () => {
  expect(isCertainSecond(second, second.counterpartId)).toBe(true);
  expect(isCertainSecond({ ...second, counterpartId: null }, linked.counterpartId)).toBe(false);
  expect(isCertainSecond({ ...second, counterpartId: 'other' }, linked.counterpartId)).toBe(false);
  expect(isCertainSecond(paid, paid.counterpartId)).toBe(false);
  expect(isCertainSecond(null, 'inv_1')).toBe(false);
});

test('a repair that would void a document says so, and one that would not does not', () => {
  const rival = { quickbooksId: '145', number: 'INV-1' };

  expect(wordsForSecond(second, rival, open)).toContain('A repair voids document 146');
  expect(wordsForSecond(paid, rival, open)).not.toContain('A repair voids');
  expect(wordsForSecond(second, rival, closed)).not.toContain('A repair voids');
});
