import type { GroupMerge } from '#core/merge/merge-invoice.ts';
import type { BaseHalves } from '#core/plan/advance-base.ts';
import { unreachable } from '#core/unreachable.ts';
import type { LinkChange } from '#ports/store.ts';
import { isAboutTax, taxDispute, taxTruth, type TaxTruth } from '#core/plan/tax-truth.ts';
import { baseAudit } from './base-audit.ts';
import { nameOf, type Crossing } from './crossing.ts';
import { disputeOf } from './disputes.ts';
import {
  auditOf,
  deadLetterEnded,
  markNow,
  record,
  statusMoved,
  type StepParts,
} from './record.ts';

/** What a crossing ends with when nothing stands in its way. */
export type Ending = {
  readonly base: BaseHalves;
  /** Both sides as they stand now; where they dispute, the base stays behind. */
  readonly now: BaseHalves;
  readonly merges: readonly GroupMerge[];
  /** Whether this crossing, or an earlier attempt of the same events, wrote anything. */
  readonly wrote: boolean;
  /** Whether what moved is left as it is: dated before go-live. */
  readonly left?: boolean;
  readonly explanation: string;
  readonly changedPaths: readonly string[];
};

/** Ends the crossing: the base moves, the events settle, what is disputed opens a conflict. One step. */
export async function finish(crossing: Crossing, ending: Ending, parts: StepParts): Promise<void> {
  const { engine, link } = crossing;
  const now = engine.clock.now();
  const { left = false } = ending;
  const tax = taxAfter(crossing, ending);
  const disputed = left ? [] : disputesIn(ending, tax);
  const conflictId = disputed.length === 0 ? null : (link.openConflictId ?? engine.ids.next());
  const unlinked = link.quickbooksId === null && parts.link?.quickbooksId === undefined;
  const stage = disputed.length > 0 ? 'HELD' : ending.wrote ? 'SETTLED' : 'SKIPPED';
  const status = disputed.length > 0 ? 'CONFLICT' : unlinked ? 'UNLINKED' : 'IN_SYNC';
  const reason = reasonOf(ending, tax, disputed.length > 0 || unlinked || left);
  await record(crossing, {
    ...parts,
    marks: [
      ...(parts.marks ?? []),
      markNow(crossing, stage, ending.wrote ? null : ending.explanation),
    ],
    end: disputed.length === 0,
    changedPaths: ending.changedPaths,
    attempt: { ...parts.attempt, endedAt: now, outcome: 'SUCCEEDED' },
    healsDeadLetter: link.openDeadLetterId !== null,
    conflictFields:
      conflictId === null ? null : disputed.map((merge) => disputeOf(crossing, merge, ending.now)),
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
      release: { dueInMs: null },
      ...(status === 'IN_SYNC' && !left ? { inSyncAt: now } : {}),
    },
    audit: [
      ...(parts.audit ?? []),
      ...baseAudit(crossing, ending.base),
      statusMoved(crossing, status, `${nameOf(crossing)}: ${reason}`),
      ...conflictAudit(crossing, conflictId),
    ],
    stream: [
      ...(parts.stream ?? []),
      ...deadLetterEnded(crossing, 'went across after all.'),
      ...conflictStream(crossing, conflictId),
    ],
  });
}

function conflictAudit(crossing: Crossing, id: string | null): StepParts['audit'] & {} {
  if (id === null || crossing.link.openConflictId !== null) return [];
  const summary = `${nameOf(crossing)} was changed on both sides; a person has to choose.`;
  return [{ ...auditOf(crossing, 'CONFLICT_OPENED', summary), subject: { type: 'Conflict', id } }];
}

function conflictStream(crossing: Crossing, id: string | null): StepParts['stream'] & {} {
  if (id === null) return [];
  const type = crossing.link.openConflictId === null ? 'CONFLICT_OPENED' : 'CONFLICT_CHANGED';
  return [
    {
      type,
      summary: `${nameOf(crossing)} was changed on both sides.`,
      detail: { conflictId: id, linkId: crossing.link.id },
    },
  ];
}

/** Totals are computed, not merged: once all is written they are compared (architecture.md §4, "Tax"). */
function taxAfter({ link, company }: Crossing, { now, merges, left = false }: Ending): TaxTruth {
  const open = merges.filter(
    ({ merge }) => merge === 'conflict' || (left && merge.startsWith('take')),
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
