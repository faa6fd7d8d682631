import { toEventId } from '#core/brand.ts';
import { isGone } from '#core/invoice/invoice.ts';
import type { FieldChoice } from '#core/merge/field-choice.ts';
import { labelFor } from '#core/mapping/field-map.ts';
import type { Direction, Subject } from '#core/event/event.ts';
import type { PathChoice } from '#core/resolution/decided-values.ts';
import type { ChosenPayment } from '#core/resolution/decide-payments.ts';
import type { GroupDecision } from '#core/resolution/decision.ts';
import { disputedPaths, isAboutInvoice } from '#core/resolution/dispute.ts';
import { rehearse, type Rehearsed } from '#core/resolution/rehearse.ts';
import { sideNames, sides, type Side } from '#core/side.ts';
import { maySee } from '#ports/access.ts';
import type {
  ConflictStatus,
  KnownConflict,
  LockedCompany,
  LockedRows,
  Refusal,
  RequestedEvent,
  RequestedResolution,
  RequestedUndo,
  RequestOutcome,
  Touched,
} from '#ports/change-requests.ts';
import {
  actorOf,
  answerOnce,
  arrivalOf,
  callerIdOf,
  illegal,
  nameOfLink,
  notFound,
  staleSince,
  statusEntry,
  type Ask,
  type Desk,
} from './change-request.ts';
import { conflictEntry, conflictTold, whyCrossing } from './conflict-request.ts';
import { noteProblems, whyClosed, whyPaused, whyRisky } from './refusals.ts';
import { rehearsalOf } from './rehearsal.ts';

export type ResolveConflict = {
  readonly conflictId: string;
  readonly expectedVersion: number;
  readonly choices: readonly PathChoice[];
  readonly note: string | null;
};

/** Settles a conflict field by field. Nothing of it leaves before the undo window is over. */
export const resolveConflict = (desk: Desk, ask: Ask<ResolveConflict>): Promise<RequestOutcome> =>
  answerOnce(desk, 'resolveConflict', ask, async (rows) => {
    const { conflictId, expectedVersion, choices, note } = ask.input;
    const issues = noteProblems('note', note);
    if (issues.length > 0) return { kind: 'invalid', issues };
    const conflict = await rows.conflict(conflictId);
    if (conflict === null || !maySee(ask.caller, conflict.companyId)) return notFound;
    if (conflict.version !== expectedVersion) return staleSince(conflict);
    return resolveWithin(desk, ask, rows, conflict, choices, note);
  });

/**
 * The same for one of many conflicts that are settled one way, inside the caller's own transaction. A conflict that this
 * choice cannot settle is refused and stays as it is.
 */
export async function resolveUniformly(
  desk: Pick<Desk, 'ids'>,
  ask: Ask<unknown>,
  rows: LockedRows,
  conflictId: string,
  choice: Exclude<FieldChoice, 'CUSTOM'>,
  note: string | null,
): Promise<Touched | Refusal> {
  const conflict = await rows.conflict(conflictId);
  if (conflict === null || !maySee(ask.caller, conflict.companyId)) return notFound;
  const choices = conflict.disputes
    .flatMap(disputedPaths)
    .map((path) => ({ path, choice, customValue: null }));
  return resolveWithin(desk, ask, rows, conflict, choices, note);
}

async function resolveWithin(
  desk: Pick<Desk, 'ids'>,
  ask: Ask<unknown>,
  rows: LockedRows,
  conflict: KnownConflict,
  choices: readonly PathChoice[],
  note: string | null,
): Promise<Touched | Refusal> {
  const refusal = whyNotOpen(conflict) ?? whyCrossing(conflict);
  if (refusal !== null) return refusal;
  const rehearsal = await rehearsalOf(rows, conflict, choices);
  if (rehearsal === null) return illegal('One side of the invoice has not been seen yet.', true);
  const rehearsed = rehearse(rehearsal, choices, false);
  if (rehearsed.issues.length > 0) return { kind: 'invalid', issues: rehearsed.issues };
  const company = await rows.companyNow(conflict.companyId);
  if (company === null) return notFound;
  const held = whyHeld(conflict, company, rehearsed);
  if (held !== null) return held;
  const { decisions, payments } = rehearsed;
  return record(desk, ask, rows, { conflict, company, decisions, payments, note });
}

