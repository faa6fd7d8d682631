import { describe, expect, test } from 'vitest';
import { agreed, decision, deposited, gone, later, paid, planned, type Case } from './cases.ts';

describe('what is decided when one side is gone', () => {
  test.each<readonly [string, Case, string, RegExp]>([
    ['a cancelled one is voided', { internal: gone }, 'VOIDED', /cancelled it; it is voided/],
    [
      'a deleted one is voided as well',
      { internal: { existence: 'deleted' } },
      'VOIDED',
      /cancelled it; it is voided/,
    ],
    [
      'one paid in QuickBooks waits for a person',
      { internal: gone, quickbooks: paid },
      'VALIDATION',
      /money is applied/,
    ],
    [
      'one paid internally waits for a person',
      { internal: { ...gone, ...paid } },
      'VALIDATION',
      /money is applied/,
    ],
    [
      'one with money that no payment names waits for a person',
      { internal: gone, quickbooks: deposited },
      'VALIDATION',
      /money is applied/,
    ],
    [
      'one in closed books waits',
      { internal: gone, closedThrough: '2026-11-30' },
      'PERIOD_CLOSED',
      /closed through/,
    ],
    [
      'one that QuickBooks edited meanwhile is disputed, never voided',
      { internal: gone, quickbooks: later },
      'nothing',
      /Internal invoicing cancelled it, but QuickBooks changed it/,
    ],
    [
      'one that QuickBooks voided is voided internally',
      { quickbooks: gone },
      'VOIDED internally',
      /^QuickBooks voided it; it is voided in internal invoicing/,
    ],
    [
      'one that QuickBooks deleted is voided internally',
      { quickbooks: { existence: 'deleted' } },
      'VOIDED internally',
      /^QuickBooks deleted it; it is voided in internal invoicing/,
    ],
    [
      'one that QuickBooks voided in closed books is voided internally',
      { quickbooks: gone, closedThrough: '2026-11-30' },
      'VOIDED internally',
      /voided/,
    ],
    [
      'one that QuickBooks voided and that is paid internally waits for a person',
      { quickbooks: gone, internal: paid },
      'VALIDATION',
      /money is applied to it in internal invoicing/,
    ],
    [
      'one that QuickBooks voided and that holds a deposit internally waits for a person',
      { quickbooks: gone, internal: deposited },
      'VALIDATION',
      /money is applied to it in internal invoicing/,
    ],
    [
      'one brought back in QuickBooks waits: internal invoicing cannot undo a void',
      {
        internal: gone,
        base: {
          internal: { ...agreed.internal, ...gone },
          quickbooks: { ...agreed.quickbooks, ...gone },
        },
      },
      'VALIDATION',
      /QuickBooks brought it back, but internal invoicing cannot undo a void/,
    ],
    [
      'one that QuickBooks voided and internal invoicing edited is disputed',
      { quickbooks: gone, internal: later },
      'nothing',
      /QuickBooks voided or deleted it, but internal invoicing changed it/,
    ],
    ['gone on both sides is agreed', { internal: gone, quickbooks: gone }, 'nothing', /agree/],
    [
      'one brought back internally waits: QuickBooks cannot undo a void',
      {
        quickbooks: gone,
        base: {
          internal: { ...agreed.internal, ...gone },
          quickbooks: { ...agreed.quickbooks, ...gone },
        },
      },
      'VALIDATION',
      /brought it back, but QuickBooks cannot undo a void/,
    ],
  ])('%s', (_name, one, expected, words) => {
    const plan = planned(one);

    expect(decision(plan)).toBe(expected);
    expect(plan.explanation).toMatch(words);
  });

  test('every stop says what to do, the last step being the replay', () => {
    const stops = [
      planned({ internal: gone, quickbooks: paid }),
      planned({ internal: gone, closedThrough: '2026-11-30' }),
      planned({ internal: paid, quickbooks: gone }),
    ].map(({ next }) => (next.kind === 'stop' ? next.stop.fix : []));

    for (const fix of stops) {
      expect(fix.length).toBeGreaterThan(1);
      expect(fix.at(-1)).toMatch(/replay\.$/);
    }
  });
});
