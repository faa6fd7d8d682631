import process from 'node:process';
import { assert, property } from 'fast-check';
import { describe, expect, test } from 'vitest';
import { advanceBase } from '#core/plan/advance-base.ts';
import { mergeInvoice, type GroupMerge } from '#core/merge/merge-invoice.ts';
import type { Invoice } from '#core/invoice/invoice.ts';
import { translated, translatedBack } from '../documents.ts';
import { unauthorised } from './authorised-loss.ts';
import { planOf, settle } from './settling.ts';
import { inQuickBooksWay, stories, tripleOf, type Triple } from './triples.ts';

const roundsMax = 4;

/**
 * Others in each run of the suite, a failure prints its seed; the law asks for 200,000, a minute of one core:
 * `MERGE_TRIPLES=200000 npm test -- --project unit merge-invoice`.
 */
const triplesMax = Number(process.env['MERGE_TRIPLES'] ?? 50_000);

const kindsIn = (merges: readonly GroupMerge[]): ReadonlySet<string> =>
  new Set(merges.map(({ merge }) => merge));

const within = (found: ReadonlySet<string>, allowed: readonly string[]): boolean =>
  [...found].every((kind) => allowed.includes(kind));

const mergesOf = ({ base, internal, quickbooks }: Triple): readonly GroupMerge[] =>
  mergeInvoice({
    base,
    internal,
    internalTranslated: translated(internal),
    quickbooks,
    defaultTaxCodeId: null,
  });

const textOf = (invoice: Invoice): string =>
  JSON.stringify({
    ...translated({ ...invoice, lines: [] }),
    lines: invoice.lines.map((line) => ({ ...line, sideId: null })),
  });

