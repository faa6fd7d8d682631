import { canonicalText } from '#core/canonical-text.ts';
import { unreachable } from '#core/unreachable.ts';
import { maySee } from '#ports/access.ts';
import type {
  LockedDeadLetter,
  LockedRows,
  LockedUndo,
  Refusal,
  RequestedChange,
  RequestOutcome,
  UndoDiscard,
} from '#ports/change-requests.ts';
import {
  actorOf,
  answerOnce,
  callerIdOf,
  busy,
  entryOf,
  illegal,
  nameOfLink,
  notFound,
  statusEntry,
  type Ask,
  type Desk,
} from './change-request.ts';
import { undoBulkDecision } from './undo-bulk-decision.ts';
import { undoDecision } from './undo-decision.ts';
import { baseEntry } from './discard-dead-letter.ts';
import { undoFieldPolicy } from './undo-field-policy.ts';

export type Undo = { readonly token: string };

/** Takes back what the token stands for while its window is open; once something crossed since, it cannot be. */
export const undo = (desk: Desk, ask: Ask<Undo>): Promise<RequestOutcome> =>
  answerOnce(desk, 'undo', ask, async (rows) => {
    const { token } = ask.input;
    const right = await rows.undo(token);
    if (right === null || right.callerId !== callerIdOf(ask.caller)) return notFound;
    if (!maySee(ask.caller, right.companyId)) return notFound;
    const lapsed = whyLapsed(right);
    if (lapsed !== null) return lapsed;
    const refusal = await undoIt(rows, ask, right);
    if (refusal !== null) return refusal;
    const { companyId, subjectType } = right;
    const subjectId = subjectIdOf(right);
    return { companyId, subjectType, subjectId, eventId: null, undoToken: null };
  });

/** A rule is known by its company and its pattern, whether or not the company still has one of its own. */
const subjectIdOf = ({ before, subjectId }: LockedUndo): string =>
  before.kind === 'field-policy' ? `${before.companyId}/${before.pattern}` : subjectId;

function undoIt(rows: LockedRows, ask: Ask<Undo>, right: LockedUndo): Promise<Refusal | null> {
  const { before } = right;
  switch (before.kind) {
    case 'decision':
      return undoDecision(rows, ask, right, before);
    case 'discard':
      return undoDiscard(rows, ask, right, before);
    case 'bulk-decision':
      return undoBulkDecision(rows, ask, right);
    case 'field-policy':
      return undoFieldPolicy(rows, ask, right, before);
    default:
      return unreachable(before);
  }
}

async function undoDiscard(
  rows: LockedRows,
  ask: Ask<Undo>,
  right: LockedUndo,
  before: UndoDiscard,
): Promise<Refusal | null> {
  const letter = await rows.deadLetter(right.subjectId);
  if (letter === null) return notFound;
  const refusal = whyMovedOn(letter, before);
  if (refusal === null) await rows.record(changeOf(ask, letter, right.label, before));
  return refusal;
}

function whyLapsed({ state }: LockedUndo): Refusal | null {
  switch (state) {
    case 'open':
      return null;
    case 'used':
      return illegal('It was taken back already.', false);
    case 'expired':
      return illegal('The time to take it back is over.', false, 'UNDO_EXPIRED');
    default:
      return unreachable(state);
  }
}

/** Nothing is overwritten that happened since: the discard must still be the last word about the invoice. */
function whyMovedOn(letter: LockedDeadLetter, before: UndoDiscard): Refusal | null {
  const { link } = letter;
  const name = nameOfLink(link);
  if (link.facts.claimed)
    return busy(`${name} is crossing right now; it can no longer be taken back.`, link);
  const isSame = canonicalText(link.base) === canonicalText(before.baseAfter);
  const isLast = letter.status === 'DISCARDED' && link.openDeadLetterId === null;
  return isSame && isLast
    ? null
    : illegal(`${name} has moved on since; it can no longer be taken back.`, false);
}

function changeOf(
  ask: Ask<Undo>,
  letter: LockedDeadLetter,
  label: string,
  before: UndoDiscard,
): RequestedChange {
  const { link } = letter;
  const summary = `${label} was taken back by ${ask.caller.name}.`;
  const changes = [{ path: 'status', side: null, before: 'DISCARDED', after: 'OPEN' }];
  const subject = { type: 'DeadLetter', id: letter.id } as const;
  return {
    companyId: letter.companyId,
    linkId: link.id,
    correlationId: ask.correlationId,
    actor: actorOf(ask.caller),
    link: {
      id: link.id,
      openDeadLetterId: letter.id,
      statusReason: before.statusReason,
      ...(before.base === null ? {} : { base: before.base }),
      ...(before.acceptedPayments === undefined
        ? {}
        : { acceptedPayments: before.acceptedPayments }),
    },
    deadLetter: { id: letter.id, status: 'OPEN', ended: false, discard: null },
    undone: ask.input.token,
    audit: [
      entryOf(ask, 'UNDONE', summary, subject, { linkId: link.id, changes }),
      ...baseEntry(ask, letter, before.base),
      ...statusEntry(ask, link, { deadLettered: true }, summary),
    ],
    stream: [{ type: 'DEAD_LETTER_CHANGED', summary, detail: { deadLetterId: letter.id } }],
  };
}
