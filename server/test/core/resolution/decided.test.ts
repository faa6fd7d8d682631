import { describe, expect, test } from 'vitest';
import { brandAmount, brandDecimal, brandLocalDate } from '#core/brand.ts';
import type { Invoice, InvoiceContent, Line } from '#core/invoice/invoice.ts';
import { valueAt } from '#core/invoice/value-at.ts';
import type { FieldChoice } from '#core/merge/field-choice.ts';
import { advanceBase } from '#core/plan/advance-base.ts';
import { planInvoice, type Plan, type PlanInputs } from '#core/plan/plan.ts';
import { allowedChoices } from '#core/resolution/allowed-choices.ts';
import { decideChoices } from '#core/resolution/decide-choices.ts';
import type { GroupDecision, StandingConflict } from '#core/resolution/decision.ts';
import { disputeOf, type Dispute } from '#core/resolution/dispute.ts';
import type { Side } from '#core/side.ts';
import { translated, translatedBack, quickbooksTwin, unpaidInvoice } from '../documents.ts';
import { aLine } from '../mapping/invoices.ts';
import { facts, settings, written } from '../merge/settling.ts';

type Sides = { readonly internal: Invoice; readonly quickbooks: Invoice };

const base: Sides = { internal: unpaidInvoice, quickbooks: quickbooksTwin(unpaidInvoice) };

const line = (more: Partial<Line>): Pick<InvoiceContent, 'lines'> => ({
  lines: [{ ...aLine, ...more }],
});
const amounts = (quantity: string, amount: string) =>
  line({ quantity: brandDecimal(quantity), amount: brandAmount(amount) });

type Kind = {
  readonly group: string;
  /** What each side did, in internal terms. */
  readonly ours: Partial<InvoiceContent>;
  readonly theirs: Partial<InvoiceContent>;
  /** A value of one's own for each disputed path; null where none can be typed. */
  readonly typed: Readonly<Record<string, string>> | null;
  readonly allowed: readonly FieldChoice[];
};

const all = ['KEEP_INTERNAL', 'KEEP_QUICKBOOKS', 'KEEP_BASE', 'CUSTOM'] as const;
const amountPath = (field: string): string => `lines[key=A].${field}`;

/** One divergence of every kind of group. */
const kinds: readonly Kind[] = [
  {
    group: 'customerMemo',
    ours: { customerMemo: 'Ours' },
    theirs: { customerMemo: 'Theirs' },
    typed: { customerMemo: 'A third' },
    allowed: all,
  },
  {
    group: 'poNumber',
    ours: { poNumber: 'PO-1' },
    theirs: { poNumber: 'PO-2' },
    typed: { poNumber: 'PO-3' },
    // Nothing was agreed before.
    allowed: ['KEEP_INTERNAL', 'KEEP_QUICKBOOKS', 'CUSTOM'],
  },
  {
    group: 'issueDate',
    ours: { dueDate: brandLocalDate('2027-01-01') },
    theirs: { issueDate: brandLocalDate('2026-11-25') },
    typed: { dueDate: '2027-02-02', issueDate: '2026-11-22' },
    allowed: all,
  },
  {
    group: 'amount',
    ours: amounts('13', '84500.00'),
    theirs: amounts('14', '91000.00'),
    typed: { [amountPath('quantity')]: '2', [amountPath('amount')]: '13000.00' },
    allowed: all,
  },
  {
    group: 'description',
    ours: line({ description: 'Ours' }),
    theirs: line({ description: 'Theirs' }),
    typed: { [amountPath('description')]: 'A third' },
    allowed: all,
  },
  {
    group: 'line',
    ours: { lines: [] },
    theirs: amounts('14', '91000.00'),
    typed: null,
    allowed: ['KEEP_INTERNAL', 'KEEP_QUICKBOOKS', 'KEEP_BASE'],
  },
  {
    group: 'line',
    ours: amounts('13', '84500.00'),
    theirs: { lines: [] },
    typed: null,
    allowed: ['KEEP_INTERNAL', 'KEEP_QUICKBOOKS', 'KEEP_BASE'],
  },
  {
    group: 'existence',
    ours: { existence: 'void' },
    theirs: { customerMemo: 'Theirs' },
    typed: null,
    allowed: ['KEEP_INTERNAL'],
  },
  {
    group: 'existence',
    ours: { customerMemo: 'Ours' },
    theirs: { existence: 'deleted' },
    typed: null,
    allowed: ['KEEP_QUICKBOOKS'],
  },
];

