import { assert, property } from 'fast-check';
import { describe, expect, test } from 'vitest';
import { brandAmount, brandDecimal, brandLocalDate } from '#core/brand.ts';
import type { Invoice, InvoiceContent } from '#core/invoice/invoice.ts';
import { planInvoice, type Plan, type PlanInputs } from '#core/plan/plan.ts';
import { quickbooksTwin, translated, unpaidInvoice } from '../documents.ts';
import { facts, settings } from '../merge/settling.ts';
import { stories, tripleOf } from '../merge/triples.ts';

const agreed = { internal: unpaidInvoice, quickbooks: quickbooksTwin(unpaidInvoice) };

type Case = {
  readonly internal?: Partial<Invoice>;
  /** Null while there is no counterpart. */
  readonly quickbooks?: Partial<Invoice> | null;
  readonly base?: PlanInputs['base'];
  readonly goLiveDate?: string;
  readonly closedThrough?: string;
};

function inputsOf({ internal, quickbooks, base, goLiveDate, closedThrough }: Case): PlanInputs {
  const now = { ...unpaidInvoice, ...internal };
  return {
    base: base === undefined ? (quickbooks === null ? null : agreed) : base,
    internal: now,
    translated: translated(now),
    quickbooks: quickbooks === null ? null : { ...agreed.quickbooks, ...quickbooks },
    settings: {
      ...settings,
      goLiveDate: goLiveDate === undefined ? null : brandLocalDate(goLiveDate),
    },
    facts: {
      ...facts,
      booksClosedThrough: closedThrough === undefined ? null : brandLocalDate(closedThrough),
    },
  };
}

const planned = (one: Case): Plan => planInvoice(inputsOf(one));

const gone = { existence: 'void' } as const;
const later = { dueDate: brandLocalDate('2027-01-31') };
const paid: Partial<Invoice> = {
  payments: [
    { id: 'pay_1', version: null, date: null, amount: null, method: null, reference: null },
  ],
};
const deposited: Partial<Invoice> = {
  derived: { ...unpaidInvoice.derived, amountPaid: brandAmount('5.00') },
};

/** What is decided, in a word or two; stops with their reason. */
function decision({ next }: Plan): string {
  if (next.kind === 'write') return next.write.operation;
  return next.kind === 'stop' ? next.stop.reason : next.kind;
}

describe('what is decided for an invoice that QuickBooks does not have', () => {
  test.each<readonly [string, Case, string, RegExp]>([
    ['a new one is created', {}, 'CREATED', /new in internal invoicing.*created/],
    ['one cancelled before it crossed is left out', { internal: gone }, 'nothing', /cancelled/],
    [
      'one dated before go-live is left alone',
      { goLiveDate: '2026-11-21' },
      'nothing',
      /2026-11-20, before go-live on 2026-11-21/,
    ],
    ['one dated on the day of go-live is created', { goLiveDate: '2026-11-20' }, 'CREATED', /new/],
    [
      'one dated on the closing date waits',
      { closedThrough: '2026-11-20' },
      'PERIOD_CLOSED',
      /closed through 2026-11-20/,
    ],
    [
      'one dated after the closing date is created',
      { closedThrough: '2026-11-19' },
      'CREATED',
      /n/,
    ],
    [
      'one before go-live in closed books is left alone, not stopped',
      { goLiveDate: '2026-12-01', closedThrough: '2026-11-30' },
      'nothing',
      /before go-live/,
    ],
    [
      'a cancelled one in closed books is left out, not stopped',
      { internal: gone, closedThrough: '2026-11-30' },
      'nothing',
      /cancelled/,
    ],
  ])('%s', (_name, one, expected, words) => {
    const plan = planned({ ...one, quickbooks: null });

    expect(decision(plan)).toBe(expected);
    expect(plan.explanation).toMatch(words);
  });

  test('creates it in QuickBooks’ terms, as it stands', () => {
    const { next } = planned({ quickbooks: null });

    expect(next).toEqual({
      kind: 'write',
      write: { operation: 'CREATED', wanted: translated(unpaidInvoice) },
    });
  });
});

