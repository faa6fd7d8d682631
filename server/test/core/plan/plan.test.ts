import { assert, property } from 'fast-check';
import { describe, expect, test } from 'vitest';
import { brandDecimal, brandLocalDate } from '#core/brand.ts';
import type { InvoiceContent } from '#core/invoice/invoice.ts';
import { advanceBase } from '#core/plan/advance-base.ts';
import { planInvoice, type Plan } from '#core/plan/plan.ts';
import { translated, translatedBack, unpaidInvoice } from '../documents.ts';
import { facts, settings } from '../merge/settling.ts';
import { stories, tripleOf } from '../merge/triples.ts';
import { agreed, decision, gone, later, planned, taxed, type Case } from './cases.ts';

const disputed = ({ merges }: Plan): readonly string[] =>
  merges.filter(({ merge }) => merge === 'conflict').map(({ group }) => group);

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
      quickbooks: { operation: 'CREATED', wanted: translated(unpaidInvoice) },
      internal: null,
      held: null,
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
      'a QuickBooks edit is written internally',
      { quickbooks: later },
      'UPDATED internally',
      /QuickBooks changed the dates; internal invoicing has not touched that .* written to internal invoicing/,
    ],
    [
      'edits of different fields go both ways',
      { internal: { poNumber: 'PO-1' }, quickbooks: later },
      'UPDATED, UPDATED internally',
      /^Internal invoicing changed the purchase order number; .* QuickBooks changed the dates; /,
    ],
    [
      'an e-mail address changed in QuickBooks stays there: internal invoices have none',
      { quickbooks: { billEmail: 'desk@globex.example' } },
      'nothing',
      /QuickBooks changed the e-mail address; internal invoicing has no place for that/,
    ],
    [
      'two e-mail addresses are decided by the rule: the internal one wins',
      {
        internal: { billEmail: 'ours@globex.example' },
        quickbooks: { billEmail: 'theirs@globex.example' },
      },
      'UPDATED',
      /^Both sides changed the e-mail address; by its rule the value of internal invoicing is taken/,
    ],
    [
      'a QuickBooks edit in closed books is written internally: nothing is sent to QuickBooks',
      { quickbooks: later, closedThrough: '2026-11-30' },
      'UPDATED internally',
      /written to internal invoicing/,
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
    [
      'closed books keep back only the half that goes to QuickBooks',
      {
        internal: { poNumber: 'PO-1' },
        quickbooks: { customerMemo: 'Theirs' },
        closedThrough: '2026-11-30',
      },
      'UPDATED internally',
      /^QuickBooks changed the note to the customer; .* written to internal invoicing\. The books are closed through/,
    ],
    [
      'one dated before go-live is left as it is, whichever side changed it',
      { internal: { poNumber: 'PO-1' }, goLiveDate: '2026-12-01' },
      'leave',
      /dated 2026-11-20, before go-live on 2026-12-01, and the purchase order number changed since/,
    ],
    [
      'one dated before go-live that both sides changed opens no conflict',
      { internal: moreInternally, quickbooks: moreInQuickbooks, goLiveDate: '2026-12-01' },
      'leave',
      /neither side is written/,
    ],
    [
      'one dated before go-live that is voided on one side is left as it is',
      { internal: gone, goLiveDate: '2026-12-01' },
      'leave',
      /whether it stands or is void changed since/,
    ],
    [
      'one that internal invoicing moves past go-live is left: QuickBooks still has it before',
      { internal: { issueDate: brandLocalDate('2026-12-05') }, goLiveDate: '2026-12-01' },
      'leave',
      /dated 2026-11-20/,
    ],
    [
      'an agreed one before go-live needs nothing',
      { goLiveDate: '2026-12-01' },
      'nothing',
      /already agree/,
    ],
    [
      'different tax beyond what the company lets pass waits for a person',
      { quickbooks: taxed('6300.00') },
      'nothing',
      /yet compute different tax/,
    ],
    [
      'a plain edit beside different tax crosses',
      { internal: { poNumber: 'PO-1' }, quickbooks: taxed('6300.00') },
      'UPDATED',
      /changed the purchase order number; .*yet compute different tax/,
    ],
    [
      'different tax is no dispute while the lines are on their way: it is compared after the write',
      { internal: moreInternally, quickbooks: taxed('6300.00') },
      'UPDATED',
      /changed a line; QuickBooks has not touched that since both agreed\. It is written to QuickBooks\.$/,
    ],
    [
      'tax within what the company lets pass is no dispute',
      { quickbooks: taxed('6205.20') },
      'nothing',
      /already agree/,
    ],
  ])('%s', (_name, one, expected, words) => {
    const plan = planned(one);

    expect(decision(plan)).toBe(expected);
    expect(plan.explanation).toMatch(words);
  });

  test('names the paths it writes, and only those', () => {
    const { next } = planned({ internal: { ...later, poNumber: 'PO-1' } });

    expect(next).toMatchObject({
      quickbooks: { paths: ['issueDate', 'terms', 'dueDate', 'poNumber'] },
      internal: null,
    });
  });

  test('names the paths it writes to each side', () => {
    const { next } = planned({ internal: { poNumber: 'PO-1' }, quickbooks: later });

    expect(next).toMatchObject({
      quickbooks: { paths: ['poNumber'], wanted: later },
      internal: {
        paths: ['issueDate', 'terms', 'dueDate'],
        wanted: { ...later, poNumber: 'PO-1' },
      },
    });
  });

  test('writes what QuickBooks holds where the two sides dispute', () => {
    const { next } = planned({
      internal: { ...moreInternally, poNumber: 'PO-1' },
      quickbooks: moreInQuickbooks,
    });

    expect(next).toMatchObject({
      quickbooks: { wanted: { poNumber: 'PO-1', lines: [{ quantity: '14' }] } },
    });
  });

  test('agrees on what both sides hold equal where nothing was ever agreed', () => {
    const plan = planned({ base: null });

    expect(decision(plan)).toBe('nothing');
    expect(plan.merges.map(({ merge }) => merge)).not.toContain('conflict');
  });

  test('asks a person about every difference where nothing was ever agreed', () => {
    const plan = planned({ internal: later, base: null });

    expect(decision(plan)).toBe('nothing');
    expect(disputed(plan)).toEqual(['issueDate']);
    expect(plan.explanation).toMatch(/never agreed on .*; a person has to choose/);
  });

  test('asks a person whether it stands where one side had it gone when it was paired', () => {
    for (const one of [{ internal: gone }, { quickbooks: gone }])
      expect(disputed(planned({ ...one, base: null }))).toEqual(['existence']);
  });

  test('goes on asking about what was never agreed, and lets the rest cross', () => {
    const first = planned({ internal: later, base: null });
    const paired = { ...agreed.internal, ...later };
    const base = advanceBase(null, paired, agreed.quickbooks, first.merges, []);

    const plan = planned({ internal: { ...later, poNumber: 'PO-2' }, base });

    expect(disputed(plan)).toEqual(['issueDate']);
    expect(plan.next).toMatchObject({
      kind: 'write',
      internal: null,
      quickbooks: { paths: ['poNumber'], wanted: { dueDate: agreed.quickbooks.dueDate } },
    });
    expect(disputed(planned({ internal: later, quickbooks: later, base }))).toEqual([]);
    const backInternally = planned({ quickbooks: { dueDate: null }, base });
    expect(disputed(backInternally)).toEqual(['issueDate']);
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
        const back: InvoiceContent = frozen(translatedBack(quickbooks));
        const sides = { internal, translated: content, quickbooks, translatedBack: back };
        const inputs = frozen({ base, ...sides, taxVariance: null, settings, facts });

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
          translatedBack: translatedBack(quickbooks),
          taxVariance: null,
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