/** Both sides after their edits. */
function divergedOf({ ours, theirs }: Kind): Sides {
  const there = translated({ ...base.internal, ...theirs });
  const lines = there.lines.map((one) => ({ ...one, sideId: '1' }));
  return {
    internal: { ...base.internal, ...ours },
    quickbooks: { ...base.quickbooks, ...there, lines },
  };
}

const inputsOf = (halves: Sides, now: Sides, standing: StandingConflict | null): PlanInputs => ({
  base: halves,
  internal: now.internal,
  translated: translated(now.internal),
  quickbooks: now.quickbooks,
  translatedBack: translatedBack(now.quickbooks),
  taxVariance: null,
  settings,
  facts,
  standing,
});

/** The one dispute of a kind. */
function disputeIn(now: Sides): Dispute {
  const { merges } = planInvoice(inputsOf(base, now, null));
  const conflicts = merges.filter(({ merge }) => merge === 'conflict');
  const [conflict] = conflicts;
  if (conflict === undefined || conflicts.length > 1)
    throw new Error(`one conflict was expected, not ${conflicts.length}`);
  return disputeOf(base, conflict, now, undefined);
}

function decisionsFor(kind: Kind, now: Sides, choice: FieldChoice): readonly GroupDecision[] {
  const dispute = disputeIn(now);
  const choices = dispute.disputed.map((path) => ({
    path,
    choice,
    customValue: choice === 'CUSTOM' ? (kind.typed?.[path] ?? null) : null,
  }));
  const basis = {
    disputes: [dispute],
    questions: [],
    present: now,
    facts,
    references: [],
    numbersTaken: [],
  };
  const { decisions, issues } = decideChoices(basis, choices);
  expect(issues).toEqual([]);
  return decisions;
}

const inForce = (decisions: readonly GroupDecision[]): StandingConflict => ({
  isInForce: true,
  decisions,
  reopened: [],
});

/** Plans and writes under a decision until nothing is written any more; counts the writes to each side. */
function carriedOut(now: Sides, decisions: readonly GroupDecision[]) {
  let halves: Sides = base;
  let present = now;
  const writes = { internal: 0, quickbooks: 0 };
  for (let round = 0; round < 5; round += 1) {
    const plan = planInvoice(inputsOf(halves, present, inForce(decisions)));
    expect(plan.decision).toEqual({ kind: 'taken' });
    const { next } = plan;
    const arrived = (['internal', 'quickbooks'] as const).filter(
      (side) => next.kind === 'write' && next[side] !== null,
    );
    const after = (side: Side): Invoice => {
      const write = next.kind === 'write' ? next[side] : null;
      return write === null ? present[side] : written(present[side], write);
    };
    present = { internal: after('internal'), quickbooks: after('quickbooks') };
    halves = advanceBase(halves, present.internal, present.quickbooks, plan.merges, arrived);
    for (const side of arrived) writes[side] += 1;
    if (arrived.length === 0) return { halves, present, writes };
  }
  throw new Error('it never came to an end');
}

const cases = kinds.flatMap((kind) => kind.allowed.map((choice) => ({ kind, choice })));

