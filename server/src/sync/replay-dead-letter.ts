import { toEventId } from '#core/brand.ts';
import type {
  LockedDeadLetter,
  LockedRows,
  Refusal,
  RequestedChange,
  RequestedEvent,
  RequestOutcome,
  Touched,
} from '#ports/change-requests.ts';
import { maySee } from '#ports/access.ts';
import {
  actorOf,
  answerOnce,
  arrivalOf,
  busy,
  entryOf,
  illegal,
  nameOfLink,
  notFound,
  staleSince,
  statusEntry,
  type Ask,
  type Desk,
} from './change-request.ts';
import { whyClosed, whyPaused } from './refusals.ts';

export type ReplayDeadLetter = {
  readonly deadLetterId: string;
  readonly expectedVersion: number;
  readonly confirmInvoiceNumber: string | null;
};

/** Sends a dead letter round again: a new event for its link, due at once, compared anew and never forced. */
export const replayDeadLetter = (desk: Desk, ask: Ask<ReplayDeadLetter>): Promise<RequestOutcome> =>
  answerOnce(desk, 'replayDeadLetter', ask, (rows) => replayLocked(desk, ask, rows));

/** The replay itself, within a transaction; also of each item of a bulk replay. */
export async function replayLocked(
  desk: Pick<Desk, 'ids'>,
  ask: Ask<ReplayDeadLetter>,
  rows: LockedRows,
): Promise<Touched | Refusal> {
  const letter = await rows.deadLetter(ask.input.deadLetterId);
  if (letter === null || !maySee(ask.caller, letter.companyId)) return notFound;
  const refusal = await refusalOf(rows, letter, ask.input);
  if (refusal !== null) return refusal;
  const event = eventFor(desk, ask, letter);
  await rows.record(changeOf(ask, letter, event));
  return touched(letter, event);
}

const touched = (letter: LockedDeadLetter, event: RequestedEvent): Touched => ({
  companyId: letter.companyId,
  subjectId: letter.id,
  eventId: event.id,
  undoToken: null,
});

const notOpen = {
  REPLAYING: 'It is being sent round again already.',
  REPLAYED: 'It was sent round again and settled.',
  DISCARDED: 'It was discarded.',
  SUPERSEDED: 'A newer change of the same invoice took its place.',
} as const satisfies Record<Exclude<LockedDeadLetter['status'], 'OPEN'>, string>;

/** Why a dead letter that is not open can neither be replayed nor discarded. */
export function whyNotOpen({ status, link }: LockedDeadLetter): Refusal | null {
  if (status === 'OPEN') return null;
  return status === 'REPLAYING' ? busy(notOpen[status], link) : illegal(notOpen[status], false);
}

async function refusalOf(
  rows: LockedRows,
  letter: LockedDeadLetter,
  { expectedVersion, confirmInvoiceNumber }: ReplayDeadLetter,
): Promise<Refusal | null> {
  if (letter.version !== expectedVersion) return staleSince(letter);
  const company = await rows.companyNow(letter.companyId);
  if (company === null) return notFound;
  return (
    whyNotOpen(letter) ??
    whyClosed(company, letter.event.direction) ??
    whyPaused(letter.link) ??
    whyUnconfirmed(letter, confirmInvoiceNumber)
  );
}

/** What could make a second document needs the invoice number, typed by whoever takes the risk. */
function whyUnconfirmed(letter: LockedDeadLetter, confirmation: string | null): Refusal | null {
  if (letter.verdict.safety !== 'RISKY' || confirmation === nameOfLink(letter.link)) return null;
  const message =
    confirmation === null
      ? `${letter.verdict.why} Repeat the invoice number to go on.`
      : 'It is not the number of this invoice.';
  return { kind: 'invalid', issues: [{ path: ['confirmInvoiceNumber'], message }] };
}

function eventFor(
  { ids }: Pick<Desk, 'ids'>,
  { caller }: Ask<unknown>,
  { id, event, link, verdict }: LockedDeadLetter,
): RequestedEvent {
  const warning = verdict.safety === 'POINTLESS' ? ` ${verdict.why}` : '';
  return {
    id: toEventId(ids.next()),
    kind: event.kind,
    direction: event.direction,
    subject: event.subject,
    linkId: link.id,
    derivedFromId: event.id,
    replayOfId: id,
    note: `Sent round again by ${caller.name}.${warning}`,
    payload: { deadLetterId: id },
  };
}

function changeOf(
  ask: Ask<ReplayDeadLetter>,
  letter: LockedDeadLetter,
  event: RequestedEvent,
): RequestedChange {
  const { link } = letter;
  const summary = `${nameOfLink(link)} was sent round again by ${ask.caller.name}.`;
  const changes = [{ path: 'status', side: null, before: letter.status, after: 'REPLAYING' }];
  const verdict = `${letter.verdict.safety}: ${letter.verdict.why}`;
  return {
    companyId: letter.companyId,
    linkId: link.id,
    correlationId: ask.correlationId,
    actor: actorOf(ask.caller),
    event,
    link: { id: link.id, dueNow: true, openDeadLetterId: null, statusReason: event.note },
    deadLetter: { id: letter.id, status: 'REPLAYING', ended: false, discard: null },
    audit: [
      entryOf(
        ask,
        'REPLAYED',
        summary,
        { type: 'DeadLetter', id: letter.id },
        { linkId: link.id, changes, note: verdict },
      ),
      ...statusEntry(ask, link, { deadLettered: false, due: true }, summary),
    ],
    stream: [
      arrivalOf(event, summary),
      { type: 'DEAD_LETTER_CHANGED', summary, detail: { deadLetterId: letter.id } },
    ],
  };
}
