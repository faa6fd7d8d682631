import { describe, expect, test } from 'vitest';
import { brandAmount, brandLocalDate } from '#core/brand.ts';
import type { Invoice } from '#core/invoice/invoice.ts';
import {
  hasMoved,
  judgePair,
  type CompareTerms,
  type LinkedPair,
  type Standing,
} from '#core/reconcile/judge-pair.ts';
import { translated, unpaidInvoice } from '../documents.ts';
import { agreed, gone } from '../plan/cases.ts';
import { facts, settings } from '../merge/settling.ts';

const terms = (more: Partial<CompareTerms> = {}): CompareTerms => ({
  settings: { ...settings, goLiveDate: null },
  facts,
  isShadow: false,
  toQuickbooks: translated,
  ...more,
});

const shown = (invoice: Invoice) => ({ kind: 'shown', invoice }) as const;

const pairOf = (more: Partial<LinkedPair> = {}): LinkedPair => ({
  linkId: 'link-1',
  internalId: agreed.internal.id,
  quickbooksId: agreed.quickbooks.id,
  number: agreed.internal.number,
  base: agreed,
  internal: shown(agreed.internal),
  quickbooks: shown(agreed.quickbooks),
  observed: agreed,
  payments: [],
  acceptedPayments: null,
  standing: null,
  taxVariance: null,
  isAccepted: false,
  hasAccepted: false,
  ...more,
});

const memo = (side: 'internal' | 'quickbooks', customerMemo: string): Invoice => ({
  ...agreed[side],
  customerMemo,
});

const judged = (pair: LinkedPair, more: Partial<CompareTerms> = {}) => {
  const { reason, drift, untold } = judgePair(pair, terms(more));
  return [reason, drift === null ? null : `${drift.kind} ${drift.status}`, untold?.side ?? null];
};

const repairing = 'FIELD_MISMATCH REPAIRING';

/** Every way two sides can stand to their base in one field, and what comes of it while nothing stands in its way. */
const movements = [
  { internal: null, quickbooks: null, expected: ['matched', null, null] },
  { internal: 'Ours', quickbooks: null, expected: ['being repaired', repairing, 'internal'] },
  { internal: null, quickbooks: 'Theirs', expected: ['being repaired', repairing, 'quickbooks'] },
  { internal: 'Same', quickbooks: 'Same', expected: ['matched', null, null] },
  { internal: 'Ours', quickbooks: 'Theirs', expected: ['conflict', null, 'internal'] },
] as const;

const standings = [
  null,
  'in flight',
  'conflict',
  'dead letter',
  'closed period',
  'paused',
] as const satisfies readonly Standing[];

describe.each(movements)(
  'where internal invoicing moved to $internal and QuickBooks to $quickbooks',
  ({ expected, ...movement }) => {
    const internal =
      movement.internal === null ? agreed.internal : memo('internal', movement.internal);
    const quickbooks =
      movement.quickbooks === null ? agreed.quickbooks : memo('quickbooks', movement.quickbooks);
    const now = { internal: shown(internal), quickbooks: shown(quickbooks) };

    test('the main path is told of it exactly when it has something to do', () => {
      expect(judged(pairOf(now))).toEqual(expected);
      expect(hasMoved(pairOf(now), facts)).toBe(
        movement.internal !== null || movement.quickbooks !== null,
      );
    });

    test.each(standings)(
      '%s stands, and what it stands for is raised again only as news',
      (standing) => {
        const known = { ...now, standing, observed: { internal, quickbooks } };
        const isQuiet = expected[0] === 'matched';
        if (standing === 'in flight')
          expect(judged(pairOf(known))).toEqual(['in flight', null, null]);
        else if (standing === null || isQuiet) expect(judged(pairOf(known))).toEqual(expected);
        else expect(judged(pairOf(known))).toEqual([standing, null, null]);

        const news = pairOf({ ...now, standing });
        if (standing === 'conflict' || standing === 'dead letter' || standing === 'closed period')
          expect(judged(news)).toEqual(expected);
      },
    );

    test('in shadow mode nothing is raised', () => {
      const [reason, drift, untold] = judged(pairOf(now), { isShadow: true });
      expect([drift, untold]).toEqual([null, null]);
      expect(['matched', 'shadow mode']).toContain(reason);
    });

    test('before go-live it is shown and left alone', () => {
      const late = { ...settings, goLiveDate: brandLocalDate('2999-01-01') };
      const [, drift, untold] = judged(pairOf(now), { settings: late });
      expect(untold).toBeNull();
      expect(drift).toBe(expected[0] === 'matched' ? null : 'BEFORE_GO_LIVE OPEN');
    });
  },
);

test('a void that nobody told is told as one', () => {
  const { untold } = judgePair(
    pairOf({ quickbooks: shown({ ...agreed.quickbooks, ...gone }) }),
    terms(),
  );
  expect(untold).toEqual({ side: 'quickbooks', id: agreed.quickbooks.id, kind: 'VOIDED' });
});

test.each([
  ['gone from QuickBooks', { quickbooks: { kind: 'gone', last: agreed.quickbooks } }],
  ['never in QuickBooks', { quickbooks: { kind: 'never' } }],
  ['never in internal invoicing', { internal: { kind: 'never' } }],
] as const)('%s is a broken link for a person', (_what, more) => {
  expect(judged(pairOf(more))).toEqual(['broken link', 'BROKEN_LINK OPEN', null]);
  expect(judged(pairOf({ ...more, isAccepted: true }))).toEqual(['accepted', null, null]);
  expect(judged(pairOf({ ...more, standing: 'dead letter' }))).toEqual(['dead letter', null, null]);
});

test('what is gone on both sides agrees', () => {
  expect(
    judged(
      pairOf({
        internal: { kind: 'gone', last: agreed.internal },
        quickbooks: { kind: 'gone', last: agreed.quickbooks },
      }),
    ),
  ).toEqual(['matched', null, null]);
});

test('totals that differ while every field agrees are a drift, unless a person accepted them', () => {
  const dearer: Invoice = {
    ...agreed.quickbooks,
    derived: {
      ...unpaidInvoice.derived,
      subtotal: brandAmount('999.00'),
      total: brandAmount('999.00'),
    },
  };
  const now = { quickbooks: shown(dearer) };

  expect(judged(pairOf(now)).slice(0, 2)).toEqual(['unexplained', 'UNEXPLAINED_TOTAL OPEN']);
  expect(judged(pairOf({ ...now, isAccepted: true }))).toEqual(['accepted', null, null]);
});

test('one that is not understood is a drift of its own', () => {
  expect(judged(pairOf({ quickbooks: { kind: 'unreadable', problem: '$.Line' } }))).toEqual([
    'not understood',
    'FIELD_MISMATCH OPEN',
    null,
  ]);
});