const notOpen = {
  UNDO_WINDOW: 'It is decided already; take that back first.',
  APPLYING: 'It is decided, and on its way.',
  RESOLVED: 'It is settled already.',
  SUPERSEDED: 'Later changes ended it; nobody has to choose any more.',
} as const satisfies Record<Exclude<ConflictStatus, 'OPEN'>, string>;

const whyNotOpen = ({ status }: KnownConflict): Refusal | null =>
  status === 'OPEN' ? null : illegal(notOpen[status], false);

/** Why what was decided would not cross as things stand; in shadow mode it waits among what is planned. */
function whyHeld(
  { link }: KnownConflict,
  company: LockedCompany,
  rehearsed: Rehearsed,
): Refusal | null {
  const closed = writtenSides(rehearsed)
    .map((side) => whyClosed(company, directionTo[side]))
    .find((refusal) => refusal !== null);
  if (closed !== undefined) return closed;
  const { decision } = rehearsed.plan;
  if (decision?.kind === 'fell-back') return illegal(decision.because, true);
  return whyPaused(link) ?? whyRisky(link);
}

const directionTo = {
  internal: 'TO_INTERNAL',
  quickbooks: 'TO_QUICKBOOKS',
} as const satisfies Record<Side, Direction>;

/** Sides a decision may be written to. */
const writtenSides = ({
  decisions,
  payments,
}: Pick<Rehearsed, 'decisions' | 'payments'>): readonly Side[] =>
  sides.filter(
    (side) =>
      payments.some(({ steps }) => steps.some((step) => step.side === side)) ||
      decisions.some(({ choice, decided }) => {
        if (decided !== null) return true;
        return choice === (side === 'quickbooks' ? 'KEEP_INTERNAL' : 'KEEP_QUICKBOOKS');
      }),
  );

type Deciding = {
  readonly conflict: KnownConflict;
  readonly company: LockedCompany;
  readonly decisions: readonly GroupDecision[];
  readonly payments: readonly ChosenPayment[];
  readonly note: string | null;
};

/** One transaction: the decision, the event that will carry it, the right to take it back. */
async function record(
  desk: Pick<Desk, 'ids'>,
  ask: Ask<unknown>,
  rows: LockedRows,
  deciding: Deciding,
): Promise<Touched> {
  const { conflict, company, note } = deciding;
  const { link } = conflict;
  const { name } = ask.caller;
  const event = eventFor(desk, ask, deciding);
  const undo = undoFor(desk, ask, deciding, event);
  const resolution = resolutionOf(ask, deciding, event, undo);
  const summary = `${name} decided about ${nameOfLink(link)}: ${wordsOf(deciding)}.`;
  await rows.record({
    companyId: conflict.companyId,
    linkId: link.id,
    correlationId: ask.correlationId,
    actor: actorOf(ask.caller),
    event,
    link: {
      id: link.id,
      dueInSeconds: company.undoWindowSeconds,
      statusReason: `Decided by ${name}; it crosses once the time to take that back is over.`,
    },
    conflict: { id: conflict.id, status: 'UNDO_WINDOW', resolution },
    undo,
    audit: [
      conflictEntry(ask, 'CONFLICT_RESOLVED', summary, conflict, 'UNDO_WINDOW', note),
      ...statusEntry(ask, link, { due: true }, summary),
    ],
    stream: [arrivalOf(event, summary), conflictTold(conflict, summary)],
  });
  const { companyId, id } = conflict;
  return { companyId, subjectId: id, eventId: event.id, undoToken: undo.token };
}