describe('a decision', () => {
  test.each(kinds)('about $group ($ours) has the choices that both sides would take', (kind) => {
    const now = divergedOf(kind);
    const dispute = disputeIn(now);

    expect(dispute.group).toBe(kind.group);
    expect(allowedChoices(dispute, now, facts)).toEqual(kind.allowed);
    if (kind.typed !== null)
      expect([...dispute.disputed].toSorted()).toEqual(Object.keys(kind.typed).toSorted());
  });

  test.each(cases)(
    '$choice about $kind.group ($kind.ours) stands on both sides, is written at most once to each, and leaves nothing to do',
    ({ kind, choice }) => {
      const now = divergedOf(kind);
      const decisions = decisionsFor(kind, now, choice);

      const { halves, present, writes } = carriedOut(now, decisions);

      expect(Math.max(writes.internal, writes.quickbooks)).toBe(1);
      if (choice === 'KEEP_INTERNAL') expect(writes).toEqual({ internal: 0, quickbooks: 1 });
      if (choice === 'KEEP_QUICKBOOKS') expect(writes).toEqual({ internal: 1, quickbooks: 0 });
      const rest = planInvoice(inputsOf(halves, present, null));
      expect(rest.next.kind).toBe('nothing');
      expect(rest.merges.filter(({ merge }) => merge === 'conflict')).toEqual([]);
      if (choice === 'CUSTOM')
        for (const [path, value] of Object.entries(kind.typed ?? {}))
          expect([valueAt(present.internal, path), valueAt(present.quickbooks, path)]).toEqual([
            value,
            value,
          ]);
    },
  );

  test.each(cases)(
    '$choice about $kind.group ($kind.ours) waits while it may be taken back',
    ({ kind, choice }) => {
      const now = divergedOf(kind);
      const standing = { ...inForce(decisionsFor(kind, now, choice)), isInForce: false };

      const plan = planInvoice(inputsOf(base, now, standing));

      expect(plan.decision).toEqual({ kind: 'waits' });
      expect(plan.next.kind).toBe('nothing');
    },
  );

  test.each(
    cases.flatMap((one) => (['internal', 'quickbooks'] as const).map((side) => ({ ...one, side }))),
  )(
    '$choice about $kind.group ($kind.ours) is not carried out once $side has moved it again, and says so',
    ({ kind, choice, side }) => {
      const now = divergedOf(kind);
      const decisions = decisionsFor(kind, now, choice);
      const again = movedAgain(kind, now, side);
      if (again === null) return;

      const plan = planInvoice(inputsOf(base, again, inForce(decisions)));

      expect(plan.decision).toMatchObject({
        kind: 'fell-back',
        kept: [],
        because: expect.stringMatching(/ since\.$/),
      });
      expect(plan.next.kind).toBe('nothing');
    },
  );

  test('is not carried out while another field is in dispute that nobody decided', () => {
    const memo = divergedOf(kinds[0] ?? never());
    const decisions = decisionsFor(kinds[0] ?? never(), memo, 'KEEP_INTERNAL');
    const both: Sides = {
      internal: { ...memo.internal, poNumber: 'PO-1' },
      quickbooks: { ...memo.quickbooks, poNumber: 'PO-2' },
    };

    const plan = planInvoice(inputsOf(base, both, inForce(decisions)));

    expect(plan.decision).toMatchObject({
      kind: 'fell-back',
      kept: [{ group: 'customerMemo' }],
      because: 'Both sides have changed the purchase order number to different values too.',
    });
  });

  test('that would write into closed books is not carried out, and its choices are kept', () => {
    const now = divergedOf(kinds[0] ?? never());
    const decisions = decisionsFor(kinds[0] ?? never(), now, 'KEEP_INTERNAL');
    const closed = { ...facts, booksClosedThrough: brandLocalDate('2026-12-31') };

    const plan: Plan = planInvoice({ ...inputsOf(base, now, inForce(decisions)), facts: closed });

    expect(plan.next.kind).toBe('nothing');
    expect(plan.decision).toMatchObject({
      kind: 'fell-back',
      kept: [{ group: 'customerMemo', choice: 'KEEP_INTERNAL' }],
      because: expect.stringMatching(/^The books are closed/),
    });
  });

  test('to void what money is applied to is not offered', () => {
    const now = divergedOf(kinds[7] ?? never());
    const paid = { ...now.quickbooks.derived, amountPaid: brandAmount('5.00') };
    const held = { ...now, quickbooks: { ...now.quickbooks, derived: paid } };

    expect(allowedChoices(disputeIn(held), held, facts)).toEqual([]);
  });
});

const never = (): never => {
  throw new Error('there is such a kind');
};

/** The same group edited once more on a side; null where the side is gone, and a further edit cannot be. */
function movedAgain({ group }: Kind, now: Sides, side: Side): Sides | null {
  const held = now[side];
  const newer =
    group === 'description'
      ? { description: 'Newer' }
      : { quantity: brandDecimal('20'), amount: brandAmount('130000.00') };
  const lines = held.lines.map((one) => ({ ...one, ...newer }));
  switch (group) {
    case 'customerMemo':
    case 'existence':
      return held.existence === 'present'
        ? { ...now, [side]: { ...held, customerMemo: 'Newer' } }
        : null;
    case 'poNumber':
      return { ...now, [side]: { ...held, poNumber: 'PO-9' } };
    case 'issueDate':
      return { ...now, [side]: { ...held, dueDate: brandLocalDate('2027-09-09') } };
    default:
      return lines.length === 0 ? null : { ...now, [side]: { ...held, lines } };
  }
}
