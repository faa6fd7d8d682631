import { toEventId } from '#core/brand.ts';
import { maySee } from '#ports/access.ts';
import type {
  KnownEvent,
  LockedLink,
  LockedRows,
  Refusal,
  RequestedEvent,
  RequestOutcome,
} from '#ports/change-requests.ts';
import {
  actorOf,
  answerOnce,
  arrivalOf,
  busy,
  entryOf,
  nameOfLink,
  notFound,
  statusEntry,
  type Ask,
  type Desk,
} from './change-request.ts';
import { noteProblems, whyClosed, whyPaused, whyRisky } from './refusals.ts';

export type ReplayEvent = { readonly eventId: string; readonly note: string | null };

/** Sends an event round again as a new one; its subject is looked for anew where it led to no invoice. */
export const replayEvent = (desk: Desk, ask: Ask<ReplayEvent>): Promise<RequestOutcome> =>
  answerOnce(desk, 'replayEvent', ask, async (rows) => {
    const issues = noteProblems('note', ask.input.note);
    if (issues.length > 0) return { kind: 'invalid', issues };
    const told = await rows.event(ask.input.eventId);
    if (told === null || !maySee(ask.caller, told.companyId)) return notFound;
    const link = told.linkId === null ? null : await rows.link(told.linkId);
    const refusal = await refusalOf(rows, told, link);
    if (refusal !== null) return refusal;
    const event = eventFor(desk, ask, told, link);
    await record(rows, ask, told, link, event);
    return { companyId: told.companyId, subjectId: told.id, eventId: event.id, undoToken: null };
  });

async function refusalOf(
  rows: LockedRows,
  told: KnownEvent,
  link: LockedLink | null,
): Promise<Refusal | null> {
  const company = await rows.companyNow(told.companyId);
  if (company === null) return notFound;
  if (!told.ended) return busy('It is still on its way; nothing needs to be repeated.', link);
  const closed = whyClosed(company, told.direction);
  return closed ?? (link === null ? null : (whyPaused(link) ?? whyRisky(link)));
}

const eventFor = (
  { ids }: Desk,
  { caller }: Ask<unknown>,
  told: KnownEvent,
  link: LockedLink | null,
): RequestedEvent => ({
  id: toEventId(ids.next()),
  kind: told.kind,
  direction: told.direction,
  subject: told.subject,
  linkId: link?.id ?? null,
  derivedFromId: told.id,
  replayOfId: null,
  note: `Sent round again by ${caller.name}.`,
  payload: { eventId: told.id },
});

function record(
  rows: LockedRows,
  ask: Ask<ReplayEvent>,
  told: KnownEvent,
  link: LockedLink | null,
  event: RequestedEvent,
): Promise<void> {
  const name =
    link === null ? `The event of ${told.subject.id}` : `A change of ${nameOfLink(link)}`;
  const summary = `${name} was sent round again by ${ask.caller.name}.`;
  const linkId = link?.id ?? null;
  const { note } = ask.input;
  return rows.record({
    companyId: told.companyId,
    linkId,
    correlationId: ask.correlationId,
    actor: actorOf(ask.caller),
    event,
    ...(link === null ? {} : { link: { id: link.id, dueNow: true, statusReason: event.note } }),
    audit: [
      entryOf(ask, 'REPLAYED', summary, { type: 'OutboxEvent', id: told.id }, { linkId, note }),
      ...(link === null ? [] : statusEntry(ask, link, { due: true }, summary)),
    ],
    stream: [arrivalOf(event, summary)],
  });
}