describe('merging one document that two people perturbed', { timeout: 180_000 }, () => {
  test(`loses nothing that was not authorised in ${triplesMax} triples, and settles within four rounds`, () => {
    const reached = new Set<string>();
    let seen = 0;
    assert(
      property(stories, (story) => {
        const triple = tripleOf(story);
        const { last, plan, writes } = settle(triple, roundsMax);
        seen += 1;
        // What a fraction reaches, all of them reach.
        if (seen % 20 === 0)
          mergesOf(triple).forEach(({ group, merge }) => reached.add(`${group} ${merge}`));

        const wrong = [
          ...unauthorised(triple, last, plan.merges),
          ...(plan.next.kind === 'write' || writes >= roundsMax ? ['does not come to rest'] : []),
        ];
        // Plain, since an expectation for each of so many would take longer than what it looks at.
        if (wrong.length > 0) throw new Error(wrong.join('; '));
      }),
      { numRuns: triplesMax },
    );
    // A generator that never gets somewhere proves nothing about it.
    for (const group of ['existence', 'customer', 'issueDate', 'line', 'amount', 'description'])
      for (const merge of ['take-internal', 'take-quickbooks', 'agreed', 'conflict'])
        expect(reached).toContain(`${group} ${merge}`);
  });

  test('agrees on what it wrote: deciding once more writes nothing and moves no base', () => {
    assert(
      property(stories, (story) => {
        const { last } = settle(tripleOf(story), roundsMax);

        const again = planOf(last);

        expect(again.next.kind).not.toBe('write');
        expect(kindsIn(again.merges).has('agreed')).toBe(false);
        if (again.next.kind === 'stop') return;
        const base = advanceBase(last.base, last.internal, last.quickbooks, again.merges, []);
        expect([base.internal, base.quickbooks].map(textOf)).toEqual(
          [last.base.internal, last.base.quickbooks].map(textOf),
        );
      }),
      { numRuns: 3_000 },
    );
  });

  test('moves the base only to what both sides hold', () => {
    assert(
      property(stories, (story) => {
        const { last, plan } = settle(tripleOf(story), roundsMax);
        const open = plan.merges.filter(({ merge }) => merge !== 'unchanged' && merge !== 'agreed');

        if (open.length > 0 || plan.next.kind === 'stop') return;
        expect(textOf(last.base.internal)).toBe(textOf(last.internal));
        expect(textOf(last.base.quickbooks)).toBe(textOf(last.quickbooks));
      }),
      { numRuns: 3_000 },
    );
  });

  test('writes nothing when neither side moved', () => {
    assert(
      property(stories, (story) => {
        const triple = tripleOf({ ...story, internalEdits: [], quickbooksEdits: [] });

        expect(within(kindsIn(mergesOf(triple)), ['unchanged'])).toBe(true);
        expect(planOf(triple).next.kind).toBe('nothing');
      }),
      { numRuns: 1_000 },
    );
  });

  test('lets the internal side win where QuickBooks is untouched', () => {
    assert(
      property(stories, (story) => {
        const triple = tripleOf({ ...story, quickbooksEdits: [] });
        const { last, plan } = settle(triple, roundsMax);

        expect(within(kindsIn(mergesOf(triple)), ['unchanged', 'take-internal'])).toBe(true);
        if (plan.next.kind === 'stop' || triple.internal.existence !== 'present') return;
        const wanted = inQuickBooksWay(translated(triple.internal));
        expect(sorted(last.quickbooks)).toEqual(sorted({ ...last.quickbooks, ...wanted }));
      }),
      { numRuns: 3_000 },
    );
  });

  test('lets QuickBooks win where the internal side is untouched', () => {
    assert(
      property(stories, (story) => {
        const triple = tripleOf({ ...story, internalEdits: [] });
        const { last, plan } = settle(triple, roundsMax);

        if (plan.next.kind === 'stop' || triple.quickbooks.existence !== 'present') return;
        const wanted = inQuickBooksWay(translated(last.internal));
        const { billEmail } = triple.quickbooks; // internal invoices have none of their own
        expect(sorted({ ...last.quickbooks, ...wanted, billEmail })).toEqual(
          sorted(last.quickbooks),
        );
      }),
      { numRuns: 3_000 },
    );
  });

  test('never touches QuickBooks where the internal side is untouched', () => {
    assert(
      property(stories, (story) => {
        const triple = tripleOf({ ...story, internalEdits: [] });
        const { last } = settle(triple, roundsMax);

        expect(within(kindsIn(mergesOf(triple)), ['unchanged', 'take-quickbooks'])).toBe(true);
        expect(last.quickbooks).toEqual(triple.quickbooks);
      }),
      { numRuns: 3_000 },
    );
  });

  test('says the same with the sides exchanged', () => {
    const exchanged: Readonly<Record<string, string>> = {
      'take-internal': 'take-quickbooks',
      'take-quickbooks': 'take-internal',
    };
    assert(
      property(stories, (story) => {
        const { base, internal, quickbooks } = tripleOf(story);
        const straight = mergesOf({ base, internal, quickbooks });

        const mirrored = mergeInvoice({
          base: { internal: base.quickbooks, quickbooks: base.internal },
          internal: quickbooks,
          internalTranslated: translatedBack(quickbooks),
          quickbooks: internal,
          defaultTaxCodeId: null,
        });

        const sayings = (merges: readonly GroupMerge[], turn: (merge: string) => string) =>
          merges.map(({ group, lineKey, merge }) => `${lineKey} ${group} ${turn(merge)}`).sort();
        const turned = sayings(straight, (merge) => exchanged[merge] ?? merge);
        expect(sayings(mirrored, (merge) => merge)).toEqual(turned);
      }),
      { numRuns: 3_000 },
    );
  });

  test('keeps the key of every line that its side still has', () => {
    assert(
      property(stories, (story) => {
        const { base, internal, quickbooks } = tripleOf(story);
        for (const side of ['internal', 'quickbooks'] as const) {
          const now = side === 'internal' ? internal : quickbooks;
          const keys = now.lines.map((line) => line.key);
          expect(new Set(keys).size).toBe(keys.length);
          for (const line of base[side].lines) {
            const found = now.lines.find((other) => other.sideId === line.sideId);
            if (found !== undefined) expect(found.key).toBe(line.key);
          }
        }
      }),
      { numRuns: 3_000 },
    );
  });
});

/** A document with its lines by key: their order is a matter of the paper and crosses only with new lines. */
const sorted = (invoice: Invoice) => ({
  ...invoice,
  lines: invoice.lines
    .map((line) => ({ ...line, sideId: null }))
    .sort((left, right) => (left.key ?? '').localeCompare(right.key ?? '')),
});
