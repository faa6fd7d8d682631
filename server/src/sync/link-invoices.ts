import { toEventId } from '#core/brand.ts';
import { heldForDuplicate } from '#core/reconcile/drift.ts';
import { maySee } from '#ports/access.ts';
import type {
  InputProblem,
  LockedLink,
  LockedRows,
  Refusal,
  RequestedChange,
  RequestedEvent,
  RequestOutcome,
  Touched,
} from '#ports/change-requests.ts';
import {
  actorOf,
  answerOnce,
  arrivalOf,
  busy,
  entryOf,
  illegal,
  nameOfLink,
  notFound,
  statusEntry,
  type Ask,
  type Desk,
} from './change-request.ts';
import { noteProblems, whyClosed } from './refusals.ts';

export type LinkInvoices = {
  readonly companyId: string;
  readonly internalId: string;
  readonly quickbooksId: string;
  readonly note: string;
};

/** Longest id a side gives, in characters. */
const idLengthMax = 100;

/**
 * Says that two documents are one invoice. Nothing is written by that: the worker reads both, what they hold equal is agreed,
 * and every difference is a conflict (architecture.md §5, "First connection").
 */
export const linkInvoices = (desk: Desk, ask: Ask<LinkInvoices>): Promise<RequestOutcome> =>
  answerOnce(desk, 'linkInvoices', ask, (rows) => linkLocked(desk, ask, rows));

async function linkLocked(
  desk: Desk,
  ask: Ask<LinkInvoices>,
  rows: LockedRows,
): Promise<Touched | Refusal> {
  const { internalId, quickbooksId, note } = ask.input;
  const issues = [
    ...noteProblems('note', note),
    ...idProblems('internalId', internalId),
    ...idProblems('quickbooksId', quickbooksId),
  ];
  if (issues.length > 0) return { kind: 'invalid', issues };
  // Locked, so that two people who link at once come one after the other.
  const company = await rows.company(ask.input.companyId);
  if (company === null || !maySee(ask.caller, company.id)) return notFound;
  const here = await rows.linkHolding(company.id, 'internal', internalId);
  const there = await rows.linkHolding(company.id, 'quickbooks', quickbooksId);
  const refusal =
    whyClosed(company, 'TO_QUICKBOOKS') ?? whyTaken(here) ?? whyTaken(there) ?? whyGone(here);
  if (refusal !== null) return refusal;
  const linkId = here?.id ?? there?.id ?? desk.ids.next();
  const found = { linkId, here, there, kept: here ?? there };
  const change = changeOf(desk, ask, { ...found, companyId: company.id });
  await rows.record(change);
  const eventId = change.event?.id ?? null;
  return { companyId: company.id, subjectId: linkId, eventId, undoToken: null };
}

const idProblems = (name: string, id: string): readonly InputProblem[] =>
  id.trim() !== '' && id.length <= idLengthMax
    ? []
    : [{ path: [name], message: `Give the id, in at most ${idLengthMax} characters.` }];

/** A pair is cut first; what the worker holds just now is about to be something else. */
function whyTaken(link: LockedLink | null): Refusal | null {
  if (link === null) return null;
  if (link.internalId !== null && link.quickbooksId !== null)
    return illegal(
      `${nameOfLink(link)} is linked already: ${link.internalId} of internal invoicing with ${link.quickbooksId} of QuickBooks. Unlink it first.`,
      false,
    );
  return whyBusy(link);
}

/** While a write is under way, or may be, nobody knows yet what the link holds. */
export const whyBusy = (link: LockedLink): Refusal | null =>
  link.facts.claimed || link.facts.uncertain || link.applyingConflictId !== null
    ? busy(`${nameOfLink(link)} is being worked on just now; try again in a moment.`, link)
    : null;

/** What is known to be gone is no partner; what is not known is found out by the worker. */
const whyGone = (link: LockedLink | null): Refusal | null =>
  link?.isGone === true
    ? illegal(
        `${nameOfLink(link)} is cancelled in internal invoicing; there is nothing to link.`,
        false,
      )
    : null;

type Found = {
  readonly companyId: LockedLink['companyId'];
  readonly linkId: string;
  readonly here: LockedLink | null;
  readonly there: LockedLink | null;
  /** The link that goes on; null when it is made. */
  readonly kept: LockedLink | null;
};

function changeOf(
  { ids }: Desk,
  ask: Ask<LinkInvoices>,
  { companyId, linkId, here, there, kept }: Found,
): RequestedChange {
  const { caller, correlationId, input } = ask;
  const { internalId, quickbooksId, note } = input;
  const event: RequestedEvent = {
    id: toEventId(ids.next()),
    subject: { side: 'internal', kind: 'invoice', id: internalId, invoiceId: null },
    kind: 'UPDATED',
    direction: 'TO_QUICKBOOKS',
    linkId,
    derivedFromId: null,
    replayOfId: null,
    note: `Linked by ${caller.name}; both sides are compared.`,
    payload: { note },
  };
  const summary = `${here?.number ?? internalId} of internal invoicing and ${there?.number ?? quickbooksId} of QuickBooks were linked by ${caller.name}.`;
  const changes = [
    { path: 'internalId', side: null, before: kept?.internalId ?? null, after: internalId },
    { path: 'quickbooksId', side: null, before: kept?.quickbooksId ?? null, after: quickbooksId },
  ].filter(({ before, after }) => before !== after);
  const subject = { type: 'Invoice', id: linkId } as const;
  const absorbsId = here !== null && there !== null ? there.id : null;
  return {
    companyId,
    linkId,
    correlationId,
    actor: actorOf(caller),
    joining: { linkId, internalId, quickbooksId, absorbsId },
    link: {
      id: linkId,
      dueNow: true,
      statusReason: event.note,
      // It was held because the two look alike; now somebody has said what they are.
      ...(kept?.pausedBy === heldForDuplicate ? { pausedBy: null } : {}),
    },
    event,
    audit: [
      entryOf(ask, 'LINK_CHANGED', summary, subject, { linkId, changes, note }),
      ...(kept === null
        ? [entryOf(ask, 'STATE_CHANGED', summary, subject, { linkId, changes: [pending] })]
        : statusEntry(
            ask,
            kept,
            {
              due: true,
              onBothSides: true,
              ...(kept.pausedBy === heldForDuplicate ? { paused: false } : {}),
            },
            summary,
          )),
    ],
    stream: [{ type: 'INVOICE_CHANGED', summary, detail: { linkId } }, arrivalOf(event, summary)],
  };
}

const pending = { path: 'status', side: null, before: null, after: 'PENDING' } as const;
