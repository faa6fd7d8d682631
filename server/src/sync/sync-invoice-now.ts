import { toEventId } from '#core/brand.ts';
import type { Direction, Subject } from '#core/event/event.ts';
import { maySee } from '#ports/access.ts';
import type {
  LockedLink,
  LockedRows,
  Refusal,
  RequestedEvent,
  RequestOutcome,
  Touched,
} from '#ports/change-requests.ts';
import {
  actorOf,
  answerOnce,
  arrivalOf,
  entryOf,
  nameOfLink,
  notFound,
  statusEntry,
  type Ask,
  type Desk,
} from './change-request.ts';
import { whyClosed, whyPaused, whyRisky } from './refusals.ts';

export type SyncInvoiceNow = { readonly invoiceId: string };

/** Compares both sides of an invoice now, ahead of the queue; where they agree, its event says so and ends. */
export const syncInvoiceNow = (desk: Desk, ask: Ask<SyncInvoiceNow>): Promise<RequestOutcome> =>
  answerOnce(desk, 'syncInvoiceNow', ask, (rows) => syncLocked(desk, ask, rows));

/** The comparison itself, within a transaction; also of each invoice that a new rule is applied to. */
export async function syncLocked(
  desk: Pick<Desk, 'ids'>,
  ask: Ask<SyncInvoiceNow>,
  rows: LockedRows,
): Promise<Touched | Refusal> {
  const link = await rows.link(ask.input.invoiceId);
  if (link === null || !maySee(ask.caller, link.companyId)) return notFound;
  const company = await rows.companyNow(link.companyId);
  if (company === null) return notFound;
  const event = eventFor(desk, ask, link);
  const refusal = whyClosed(company, event.direction) ?? whyPaused(link) ?? whyRisky(link);
  if (refusal !== null) return refusal;
  const summary = `${nameOfLink(link)} is compared on both sides now, as ${ask.caller.name} asked.`;
  await rows.record({
    companyId: link.companyId,
    linkId: link.id,
    correlationId: ask.correlationId,
    actor: actorOf(ask.caller),
    event,
    link: { id: link.id, dueNow: true, statusReason: event.note },
    audit: [
      entryOf(
        ask,
        'RECONCILED',
        summary,
        { type: 'OutboxEvent', id: event.id },
        { linkId: link.id },
      ),
      ...statusEntry(ask, link, { due: true }, summary),
    ],
    stream: [arrivalOf(event, summary)],
  });
  return { companyId: link.companyId, subjectId: link.id, eventId: event.id, undoToken: null };
}

/** About the internal document where there is one: its way to QuickBooks is the usual one. */
function aboutLink({ internalId, quickbooksId }: LockedLink): {
  readonly subject: Subject;
  readonly direction: Direction;
} {
  if (internalId === null)
    return { subject: invoiceOf('quickbooks', quickbooksId ?? ''), direction: 'TO_INTERNAL' };
  return { subject: invoiceOf('internal', internalId), direction: 'TO_QUICKBOOKS' };
}

const invoiceOf = (side: Subject['side'], id: string): Subject => ({
  side,
  kind: 'invoice',
  id,
  invoiceId: null,
});

const eventFor = (
  { ids }: Pick<Desk, 'ids'>,
  { caller }: Ask<unknown>,
  link: LockedLink,
): RequestedEvent => ({
  ...aboutLink(link),
  id: toEventId(ids.next()),
  kind: 'OTHER',
  linkId: link.id,
  derivedFromId: null,
  replayOfId: null,
  note: `Compared now, as ${caller.name} asked.`,
  payload: {},
});
