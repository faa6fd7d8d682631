import type { QuickBooksFacts } from '../company/company.ts';
import { isGone, type Invoice, type InvoiceContent } from '../invoice/invoice.ts';
import type { GroupMerge } from '../merge/merge-invoice.ts';
import { otherSide, sideNames, sideNamesFirst, type Side } from '../side.ts';
import { hasMoney } from './plan-gone.ts';
import type { Plan, PlannedWrite } from './plan.ts';
import { closedStop, type Stop } from './stop.ts';

/** Whether a number is free on the side where the invoice is gone: a new document there would carry it. */
export type NumberThere = {
  readonly number: string | null;
  /** The document of that side which has the number; null where none has. */
  readonly takenBy: string | null;
};

/** What making the invoice again rests on. */
export type Again = {
  readonly internal: Invoice;
  readonly quickbooks: Invoice;
  readonly facts: Pick<QuickBooksFacts, 'booksClosedThrough'>;
  /** Absent where nobody has looked. */
  readonly numberThere?: NumberThere | undefined;
};

/** The side on which alone the invoice is gone; null where it stands on both or on neither. */
export function goneOn({ internal, quickbooks }: Pick<Again, Side>): Side | null {
  if (isGone(internal) === isGone(quickbooks)) return null;
  return isGone(internal) ? 'internal' : 'quickbooks';
}

/** The side on which a person wants the invoice made again: they kept the one that stands. Null where nobody said so. */
export function wantedAgainOn(
  sides: Pick<Again, Side>,
  { merge, choice }: GroupMerge,
): Side | null {
  const on = goneOn(sides);
  if (on === null || choice === undefined) return null;
  return merge === (on === 'quickbooks' ? 'take-internal' : 'take-quickbooks') ? on : null;
}

/**
 * Neither side can undo a void: what is kept is made there anew, under its number, and the old document stays as it is
 * (architecture.md §4, "Gone is one value").
 */
export function planAgain(
  again: Again,
  merges: readonly GroupMerge[],
  on: Side,
  wanted: InvoiceContent,
): Plan {
  const stop = whyNotAgain(again, on);
  if (stop !== null) return { explanation: stop.explanation, merges, next: { kind: 'stop', stop } };
  const write: PlannedWrite = { operation: 'CREATED', wanted };
  const old = again[on];
  return {
    explanation: `A person kept the invoice: it is made anew in ${sideNames[on]}, and ${old.id}, which is ${old.existence === 'deleted' ? 'deleted' : 'void'} there, stays so.`,
    merges,
    next: {
      kind: 'write',
      quickbooks: on === 'quickbooks' ? write : null,
      internal: on === 'internal' ? write : null,
      held: null,
    },
  };
}

/** Why the invoice cannot be made again on the side where it is gone; null where it can. */
export function whyNotAgain(again: Again, on: Side): Stop | null {
  const standing = again[otherSide(on)];
  const isPaid = hasMoney(standing) || (again[on].existence === 'void' && hasMoney(again[on]));
  if (isPaid) return paid(on);
  const closed =
    on === 'quickbooks' ? closedStop([standing.issueDate], again.facts, 'create') : null;
  return closed ?? whyNotHeld(standing, on) ?? whyTaken(again, standing, on);
}

/** Which payment belongs to which document could not be told any more. */
const paid = (on: Side): Stop => ({
  reason: 'VALIDATION',
  explanation: `Money is applied to it, so it is not made anew in ${sideNames[on]} by the bridge.`,
  fix: [
    `Take the payment off the invoice, or make the invoice in ${sideNames[on]} by hand.`,
    'Then replay.',
  ],
});

/** What internal invoicing cannot hold would make another total there. */
const whyNotHeld = ({ carriedLines }: Invoice, on: Side): Stop | null =>
  on === 'quickbooks' || carriedLines.length === 0
    ? null
    : {
        reason: 'MAPPING',
        explanation:
          'It has lines that internal invoicing cannot hold, so it would come out with another total there.',
        fix: ['Replace those lines by ordinary ones in QuickBooks.', 'Then replay.'],
      };

function whyTaken({ numberThere, ...sides }: Again, { number }: Invoice, on: Side): Stop | null {
  if (numberThere?.number !== number)
    return duplicate(
      `Whether number ${number ?? ''} is free in ${sideNames[on]} is not known yet.`,
    );
  const { takenBy } = numberThere;
  if (takenBy === null) return null;
  return duplicate(
    takenBy === sides[on].id
      ? `${sideNamesFirst[on]} keeps number ${number ?? ''} for the document that is void there, so the invoice cannot be made anew under it.`
      : `${sideNamesFirst[on]} has document ${takenBy} under number ${number ?? ''} or for this invoice already, so the invoice is not made anew.`,
  );
}

const duplicate = (explanation: string): Stop => ({
  reason: 'DUPLICATE_NUMBER',
  explanation,
  fix: ['Give the invoice that stands another number.', 'Then choose again, or replay.'],
});
