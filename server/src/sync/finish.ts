import type { GroupMerge } from '#core/merge/merge-invoice.ts';
import type { PaymentDispute } from '#core/payment/payment-plan.ts';
import { amountAtStake } from '#core/resolution/dispute.ts';
import type { DecisionOutcome } from '#core/resolution/decision.ts';
import type { BaseHalves } from '#core/plan/advance-base.ts';
import type { NumberThere } from '#core/plan/plan-again.ts';
import { unreachable } from '#core/unreachable.ts';
import type { LinkChange } from '#ports/store.ts';
import { isAboutTax, taxDispute, taxTruth, type TaxTruth } from '#core/plan/tax-truth.ts';
import { baseAudit } from './base-audit.ts';
import { nameOf, type Crossing } from './crossing.ts';
import { disputesOf } from './disputes.ts';
import { paymentDisputeOf } from './payment-audit.ts';
import { deadLetterEnded, markNow, record, statusMoved, type StepParts } from './record.ts';
import { endingParts, windowEndsInMs } from './standing-conflict.ts';
import { planAgain } from './taken-back.ts';

/** What a crossing ends with when nothing stands in its way. */
export type Ending = {
  readonly base: BaseHalves;
  /** Both sides as they stand now; where they dispute, the base stays behind. */
  readonly now: BaseHalves;
  readonly merges: readonly GroupMerge[];
  /** Whether the number is free where the invoice is gone, as far as somebody looked. */
  readonly numberThere?: NumberThere | undefined;
  /** What became of a person's decision about the conflict it came with. */
  readonly decided?: DecisionOutcome | undefined;
  /** Whether this crossing, or an earlier attempt of the same events, wrote anything. */
  readonly wrote: boolean;
  /** Whether what moved is left as it is: dated before go-live. */
  readonly left?: boolean;
  /** Whether what moved is only planned: the company is in shadow mode. */
  readonly isPlanned?: boolean;
  readonly explanation: string;
  readonly changedPaths: readonly string[];
  /** Payments that wait for a person. */
  readonly disputes: readonly PaymentDispute[];
  /** Whether payments are left to cross: the events go on, and what is disputed opens once they are through. */
  readonly moreFollows: boolean;
};

/** The invoice is through and its payments follow: the base moves, and the link is given back at once. */
async function goOn(crossing: Crossing, ending: Ending, parts: StepParts): Promise<void> {
  const note = 'The invoice is through; its payments follow.';
  await record(crossing, {
    ...parts,
    marks: [...(parts.marks ?? []), markNow(crossing, 'CLAIMED', note)],
    changedPaths: ending.changedPaths,
    attempt: { ...parts.attempt, endedAt: crossing.engine.clock.now(), outcome: 'SUCCEEDED' },
    link: {
      ...parts.link,
      base: ending.base,
      uncertain: false,
      failures: 0,
      firstFailedAt: null,
      crashMarks: 0,
      ...taxKept(taxAfter(crossing, ending)),
      statusReason: note,
      release: { dueInMs: 0 },
    },
    audit: [
      ...(parts.audit ?? []),
      ...baseAudit(crossing, ending.base),
      statusMoved(crossing, 'PENDING', note),
    ],
  });
}

