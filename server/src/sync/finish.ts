import type { GroupMerge } from '#core/merge/merge-invoice.ts';
import { difference, isZero, amountOf } from '#core/money/money.ts';
import type { BaseHalves } from '#core/plan/advance-base.ts';
import type { JsonObject } from '#core/json.ts';
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
  readonly explanation: string;
  readonly changedPaths: readonly string[];
};

/** Ends the crossing: the base moves, the events settle, what is disputed opens a conflict. One step. */
export async function finish(crossing: Crossing, ending: Ending, parts: StepParts): Promise<void> {
  const { engine, link } = crossing;
  const now = engine.clock.now();
  const disputed = ending.merges.filter((merge) => merge.merge === 'conflict');
  const conflictId = disputed.length === 0 ? null : (link.openConflictId ?? engine.ids.next());
  const unlinked = link.quickbooksId === null && parts.link?.quickbooksId === undefined;
  const stage = disputed.length > 0 ? 'HELD' : ending.wrote ? 'SETTLED' : 'SKIPPED';
  const status = disputed.length > 0 ? 'CONFLICT' : unlinked ? 'UNLINKED' : 'IN_SYNC';
  const reason = disputed.length > 0 || unlinked ? ending.explanation : 'Both sides agree.';
  const variance = varianceOf(ending.base);
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
      taxVariance: variance,
      statusReason: reason,
      release: { dueInMs: null },
      ...(status === 'IN_SYNC' ? { inSyncAt: now } : {}),
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

/** QuickBooks total minus internal total, where tax or its rounding explains it (architecture.md §4, "Tax"). */
function varianceOf({ internal, quickbooks }: BaseHalves): JsonObject | null {
  const gap = amountOf(
    difference(quickbooks.derived.total, internal.derived.total, internal.currency),
  );
  if (isZero(gap)) return null;
  const taxGap = amountOf(
    difference(quickbooks.derived.taxTotal, internal.derived.taxTotal, internal.currency),
  );
  const reason =
    gap === taxGap
      ? `QuickBooks computes ${quickbooks.derived.taxTotal} tax where internal invoicing has ${internal.derived.taxTotal}.`
      : 'The totals differ by more than their tax.';
  return { amount: gap, currency: internal.currency, lineKey: null, reason, accepted: false };
}
