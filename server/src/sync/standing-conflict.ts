import type { AuditAction, AuditEntry } from '#core/audit/entry.ts';
import { canonicalText } from '#core/canonical-text.ts';
import type { DecisionOutcome, StandingConflict } from '#core/resolution/decision.ts';
import { isAboutInvoice, type Disputed } from '#core/resolution/dispute.ts';
import { unreachable } from '#core/unreachable.ts';
import type { ClaimedConflict, ConflictChange, StreamRecord } from '#ports/store.ts';
import { nameOf, type Crossing } from './crossing.ts';
import { isInForce } from './in-force.ts';
import { auditOf } from './record.ts';

/** The conflict of a claimed link as planning takes it; null without one. */
export function standingOf({ link }: Pick<Crossing, 'link'>): StandingConflict | null {
  const { conflict } = link;
  if (conflict === null) return null;
  return {
    isInForce: isInForce(conflict),
    decisions: conflict.resolution?.decisions ?? [],
    payments: conflict.resolution?.payments ?? [],
    reopened: conflict.disputes
      .filter(isAboutInvoice)
      .flatMap(({ group, lineKey, since }) =>
        since === undefined ? [] : [{ group, lineKey, madeOn: since }],
      ),
  };
}

/** Until the undo window of a claimed link ends, counted from when it was claimed; null when none is open. */
export function windowEndsInMs({ link, engine, startedAt }: Crossing): number | null {
  const { conflict } = link;
  if (conflict?.status !== 'UNDO_WINDOW' || conflict.applyInMs === null) return null;
  return Math.max(0, conflict.applyInMs - (engine.clock.now() - startedAt));
}

/** What a step does to the conflict, with all it tells of it. */
export type ConflictParts = {
  readonly conflict?: ConflictChange;
  readonly audit: readonly AuditEntry[];
  readonly stream: readonly StreamRecord[];
};

const nothing: ConflictParts = { audit: [], stream: [] };

/** The decision goes into the writes of this step. */
export function takingUp(crossing: Crossing, outcome: DecisionOutcome | undefined): ConflictParts {
  const { conflict } = crossing.link;
  if (conflict?.status !== 'UNDO_WINDOW' || outcome?.kind !== 'taken') return nothing;
  const summary = `${nameOf(crossing)}: what ${deciderOf(conflict)} decided is on its way.`;
  return moved(crossing, conflict, 'APPLYING', summary, 'STATE_CHANGED');
}

/** The crossing once the decision it came with has been taken up. */
export function underWay(crossing: Crossing): Crossing {
  const { link } = crossing;
  const { conflict } = link;
  return conflict === null
    ? crossing
    : { ...crossing, link: { ...link, conflict: { ...conflict, status: 'APPLYING' } } };
}

/** What the end of a crossing makes of the conflict it came with, or of the one it opens under `id`. */
export function endingParts(
  crossing: Crossing,
  id: string | null,
  disputes: readonly Disputed[],
  outcome: DecisionOutcome = { kind: 'none' },
): ConflictParts {
  const { conflict } = crossing.link;
  if (conflict === null) return id === null ? nothing : opened(crossing, id);
  switch (outcome.kind) {
    case 'taken': {
      if (disputes.length > 0)
        return fellBack(crossing, conflict, {
          kind: 'fell-back',
          kept: [],
          because: 'What was decided stands on both sides; the rest still has to be chosen.',
        });
      const summary = `${nameOf(crossing)}: what ${deciderOf(conflict)} decided stands on both sides.`;
      return moved(crossing, conflict, 'RESOLVED', summary, 'STATE_CHANGED');
    }
    case 'fell-back':
      return disputes.length === 0
        ? superseded(crossing, conflict)
        : fellBack(crossing, conflict, outcome);
    case 'waits':
    case 'none':
      if (disputes.length === 0) return superseded(crossing, conflict);
      return canonicalText(disputes) === canonicalText(conflict.disputes)
        ? nothing
        : { audit: [], stream: [told(crossing, conflict.id, 'was changed on both sides.')] };
    default:
      return unreachable(outcome);
  }
}

const deciderOf = ({ resolution }: ClaimedConflict): string => resolution?.actor.name ?? 'a person';

function opened(crossing: Crossing, id: string): ConflictParts {
  const summary = `${nameOf(crossing)} was changed on both sides; a person has to choose.`;
  const entry = auditOf(crossing, 'CONFLICT_OPENED', summary);
  const stream = {
    ...told(crossing, id, 'was changed on both sides.'),
    type: 'CONFLICT_OPENED',
  } as const;
  return { audit: [{ ...entry, subject: { type: 'Conflict', id } }], stream: [stream] };
}

const superseded = (crossing: Crossing, conflict: ClaimedConflict): ConflictParts =>
  moved(
    crossing,
    conflict,
    'SUPERSEDED',
    `${nameOf(crossing)}: later changes ended the conflict; nobody has to choose any more.`,
    'CONFLICT_SUPERSEDED',
  );

function fellBack(
  crossing: Crossing,
  conflict: ClaimedConflict,
  { kept: decisions, because }: Extract<DecisionOutcome, { kind: 'fell-back' }>,
): ConflictParts {
  const summary = `${nameOf(crossing)} waits for a person again: ${because}`;
  const parts = moved(crossing, conflict, 'OPEN', summary, 'CONFLICT_OPENED');
  return { ...parts, conflict: { id: conflict.id, to: 'OPEN', kept: { decisions, because } } };
}

function moved(
  crossing: Crossing,
  { id, status }: ClaimedConflict,
  to: 'APPLYING' | 'RESOLVED' | 'SUPERSEDED' | 'OPEN',
  summary: string,
  action: AuditAction,
): ConflictParts {
  const changes = [{ path: 'status', side: null, before: status, after: to }];
  const entry = auditOf(crossing, action, summary, changes);
  const change = to === 'OPEN' ? {} : { conflict: { id, to } };
  return {
    ...change,
    audit: [{ ...entry, subject: { type: 'Conflict', id } }],
    stream: [{ type: 'CONFLICT_CHANGED', summary, detail: detailOf(crossing, id) }],
  };
}

const told = (crossing: Crossing, id: string, what: string): StreamRecord => ({
  type: 'CONFLICT_CHANGED',
  summary: `${nameOf(crossing)} ${what}`,
  detail: detailOf(crossing, id),
});

const detailOf = ({ link }: Crossing, conflictId: string) => ({ conflictId, linkId: link.id });
