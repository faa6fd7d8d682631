import type { AuditEntry } from '#core/audit/entry.ts';
import type { BaseHalves } from '#core/plan/advance-base.ts';
import { baseChanges } from '#core/plan/base-changes.ts';
import { maySee } from '#ports/access.ts';
import type {
  LockedDeadLetter,
  LockedRows,
  Refusal,
  RequestedChange,
  RequestedUndo,
  RequestOutcome,
} from '#ports/change-requests.ts';
import {
  actorOf,
  answerOnce,
  callerIdOf,
  entryOf,
  illegal,
  nameOfLink,
  notFound,
  staleSince,
  statusEntry,
  type Ask,
  type Desk,
} from './change-request.ts';
import { conflictTold } from './conflict-request.ts';
import { paymentsNow, type PaymentsNow } from './payments-now.ts';
import { noteProblems } from './refusals.ts';
import { whyNotOpen } from './replay-dead-letter.ts';

export type DiscardDeadLetter = {
  readonly deadLetterId: string;
  readonly expectedVersion: number;
  readonly reason: string;
};

/** Throws a dead letter away and remembers it: what both sides show now is agreed, only a later move counts. */
export const discardDeadLetter = (
  desk: Desk,
  ask: Ask<DiscardDeadLetter>,
): Promise<RequestOutcome> =>
  answerOnce(desk, 'discardDeadLetter', ask, async (rows) => {
    const issues = noteProblems('reason', ask.input.reason);
    if (issues.length > 0) return { kind: 'invalid', issues };
    const letter = await rows.deadLetter(ask.input.deadLetterId);
    if (letter === null || !maySee(ask.caller, letter.companyId)) return notFound;
    const refusal = refusalOf(letter, ask.input);
    if (refusal !== null) return refusal;
    const payments = await paymentsOf(rows, letter);
    const undo = await undoFor(desk, rows, ask, letter, payments);
    await rows.record(changeOf(ask, letter, undo, payments));
    const { companyId, id } = letter;
    return { companyId, subjectId: id, eventId: null, undoToken: undo.token };
  });

function refusalOf(
  letter: LockedDeadLetter,
  { expectedVersion }: DiscardDeadLetter,
): Refusal | null {
  if (letter.version !== expectedVersion) return staleSince(letter);
  const { claimed, uncertain } = letter.link.facts;
  if (claimed || uncertain)
    return illegal(
      `${nameOfLink(letter.link)} is crossing right now; look again in a moment.`,
      true,
    );
  return whyNotOpen(letter);
}

/** Both sides as they stand, where both were seen and ever agreed; else there is nothing to remember. */
const accepted = ({ link }: LockedDeadLetter): BaseHalves | null =>
  link.base === null ? null : (link.present ?? link.base);

/** What payments both sides show is accepted along with the invoice, or the next event would raise them again. */
const paymentsOf = async (
  rows: LockedRows,
  { link }: LockedDeadLetter,
): Promise<PaymentsNow | null> =>
  link.base === null || link.present === null ? null : paymentsNow(rows, link, link.present);

async function undoFor(
  { ids }: Desk,
  rows: LockedRows,
  { caller }: Ask<unknown>,
  letter: LockedDeadLetter,
  payments: PaymentsNow | null,
): Promise<RequestedUndo> {
  const company = await rows.companyNow(letter.companyId);
  return {
    token: ids.next(),
    callerId: callerIdOf(caller),
    subjectType: 'DeadLetter',
    subjectId: letter.id,
    label: `Discarding the dead letter of ${nameOfLink(letter.link)}`,
    windowSeconds: company?.undoWindowSeconds ?? 0,
    before: {
      kind: 'discard',
      statusReason: letter.link.statusReason,
      base: letter.link.base,
      baseAfter: accepted(letter),
      ...(payments === null ? {} : { acceptedPayments: payments.before }),
    },
  };
}

function changeOf(
  ask: Ask<DiscardDeadLetter>,
  letter: LockedDeadLetter,
  undo: RequestedUndo,
  payments: PaymentsNow | null,
): RequestedChange {
  const { link } = letter;
  const { caller, input } = ask;
  const summary = `The dead letter of ${nameOfLink(link)} was discarded by ${caller.name}.`;
  const base = accepted(letter);
  const note = input.reason;
  const changes = [{ path: 'status', side: null, before: letter.status, after: 'DISCARDED' }];
  const subject = { type: 'DeadLetter', id: letter.id } as const;
  return {
    companyId: letter.companyId,
    linkId: link.id,
    correlationId: ask.correlationId,
    actor: actorOf(caller),
    link: {
      id: link.id,
      openDeadLetterId: null,
      statusReason: `Discarded by ${caller.name} (“${note}”). Only a later change crosses.`,
      ...(base === null ? {} : { base }),
      ...(payments === null ? {} : { acceptedPayments: payments.now }),
    },
    deadLetter: {
      id: letter.id,
      status: 'DISCARDED',
      ended: true,
      discard: { actor: actorOf(caller), reason: note },
    },
    ...(link.applyingConflictId === null
      ? {}
      : { conflict: { id: link.applyingConflictId, status: 'SUPERSEDED' } }),
    undo,
    audit: [
      entryOf(ask, 'DISCARDED', summary, subject, { linkId: link.id, changes, note }),
      ...baseEntry(ask, letter, base),
      ...statusEntry(ask, link, { deadLettered: false }, summary),
      ...supersededEntry(ask, letter, summary),
    ],
    stream: [
      { type: 'DEAD_LETTER_CHANGED', summary, detail: { deadLetterId: letter.id } },
      ...(link.applyingConflictId === null
        ? []
        : [conflictTold({ id: link.applyingConflictId, link }, summary)]),
    ],
  };
}

/** What was decided and could not be written is not tried again: what both sides show counts. */
function supersededEntry(
  ask: Ask<unknown>,
  { link }: LockedDeadLetter,
  summary: string,
): readonly AuditEntry[] {
  if (link.applyingConflictId === null) return [];
  const changes = [{ path: 'status', side: null, before: 'APPLYING', after: 'SUPERSEDED' }];
  const subject = { type: 'Conflict', id: link.applyingConflictId } as const;
  return [entryOf(ask, 'CONFLICT_SUPERSEDED', summary, subject, { linkId: link.id, changes })];
}

/** The move of the base stands in the trail like any other. */
export function baseEntry(
  ask: Ask<unknown>,
  { link }: LockedDeadLetter,
  after: BaseHalves | null,
): readonly AuditEntry[] {
  const changes = after === null ? [] : baseChanges(link.base, after);
  if (changes.length === 0) return [];
  const summary = `${nameOfLink(link)}: what both sides show counts as agreed.`;
  const subject = { type: 'Invoice', id: link.id } as const;
  return [entryOf(ask, 'BASE_ADVANCED', summary, subject, { linkId: link.id, changes })];
}
