import { describe, expect, test } from 'vitest';
import { brandAmount, brandLocalDate } from '#core/brand.ts';
import type { QuickBooksFacts } from '#core/company/company.ts';
import type { Invoice } from '#core/invoice/invoice.ts';
import type { FieldChoice } from '#core/merge/field-choice.ts';
import { advanceBase } from '#core/plan/advance-base.ts';
import type { NumberThere } from '#core/plan/plan-again.ts';
import { planInvoice, type PlanInputs } from '#core/plan/plan.ts';
import { allowedChoices } from '#core/resolution/allowed-choices.ts';
import { decideChoices } from '#core/resolution/decide-choices.ts';
import type { StandingConflict } from '#core/resolution/decision.ts';
import { disputeOf, type Dispute } from '#core/resolution/dispute.ts';
import { otherSide, type Side } from '#core/side.ts';
import { quickbooksTwin, translated, translatedBack, unpaidInvoice } from '../documents.ts';
import { facts, settings, written } from '../merge/settling.ts';

type Sides = { readonly internal: Invoice; readonly quickbooks: Invoice };

const base: Sides = { internal: unpaidInvoice, quickbooks: quickbooksTwin(unpaidInvoice) };
const { number } = unpaidInvoice;

const keeping = {
  internal: 'KEEP_INTERNAL',
  quickbooks: 'KEEP_QUICKBOOKS',
} as const satisfies Record<Side, FieldChoice>;

/** The invoice is gone on one side and edited on the other. */
function divergedOn(gone: Side, existence: 'void' | 'deleted', more: Partial<Invoice> = {}): Sides {
  const standing = otherSide(gone);
  return {
    ...base,
    [gone]: { ...base[gone], existence },
    [standing]: { ...base[standing], customerMemo: 'Edited', ...more },
  };
}

type Asked = {
  readonly now: Sides;
  readonly numberThere?: NumberThere | undefined;
  readonly facts?: QuickBooksFacts;
  readonly standing?: StandingConflict | null;
  readonly halves?: Sides;
};

const inputsOf = ({ now, halves = base, standing = null, numberThere, ...more }: Asked) =>
  ({
    base: halves,
    internal: now.internal,
    translated: translated(now.internal),
    quickbooks: now.quickbooks,
    translatedBack: translatedBack(now.quickbooks),
    taxVariance: null,
    settings,
    facts: more.facts ?? facts,
    standing,
    numberThere,
  }) satisfies PlanInputs;

function disputeIn({ now, numberThere }: Asked): Dispute {
  const { merges } = planInvoice(inputsOf({ now }));
  const [merge, ...others] = merges.filter((one) => one.merge === 'conflict');
  if (merge === undefined || others.length > 0) throw new Error('one conflict was expected');
  const dispute = disputeOf(base, merge, now, undefined);
  return numberThere === undefined ? dispute : { ...dispute, numberThere };
}

function decided(asked: Asked, choice: FieldChoice): StandingConflict {
  const basis = {
    disputes: [disputeIn(asked)],
    questions: [],
    present: asked.now,
    facts: asked.facts ?? facts,
    references: [],
    numbersTaken: [],
  };
  const choices = [{ path: 'existence', choice, customValue: null }];
  const { decisions, issues } = decideChoices(basis, choices);
  expect(issues).toEqual([]);
  return { isInForce: true, decisions, reopened: [] };
}

const free: NumberThere = { number, takenBy: null };
const closed = { ...facts, booksClosedThrough: brandLocalDate('2026-12-31') };
const paid = { derived: { ...unpaidInvoice.derived, amountPaid: brandAmount('5.00') } };

const gones = (['internal', 'quickbooks'] as const).flatMap((gone) =>
  (['void', 'deleted'] as const).map((existence) => ({ gone, existence })),
);

