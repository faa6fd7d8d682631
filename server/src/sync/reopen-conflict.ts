import { valueOfGroup } from '#core/merge/group-value.ts';
import type { BaseHalves } from '#core/plan/advance-base.ts';
import { isAboutInvoice, type Dispute } from '#core/resolution/dispute.ts';
import { maySee } from '#ports/access.ts';
import type { KnownConflict, LockedRows, Refusal, RequestOutcome } from '#ports/change-requests.ts';
import {
  actorOf,
  answerOnce,
  illegal,
  nameOfLink,
  notFound,
  staleSince,
  statusEntry,
  type Ask,
  type Desk,
} from './change-request.ts';
import { conflictEntry, conflictTold, whyCrossing } from './conflict-request.ts';
import { noteProblems } from './refusals.ts';

export type ReopenConflict = {
  readonly conflictId: string;
  readonly expectedVersion: number;
  readonly note: string | null;
};

/** Opens a conflict again that a rule settled, with the values it kept; an ordinary decision follows. */
export const reopenConflict = (desk: Desk, ask: Ask<ReopenConflict>): Promise<RequestOutcome> =>
  answerOnce(desk, 'reopenConflict', ask, async (rows) => {
    const { conflictId, expectedVersion, note } = ask.input;
    const issues = noteProblems('note', note);
    if (issues.length > 0) return { kind: 'invalid', issues };
    const conflict = await rows.conflict(conflictId);
    if (conflict === null || !maySee(ask.caller, conflict.companyId)) return notFound;
    if (conflict.version !== expectedVersion) return staleSince(conflict);
    const refusal = whyNotRuled(conflict) ?? whyCrossing(conflict) ?? whyOtherOpen(conflict);
    if (refusal !== null) return refusal;
    const { present } = conflict.link;
    if (present === null) return illegal('One side of the invoice has not been seen yet.', true);
    await record(rows, ask, conflict, present);
    return {
      companyId: conflict.companyId,
      subjectId: conflict.id,
      eventId: null,
      undoToken: null,
    };
  });

const whyNotRuled = ({ status, resolution, disputes }: KnownConflict): Refusal | null =>
  status === 'RESOLVED' &&
  resolution === null &&
  disputes.some((one) => isAboutInvoice(one) && one.rule != null)
    ? null
    : illegal('Only a conflict that a rule settled can be opened again.', false);

const whyOtherOpen = ({ link }: KnownConflict): Refusal | null =>
  link.facts.inConflict || link.applyingConflictId !== null
    ? illegal(`${nameOfLink(link)} has another conflict; settle that one first.`, true)
    : null;

async function record(
  rows: LockedRows,
  ask: Ask<ReopenConflict>,
  conflict: KnownConflict,
  present: BaseHalves,
): Promise<void> {
  const { link, disputes } = conflict;
  const summary = `${ask.caller.name} opened the conflict of ${nameOfLink(link)} again.`;
  await rows.record({
    companyId: conflict.companyId,
    linkId: link.id,
    correlationId: ask.correlationId,
    actor: actorOf(ask.caller),
    link: {
      id: link.id,
      openConflictId: conflict.id,
      statusReason: `${summary} A person has to choose.`,
    },
    conflict: {
      id: conflict.id,
      status: 'OPEN',
      disputes: disputes.filter(isAboutInvoice).map((dispute) => sinceNow(dispute, present)),
    },
    audit: [
      conflictEntry(ask, 'CONFLICT_OPENED', summary, conflict, 'OPEN', ask.input.note),
      ...statusEntry(ask, link, { inConflict: true }, summary),
    ],
    stream: [conflictTold(conflict, summary)],
  });
}

/** A new edit of either side counts from what they show now. */
const sinceNow = (dispute: Dispute, { internal, quickbooks }: BaseHalves): Dispute => ({
  ...dispute,
  since: {
    internal: valueOfGroup(internal, dispute),
    quickbooks: valueOfGroup(quickbooks, dispute),
  },
});
