import { describe, expect, test } from 'vitest';
import { acceptedNow, agreedSince, sinceAccepted } from '#core/payment/accepted-payments.ts';
import { pairPayments, type PaymentPair } from '#core/payment/pairing.ts';
import type { Side } from '#core/side.ts';
import { applicationsOf, amount, content, payment, type Books } from './books.ts';

const agreed = content(10_000);
const pair: PaymentPair = {
  key: 'i-p1',
  internalId: 'p1',
  quickbooksId: 'P1',
  base: { internal: agreed, quickbooks: agreed },
  madeIn: 'quickbooks',
};

/** The pair's invoice where each side shows its payment for so many cents, or none at all. */
const books = (here: number | null, there: number | null, pairs = [pair]): Books => ({
  total: amount(50_000),
  internal: here === null ? [] : [{ id: 'p1', content: content(here) }],
  quickbooks: there === null ? [] : [payment('P1', content(there))],
  pairs,
});

/** What counts of the books as they are now, once a person accepted them as they were then. */
const counted = (then: Books, now: Books) =>
  sinceAccepted(
    pairPayments(now.pairs, now.internal, applicationsOf(now)),
    acceptedNow(then.pairs, then.internal, applicationsOf(then)),
  );

/** The books where that side removed its payment and the other shows it for so many cents. */
const removedOn = (side: Side, cents = 10_000): Books =>
  side === 'internal' ? books(null, cents) : books(cents, null);

describe.each(['internal', 'quickbooks'] as const)(
  'of a pair whose payment was removed in %s when a person accepted that',
  (side) => {
    test('nothing counts while it stays so', () => {
      expect(counted(removedOn(side), removedOn(side)).standing).toEqual([]);
    });

    test('a change of what the other side still shows counts', () => {
      expect(counted(removedOn(side), removedOn(side, 9_000)).standing).toMatchObject([{ pair }]);
    });

    test('the removal on the other side as well counts', () => {
      const { standing } = counted(removedOn(side), books(null, null));
      expect(standing).toMatchObject([{ pair, internal: null, quickbooks: null }]);
    });

    test('its return counts', () => {
      expect(counted(removedOn(side), books(10_000, 10_000)).standing).toMatchObject([{ pair }]);
    });

    test('a removal counts that came only after both sides were accepted', () => {
      const { standing } = counted(books(10_000, 9_000), removedOn(side));
      expect(standing).toMatchObject([{ pair, [side]: null }]);
    });

    test('what the pair agreed on since is what counts', () => {
      const later = { ...pair, base: { internal: content(9_000), quickbooks: content(9_000) } };
      const now = { ...removedOn(side), pairs: [later] };
      expect(counted(removedOn(side), now).standing).toMatchObject([{ pair: later }]);
    });
  },
);

test('a pair accepted with different amounts is judged by them from then on', () => {
  const { standing } = counted(books(10_000, 9_000), books(10_000, 9_000));
  expect(standing).toMatchObject([
    { pair: { base: { internal: content(10_000), quickbooks: content(9_000) } } },
  ]);
});

describe('what a full comparison knows of pairs whose difference was accepted', () => {
  const both = { internal: ['p1'], quickbooks: ['P1'] };
  const here = { internal: ['p1'], quickbooks: [] };
  const pairs = [{ key: pair.key, base: pair.base }];
  const shownHere = [{ id: 'p1', content: agreed }];

  test('one that a side lacked then, and lacks now, is not compared; one that it has again is', () => {
    const accepted = { internal: shownHere, quickbooks: [], pairs };
    expect(agreedSince([pair], accepted, here)).toEqual([]);
    expect(agreedSince([pair], accepted, both)).toEqual([pair]);
    expect(agreedSince([pair], accepted, { internal: [], quickbooks: [] })).toEqual([pair]);
  });

  test('one that both sides show counts as agreed on what each showed then', () => {
    const less = content(4_000);
    const accepted = { internal: shownHere, quickbooks: [{ id: 'P1', content: less }], pairs };
    expect(agreedSince([pair], accepted, both)).toEqual([
      { ...pair, base: { internal: agreed, quickbooks: less } },
    ]);
  });

  test('one that agreed on something since, or was accepted by nobody, is compared as ever', () => {
    const moved = { ...pair, base: { ...pair.base, internal: content(6_000) } };
    const accepted = { internal: [], quickbooks: [], pairs };
    expect(agreedSince([moved], accepted, here)).toEqual([moved]);
    expect(agreedSince([pair], null, here)).toEqual([pair]);
  });
});