describe.each(gones)('an invoice $existence in $gone and edited on the other side', (one) => {
  const { gone, existence } = one;
  const standing = otherSide(gone);
  const now = divergedOn(gone, existence);

  test('is offered to be kept by a new document, or to be cancelled, while its number is free there', () => {
    const dispute = disputeIn({ now, numberThere: free });

    expect(allowedChoices(dispute, now, facts)).toEqual(['KEEP_INTERNAL', 'KEEP_QUICKBOOKS']);
  });

  test.each<readonly [string, NumberThere | undefined]>([
    ['the document that is gone keeps its number', { number, takenBy: base[gone].id }],
    ['another document has its number', { number, takenBy: '977' }],
    ['another number was looked for', { number: 'INV-OTHER', takenBy: null }],
    ['nobody has looked', undefined],
  ])('is only offered to be cancelled when %s', (_why, numberThere) => {
    const dispute = disputeIn({ now, numberThere });

    expect(allowedChoices(dispute, now, facts)).toEqual([keeping[gone]]);
  });

  test('is offered nothing while money is applied to it', () => {
    const held = divergedOn(gone, existence, paid);
    const dispute = disputeIn({ now: held, numberThere: free });

    expect(allowedChoices(dispute, held, facts)).toEqual([]);
  });

  test('is never made anew in closed books of QuickBooks', () => {
    const dispute = disputeIn({ now, numberThere: free });

    expect(allowedChoices(dispute, now, closed)).toEqual(
      // What stands in QuickBooks is not cancelled there either; internal invoicing has no closed books.
      gone === 'quickbooks' ? [keeping[gone]] : [keeping[standing]],
    );
  });

  test('that is kept is made once on that side, whole, and leaves nothing to do', () => {
    const asked = { now, numberThere: free };
    const conflict = decided(asked, keeping[standing]);

    const plan = planInvoice(inputsOf({ ...asked, standing: conflict }));

    expect(plan.decision).toEqual({ kind: 'taken' });
    if (plan.next.kind !== 'write') throw new Error(`it was to be written, not ${plan.next.kind}`);
    const write = plan.next[gone];
    if (write?.operation !== 'CREATED') throw new Error('a new document was expected');
    expect(plan.next[standing]).toBeNull();
    expect(write.wanted).toMatchObject({ existence: 'present', number, customerMemo: 'Edited' });
    const present = { ...now, [gone]: written(now[gone], write) };
    const { internal, quickbooks } = present;
    const halves = advanceBase(base, internal, quickbooks, plan.merges, [gone]);
    const rest = planInvoice(inputsOf({ now: present, halves, standing: conflict }));
    expect(rest).toMatchObject({ next: { kind: 'nothing' }, decision: { kind: 'taken' } });
    expect(planInvoice(inputsOf({ now: present, halves })).next.kind).toBe('nothing');
  });

  test.each<readonly [string, Partial<Asked>, RegExp]>([
    ['its number is taken', { numberThere: { number, takenBy: '977' } }, /977/],
    [
      'the gone document has its number',
      { numberThere: { number, takenBy: base[gone].id } },
      /keeps number/,
    ],
    ['it was paid', { now: divergedOn(gone, existence, paid) }, /has changed|Money is applied/],
    [
      'the side that stands has moved',
      { now: divergedOn(gone, existence, { poNumber: 'PO-9' }) },
      /has changed/,
    ],
  ])('is not made once %s, and waits for a person again', (_why, since, words) => {
    const conflict = decided({ now, numberThere: free }, keeping[standing]);

    const plan = planInvoice(inputsOf({ now, numberThere: free, ...since, standing: conflict }));

    expect(plan.decision).toMatchObject({
      kind: 'fell-back',
      because: expect.stringMatching(words),
    });
    const writes = plan.next.kind === 'write' ? [plan.next.internal, plan.next.quickbooks] : [];
    expect(writes.filter((write) => write?.operation === 'CREATED')).toEqual([]);
  });

  test('that stands there again by itself takes the edit as a change, and no document is made', () => {
    const conflict = decided({ now, numberThere: free }, keeping[standing]);
    const again = { ...now, [gone]: base[gone] };

    const plan = planInvoice(inputsOf({ now: again, numberThere: free, standing: conflict }));

    expect(plan.next).toMatchObject({ kind: 'write', [gone]: { operation: 'UPDATED' } });
  });

  test('waits while the decision may be taken back', () => {
    const asked = { now, numberThere: free };
    const conflict = { ...decided(asked, keeping[standing]), isInForce: false };

    const plan = planInvoice(inputsOf({ ...asked, standing: conflict }));

    expect(plan).toMatchObject({ decision: { kind: 'waits' }, next: { kind: 'nothing' } });
  });
});

test('lines that internal invoicing cannot hold keep an invoice from being made anew there', () => {
  const carried = { sideId: '9', reason: 'bundle', amount: null };
  const now = divergedOn('internal', 'deleted', { carriedLines: [carried] });
  const dispute = disputeIn({ now, numberThere: free });

  expect(allowedChoices(dispute, now, facts)).toEqual(['KEEP_INTERNAL']);
});