describe('what is decided for an invoice that both sides have', () => {
  const { lines } = unpaidInvoice;
  const theirLines = agreed.quickbooks.lines;
  const moreInternally = {
    lines: lines.map((line) => ({ ...line, quantity: brandDecimal('13') })),
  };
  const moreInQuickbooks = {
    lines: theirLines.map((line) => ({ ...line, quantity: brandDecimal('14') })),
  };

  test.each<readonly [string, Case, string, RegExp]>([
    ['nothing moved', {}, 'nothing', /already agree/],
    [
      'an internal edit is written',
      { internal: later },
      'UPDATED',
      /changed the dates; QuickBooks/,
    ],
    [
      'a QuickBooks edit is left',
      { quickbooks: later },
      'nothing',
      /Only QuickBooks changed the d/,
    ],
    [
      'the same edit on both sides is agreed',
      { internal: later, quickbooks: later },
      'nothing',
      /already agree/,
    ],
    [
      'two values for one field wait for a person',
      { internal: moreInternally, quickbooks: moreInQuickbooks },
      'nothing',
      /Both sides changed a line to different values; a person has to choose/,
    ],
    [
      'what is not disputed is written beside a dispute',
      { internal: { ...moreInternally, poNumber: 'PO-1' }, quickbooks: moreInQuickbooks },
      'UPDATED',
      /changed the purchase order number; .* Both sides changed a line to different values/,
    ],
    [
      'an edit inside closed books waits',
      { internal: later, closedThrough: '2026-11-30' },
      'PERIOD_CLOSED',
      /closed through/,
    ],
    [
      'an edit that would move it into closed books waits',
      { internal: { issueDate: brandLocalDate('2026-10-31') }, closedThrough: '2026-10-31' },
      'PERIOD_CLOSED',
      /closed through/,
    ],
    [
      'an edit that would move it out of closed books waits too: QuickBooks refuses either',
      { internal: { issueDate: brandLocalDate('2026-12-01') }, closedThrough: '2026-11-20' },
      'PERIOD_CLOSED',
      /closed through/,
    ],
    ['an agreed one in closed books is left', { closedThrough: '2026-11-30' }, 'nothing', /agree/],
  ])('%s', (_name, one, expected, words) => {
    const plan = planned(one);

    expect(decision(plan)).toBe(expected);
    expect(plan.explanation).toMatch(words);
  });

  test('names the paths it writes, and only those', () => {
    const { next } = planned({ internal: { ...later, poNumber: 'PO-1' } });

    expect(next.kind === 'write' && next.write.operation === 'UPDATED' && next.write.paths).toEqual(
      ['issueDate', 'terms', 'dueDate', 'poNumber'],
    );
  });

  test('writes what QuickBooks holds where the two sides dispute', () => {
    const { next } = planned({
      internal: { ...moreInternally, poNumber: 'PO-1' },
      quickbooks: moreInQuickbooks,
    });

    expect(
      next.kind === 'write' && next.write.operation === 'UPDATED' && next.write.wanted,
    ).toMatchObject({ poNumber: 'PO-1', lines: [{ quantity: '14' }] });
  });

  test('takes what both show for the start where nothing was ever agreed', () => {
    const plan = planned({ internal: later, base: null });

    expect(decision(plan)).toBe('nothing');
  });
});

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
      'one that QuickBooks voided is left there',
      { quickbooks: gone },
      'nothing',
      /Only QuickBooks changed whether it stands or is void/,
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
    ].map(({ next }) => (next.kind === 'stop' ? next.stop.fix : []));

    for (const fix of stops) {
      expect(fix.length).toBeGreaterThan(1);
      expect(fix.at(-1)).toBe('Then replay.');
    }
  });
});

/** Freezes a value and everything in it. */
function frozen<Value>(value: Value): Value {
  if (typeof value === 'object' && value !== null && !Object.isFrozen(value)) {
    Object.freeze(value);
    Object.values(value).forEach(frozen);
  }
  return value;
}

describe('deciding', () => {
  test('gives the same outcome from the same inputs, and leaves them alone', () => {
    assert(
      property(stories, (story) => {
        const { base, internal, quickbooks } = frozen(tripleOf(story));
        const content: InvoiceContent = frozen(translated(internal));
        const inputs = frozen({ base, internal, translated: content, quickbooks, settings, facts });

        const plan = planInvoice(inputs);

        expect(planInvoice(inputs)).toEqual(plan);
        expect(planInvoice(structuredClone(inputs))).toEqual(plan);
      }),
      { numRuns: 1_000 },
    );
  });

  test('always says why, in a sentence', () => {
    assert(
      property(stories, (story) => {
        const { base, internal, quickbooks } = tripleOf(story);
        const { explanation } = planInvoice({
          base,
          internal,
          translated: translated(internal),
          quickbooks,
          settings,
          facts,
        });
        expect(explanation).toMatch(/^[A-Z].*\.$/);
        expect(explanation).not.toMatch(/undefined|null|\[object/);
      }),
      { numRuns: 1_000 },
    );
  });
});
