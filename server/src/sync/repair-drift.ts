import { toEventId } from '#core/brand.ts';
import { directionOf, type ChangeKind, type Direction, type Subject } from '#core/event/event.ts';
import { hasMoney } from '#core/plan/plan-gone.ts';
import { heldForDuplicate } from '#core/reconcile/drift.ts';
import { unreachable } from '#core/unreachable.ts';
import type {
  LockedLink,
  LockedRows,
  Refusal,
  RequestedChange,
  RequestedEvent,
  Touched,
} from '#ports/change-requests.ts';
import type { LockedDrift } from '#ports/reconcile-requests.ts';
import { nameOfDrift, whyNotOpen } from './accept-drift.ts';
import {
  actorOf,
  arrivalOf,
  entryOf,
  illegal,
  nameOfLink,
  notFound,
  staleSince,
  statusEntry,
  type Ask,
  type Desk,
} from './change-request.ts';
import { whyClosed, whyRisky } from './refusals.ts';

export type RepairDrift = { readonly driftId: string; readonly expectedVersion: number };

/**
 * Repairs one drift by the main path: an event that a person asked for, compared anew and never forced. Runs inside the
 * transaction of whoever asks, since many are repaired as one operation.
 */
export async function repairLocked(
  desk: Pick<Desk, 'ids'>,
  ask: Ask<RepairDrift>,
  rows: LockedRows,
): Promise<Touched | Refusal> {
  const drift = await rows.reconciles.drift(ask.input.driftId);
  if (drift === null) return notFound;
  if (drift.version !== ask.input.expectedVersion) return staleSince(drift);
  const link = drift.linkId === null ? null : await rows.link(drift.linkId);
  const way = wayOf(drift);
  if (!('subject' in way)) return way;
  const company = await rows.companyNow(drift.companyId);
  if (company === null) return notFound;
  const refusal =
    whyNotOpen(drift, link) ??
    whyClosed(company, directionOfWay(way)) ??
    (link === null ? null : (whyHeld(link) ?? whyRisky(link)));
  if (refusal !== null) return refusal;
  const change = changeOf(desk, ask, { drift, link, way });
  await rows.record(change);
  const eventId = change.event?.id ?? null;
  return { companyId: drift.companyId, subjectId: drift.id, eventId, undoToken: null };
}

/** What the event is about, and whether the two documents are linked first. */
type Way = {
  readonly subject: Subject;
  readonly kind: ChangeKind;
  /** Where it leads, if not away from the side it is about. */
  readonly direction?: Direction;
  readonly linking: { readonly internalId: string; readonly quickbooksId: string } | null;
};

const directionOfWay = ({ direction, subject }: Way): Direction =>
  direction ?? directionOf(subject);

const about = (side: Subject['side'], id: string): Subject => ({
  side,
  kind: 'invoice',
  id,
  invoiceId: null,
});

/** How a drift is repaired; a refusal where only a person can. */
function wayOf(drift: LockedDrift): Way | Refusal {
  const { kind, internalId, quickbooksId, evidence } = drift;
  switch (kind) {
    case 'FIELD_MISMATCH':
    case 'UNEXPLAINED_TOTAL':
    case 'BEFORE_GO_LIVE':
      return { subject: about('internal', internalId ?? ''), kind: 'UPDATED', linking: null };
    case 'BROKEN_LINK':
      return evidence.internal === null || quickbooksId === null
        ? illegal(
            'Internal invoicing has no such invoice, so there is nothing to bring in line. Void the document in QuickBooks, or accept the difference.',
            false,
          )
        : { subject: about('quickbooks', quickbooksId), kind: 'DELETED', linking: null };
    case 'MISSING_IN_QUICKBOOKS':
      return {
        subject: about('internal', internalId ?? ''),
        kind: 'CREATED',
        linking: internalId === null || quickbooksId === null ? null : { internalId, quickbooksId },
      };
    case 'MISSING_INTERNALLY':
      return { subject: about('quickbooks', quickbooksId ?? ''), kind: 'CREATED', linking: null };
    case 'SUSPECTED_DUPLICATE':
      return wayOfSecond(drift);
    default:
      return unreachable(kind);
  }
}

/** Of the two documents the one that no link holds goes, and none that money is applied to. */
function wayOfSecond({ linkId, quickbooksId, evidence }: LockedDrift): Way | Refusal {
  const { quickbooks } = evidence;
  if (linkId === null || quickbooksId === null || quickbooks === null)
    return illegal(
      'It cannot be told any more which document is the second one. Start a reconcile, and look again when it is over.',
      false,
    );
  if (hasMoney(quickbooks))
    return illegal(
      `Money is applied to document ${quickbooksId}, so it is not voided. Move the payment in QuickBooks to the document that the invoice is linked to, or accept that both stand.`,
      false,
    );
  return {
    subject: about('quickbooks', quickbooksId),
    kind: 'VOIDED',
    direction: 'TO_QUICKBOOKS',
    linking: null,
  };
}

/** What the bridge itself holds back is let go by the repair; a person's pause is not. */
const whyHeld = (link: LockedLink): Refusal | null =>
  link.facts.paused && !isHeldByUs(link)
    ? illegal(`${nameOfLink(link)} is paused; restart it first.`, true)
    : null;

const isHeldByUs = ({ pausedBy }: LockedLink): boolean => pausedBy === heldForDuplicate;

const letGo = (link: LockedLink) => (isHeldByUs(link) ? { pausedBy: null } : {});

function changeOf(
  { ids }: Pick<Desk, 'ids'>,
  ask: Ask<RepairDrift>,
  found: { readonly drift: LockedDrift; readonly link: LockedLink | null; readonly way: Way },
): RequestedChange {
  const { drift, link, way } = found;
  const { caller, correlationId } = ask;
  const event: RequestedEvent = {
    id: toEventId(ids.next()),
    subject: way.subject,
    kind: way.kind,
    direction: directionOfWay(way),
    linkId: way.linking === null ? (link?.id ?? null) : null,
    derivedFromId: null,
    replayOfId: null,
    note:
      drift.kind === 'SUSPECTED_DUPLICATE'
        ? `Document ${drift.quickbooksId ?? ''} is voided in QuickBooks as the second one, as ${caller.name} asked.`
        : `Compared anew to repair a disagreement, as ${caller.name} asked.`,
    payload: { driftId: drift.id },
  };
  const summary = `${nameOfDrift(drift, link)} is repaired, as ${caller.name} asked.`;
  const changes = [{ path: 'status', side: null, before: drift.status, after: 'REPAIRING' }];
  const subject = { type: 'Drift', id: drift.id } as const;
  const isDue = link !== null && event.linkId !== null;
  return {
    companyId: drift.companyId,
    linkId: link?.id ?? null,
    correlationId,
    actor: actorOf(caller),
    ...(way.linking === null ? {} : { linking: way.linking }),
    ...(isDue
      ? { link: { id: link.id, dueNow: true, statusReason: event.note, ...letGo(link) } }
      : {}),
    event,
    reconcile: { kind: 'repair', driftId: drift.id, eventId: event.id },
    audit: [
      entryOf(ask, 'RECONCILED', summary, subject, { linkId: link?.id ?? null, changes }),
      ...(isDue
        ? statusEntry(
            ask,
            link,
            { due: true, ...(isHeldByUs(link) ? { paused: false } : {}) },
            summary,
          )
        : []),
    ],
    stream: [
      { type: 'DRIFT_CHANGED', summary, detail: { driftId: drift.id } },
      arrivalOf(event, summary),
    ],
  };
}
