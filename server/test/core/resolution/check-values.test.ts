import { describe, expect, test } from 'vitest';
import { brandLocalDate } from '#core/brand.ts';
import type { QuickBooksFacts } from '#core/company/company.ts';
import type { InvoiceContent } from '#core/invoice/invoice.ts';
import type { FieldChoice } from '#core/merge/field-choice.ts';
import { planInvoice } from '#core/plan/plan.ts';
import type { NumberHolder } from '#core/resolution/check-values.ts';
import { decideChoices } from '#core/resolution/decide-choices.ts';
import { disputeOf } from '#core/resolution/dispute.ts';
import { sides } from '#core/side.ts';
import { quickbooksTwin, translated, translatedBack, unpaidInvoice } from '../documents.ts';
import { facts, settings } from '../merge/settling.ts';

const base = { internal: unpaidInvoice, quickbooks: quickbooksTwin(unpaidInvoice) };

type Asked = {
  readonly ours: Partial<InvoiceContent>;
  readonly theirs: Partial<InvoiceContent>;
  readonly choices: readonly {
    readonly path: string;
    readonly choice: FieldChoice;
    readonly customValue?: string;
  }[];
  readonly facts?: QuickBooksFacts;
  readonly numbersTaken?: readonly NumberHolder[];
};

/** What is wrong with the choices about the one group that both sides changed. */
function issuesOf({ ours, theirs, choices, numbersTaken = [], ...more }: Asked) {
  const present = {
    internal: { ...base.internal, ...ours },
    quickbooks: { ...base.quickbooks, ...theirs },
  };
  const { merges } = planInvoice({
    base,
    internal: present.internal,
    translated: translated(present.internal),
    quickbooks: present.quickbooks,
    translatedBack: translatedBack(present.quickbooks),
    taxVariance: null,
    settings,
    facts,
  });
  const disputes = merges
    .filter(({ merge }) => merge === 'conflict')
    .map((merge) => disputeOf(base, merge, present, undefined));
  const basis = {
    disputes,
    questions: [],
    present,
    facts: more.facts ?? facts,
    references: [],
    numbersTaken,
  };
  return decideChoices(
    basis,
    choices.map((choice) => ({ customValue: null, ...choice })),
  ).issues;
}

describe('a number that another document has', () => {
  const numbers = { ours: { number: 'INV-A' }, theirs: { number: 'INV-B' } };
  const wanted = {
    KEEP_INTERNAL: { number: 'INV-A', to: ['quickbooks'] },
    KEEP_QUICKBOOKS: { number: 'INV-B', to: ['internal'] },
    KEEP_BASE: { number: unpaidInvoice.number ?? '', to: sides },
    CUSTOM: { number: 'INV-C', to: sides },
  } as const;
  const cases = (['KEEP_INTERNAL', 'KEEP_QUICKBOOKS', 'KEEP_BASE', 'CUSTOM'] as const).flatMap(
    (choice) => sides.map((side) => ({ choice, side })),
  );

  test.each(cases)(
    'of $side is refused with $choice where it would go there',
    ({ choice, side }) => {
      const { number, to } = wanted[choice];
      const customValue = choice === 'CUSTOM' ? { customValue: number } : {};

      const issues = issuesOf({
        ...numbers,
        choices: [{ path: 'number', choice, ...customValue }],
        numbersTaken: [{ side, number, id: '977' }],
      });

      const isMet = to.some((one) => one === side);
      expect(issues.map(({ path }) => path)).toEqual(
        isMet ? [['choices', '0', choice === 'CUSTOM' ? 'customValue' : 'choice']] : [],
      );
      if (isMet) expect(issues[0]?.message).toMatch(/^Number: .* belongs to 977 of /);
    },
  );

  test('another number is no matter', () => {
    const issues = issuesOf({
      ...numbers,
      choices: [{ path: 'number', choice: 'CUSTOM', customValue: 'INV-C' }],
      numbersTaken: [{ side: 'quickbooks', number: 'INV-D', id: '977' }],
    });

    expect(issues).toEqual([]);
  });
});

test.each([
  ['2026-11-30', true],
  ['2026-12-01', false],
] as const)(
  'a typed issue date of %s in books closed through November is refused: %s',
  (typed, refused) => {
    const issues = issuesOf({
      ours: { issueDate: brandLocalDate('2026-12-05') },
      theirs: { issueDate: brandLocalDate('2026-12-06') },
      choices: [{ path: 'issueDate', choice: 'CUSTOM', customValue: typed }],
      facts: { ...facts, booksClosedThrough: brandLocalDate('2026-11-30') },
    });

    expect(issues).toEqual(
      refused
        ? [
            {
              path: ['choices', '0', 'customValue'],
              message:
                'Issue date: 2026-11-30 lies in the period that QuickBooks has closed through 2026-11-30; choose a later day.',
            },
          ]
        : [],
    );
  },
);