/** About the side that is written to; where both are, about QuickBooks. */
function eventFor(
  desk: Pick<Desk, 'ids'>,
  { caller }: Ask<unknown>,
  deciding: Deciding,
): RequestedEvent {
  const { conflict, company, decisions } = deciding;
  const { link } = conflict;
  const written = writtenSides(deciding);
  const side: Side = written.length === 1 && written[0] === 'internal' ? 'quickbooks' : 'internal';
  const subject: Subject = {
    side,
    kind: 'invoice',
    id: (side === 'internal' ? link.internalId : link.quickbooksId) ?? '',
    invoiceId: null,
  };
  const existence = decisions.find(({ group }) => group === 'existence');
  return {
    id: toEventId(desk.ids.next()),
    kind: existence === undefined ? 'UPDATED' : isAgain(link, existence) ? 'CREATED' : 'VOIDED',
    direction: side === 'internal' ? 'TO_QUICKBOOKS' : 'TO_INTERNAL',
    subject,
    linkId: link.id,
    derivedFromId: null,
    replayOfId: null,
    note: `Decided by ${caller.name}; it may be taken back for ${company.undoWindowSeconds} s.`,
    payload: { conflictId: conflict.id },
    dueInSeconds: company.undoWindowSeconds,
  };
}

const undoFor = (
  { ids }: Pick<Desk, 'ids'>,
  { caller }: Ask<unknown>,
  { conflict, company }: Deciding,
  event: RequestedEvent,
): RequestedUndo => ({
  token: ids.next(),
  callerId: callerIdOf(caller),
  subjectType: 'Conflict',
  subjectId: conflict.id,
  label: `The decision about ${nameOfLink(conflict.link)}`,
  windowSeconds: company.undoWindowSeconds,
  before: { kind: 'decision', eventIds: [event.id] },
});

const resolutionOf = (
  { caller }: Ask<unknown>,
  { decisions, payments, note }: Deciding,
  event: RequestedEvent,
  undo: RequestedUndo,
): RequestedResolution => ({
  actor: actorOf(caller),
  note,
  decisions,
  payments: payments.map(({ made }) => made),
  eventIds: [event.id],
  undoToken: undo.token,
});

const choiceWords = {
  KEEP_INTERNAL: 'internal invoicing’s value',
  KEEP_QUICKBOOKS: 'QuickBooks’ value',
  KEEP_BASE: 'the last agreed value',
  CUSTOM: 'a value of their own',
} as const satisfies Record<FieldChoice, string>;

/** Whether the side that stands is kept, so that it is made again on the other one. */
function isAgain(
  { present }: KnownConflict['link'],
  { choice }: Pick<GroupDecision, 'choice'>,
): boolean {
  if (present === null) return false;
  return !isGone(present[choice === 'KEEP_INTERNAL' ? 'internal' : 'quickbooks']);
}

function existenceWords(link: KnownConflict['link'], choice: FieldChoice): string {
  const to = sideNames[choice === 'KEEP_INTERNAL' ? 'quickbooks' : 'internal'];
  return isAgain(link, { choice }) ? `keep it, and make it anew in ${to}` : `void it in ${to}`;
}

/** 'Due date: QuickBooks’ value', each group once. */
const wordsOf = ({ conflict, decisions, payments }: Deciding): string =>
  [
    ...decisions.map(({ paths, choice, group }) => {
      const [path = ''] =
        conflict.disputes.filter(isAboutInvoice).find((one) => one.paths === paths)?.disputed ??
        paths;
      if (group === 'existence') return existenceWords(conflict.link, choice);
      const shown = conflict.link.present?.internal ?? { lines: [] };
      return `${labelFor(path, shown)}: ${choiceWords[choice]}`;
    }),
    ...payments.map(
      ({ made }) =>
        `payment: ${made.choice === 'CUSTOM' ? 'each is money of its own' : choiceWords[made.choice]}`,
    ),
  ].join('; ');