/** Ends the crossing: the base moves, the events settle, what is disputed opens a conflict. One step. */
export async function finish(crossing: Crossing, ending: Ending, parts: StepParts): Promise<void> {
  if (ending.moreFollows) return goOn(crossing, ending, parts);
  const { engine, link } = crossing;
  const now = engine.clock.now();
  const { left = false } = ending;
  const tax = taxAfter(crossing, ending);
  const why = [...new Set(ending.disputes.map((dispute) => dispute.why))];
  const fields = left
    ? []
    : [
        ...disputesOf(crossing, disputesIn(ending, tax), ending.now, ending.numberThere),
        ...ending.disputes.map(paymentDisputeOf),
      ];
  const isDisputed = fields.length > 0;
  const conflictId = isDisputed ? (link.conflict?.id ?? engine.ids.next()) : null;
  const standing = endingParts(crossing, conflictId, fields, ending.decided);
  const unlinked = link.quickbooksId === null && parts.link?.quickbooksId === undefined;
  const stage = isDisputed ? 'HELD' : ending.wrote ? 'SETTLED' : 'SKIPPED';
  const status = isDisputed ? 'CONFLICT' : unlinked ? 'UNLINKED' : 'IN_SYNC';
  const explanation =
    why.length === 0 ? ending.explanation : [...agreedOr(ending), ...why].join(' ');
  const reason = reasonOf({ ...ending, explanation }, tax, isDisputed || unlinked || left);
  const ended = await record(crossing, {
    ...parts,
    marks: [
      ...(parts.marks ?? []),
      markNow(crossing, stage, ending.wrote && why.length === 0 ? null : explanation),
    ],
    end: !isDisputed,
    changedPaths: ending.changedPaths,
    attempt: { ...parts.attempt, endedAt: now, outcome: 'SUCCEEDED' },
    healsDeadLetter: link.openDeadLetterId !== null,
    conflictFields: conflictId === null ? null : fields,
    amountAtStake: amountAtStake(fields, ending.now),
    ...(standing.conflict === undefined ? {} : { conflict: standing.conflict }),
    link: {
      ...parts.link,
      ...(unlinked ? {} : { base: ending.base }),
      uncertain: false,
      failures: 0,
      firstFailedAt: null,
      crashMarks: 0,
      openDeadLetterId: null,
      openConflictId: conflictId,
      ...taxKept(tax),
      statusReason: reason,
      release: { dueInMs: ending.decided?.kind === 'waits' ? windowEndsInMs(crossing) : null },
      ...(status === 'IN_SYNC' && !left ? { inSyncAt: now } : {}),
    },
    audit: [
      ...(parts.audit ?? []),
      ...baseAudit(crossing, ending.base),
      statusMoved(crossing, status, `${nameOf(crossing)}: ${reason}`),
      ...standing.audit,
    ],
    stream: [
      ...(parts.stream ?? []),
      ...deadLetterEnded(crossing, 'went across after all.'),
      ...standing.stream,
    ],
  });
  if (ended === 'taken-back') await planAgain(crossing);
}

/** What is said of the invoice itself beside its payments; that it agrees goes without saying. */
const agreedOr = ({ merges, explanation }: Ending): readonly string[] =>
  merges.some(({ merge }) => merge === 'conflict') ? [explanation] : [];

/** Totals are computed, not merged: once all is written they are compared (architecture.md §4, "Tax"). */
function taxAfter({ link, company }: Crossing, ending: Ending): TaxTruth {
  const { now, merges, left = false, isPlanned = false } = ending;
  const open = merges.filter(
    ({ merge }) => merge === 'conflict' || ((left || isPlanned) && merge.startsWith('take')),
  );
  const tolerance = company.settings.taxVarianceTolerance;
  const money = open.filter((merge) => !isAboutTax(merge));
  const truth = taxTruth(now.internal, now.quickbooks, money, tolerance, link.taxVariance);
  const isAccepted = merges.some((merge) => isAboutTax(merge) && merge.merge === 'take-quickbooks');
  return truth.kind === 'dispute' && isAccepted
    ? { kind: 'variance', variance: { ...truth.variance, accepted: true } }
    : truth;
}

/** What was planned as a dispute about tax may be over since the write, and the other way round. */
const disputesIn = ({ merges }: Ending, tax: TaxTruth): readonly GroupMerge[] => [
  ...merges.filter((merge) => merge.merge === 'conflict' && !isAboutTax(merge)),
  ...(tax.kind === 'dispute' ? [taxDispute] : []),
];

/** While money is on its way the totals say nothing, and what a person accepted stays accepted. */
function taxKept(tax: TaxTruth): Pick<LinkChange, 'taxVariance'> {
  switch (tax.kind) {
    case 'open':
      return {};
    case 'equal':
    case 'unexplained':
      return { taxVariance: null };
    case 'variance':
    case 'dispute':
      return { taxVariance: tax.variance };
    default:
      return unreachable(tax);
  }
}

function reasonOf({ explanation }: Ending, tax: TaxTruth, isOpen: boolean): string {
  if (tax.kind === 'dispute')
    return `${tax.variance.reason} That is more than this company lets pass; a person has to choose.`;
  if (isOpen) return explanation;
  if (tax.kind !== 'variance') return 'Both sides agree.';
  return `Both sides agree; ${tax.variance.reason}`;
}
