import type { AuditEntry } from '#core/audit/entry.ts';
import { keptApart } from '#core/link/apart.ts';
import { baseChanges } from '#core/plan/base-changes.ts';
import { maySee } from '#ports/access.ts';
import type { LockedLink, RequestedChange, RequestOutcome } from '#ports/change-requests.ts';
import {
  actorOf,
  answerOnce,
  entryOf,
  illegal,
  nameOfLink,
  notFound,
  staleSince,
  statusEntry,
  type Ask,
  type Desk,
} from './change-request.ts';
import { whyBusy } from './link-invoices.ts';
import { noteProblems } from './refusals.ts';

export type UnlinkInvoice = {
  readonly invoiceId: string;
  readonly expectedVersion: number;
  readonly note: string;
};

/** Cuts a link. Neither document is changed, and neither is paired or created again by itself. */
export const unlinkInvoice = (desk: Desk, ask: Ask<UnlinkInvoice>): Promise<RequestOutcome> =>
  answerOnce(desk, 'unlinkInvoice', ask, async (rows) => {
    const { invoiceId, expectedVersion, note } = ask.input;
    const issues = noteProblems('note', note);
    if (issues.length > 0) return { kind: 'invalid', issues };
    const link = await rows.link(invoiceId);
    if (link === null || !maySee(ask.caller, link.companyId)) return notFound;
    if (link.version !== expectedVersion) return staleSince(link);
    const { quickbooksId } = link;
    if (link.internalId === null || quickbooksId === null)
      return illegal(`${nameOfLink(link)} is on one side only; there is no link to cut.`, false);
    const refusal = whyBusy(link);
    if (refusal !== null) return refusal;
    await rows.record(changeOf(ask, link, quickbooksId));
    return { companyId: link.companyId, subjectId: link.id, eventId: null, undoToken: null };
  });

function changeOf(
  ask: Ask<UnlinkInvoice>,
  link: LockedLink,
  quickbooksId: string,
): RequestedChange {
  const { caller, input } = ask;
  const summary = `${nameOfLink(link)} was unlinked from ${quickbooksId} of QuickBooks by ${caller.name}; neither document was changed.`;
  const changes = [{ path: 'quickbooksId', side: null, before: quickbooksId, after: null }];
  const subject = { type: 'Invoice', id: link.id } as const;
  const atRest = { deadLettered: false, inConflict: false, due: false, onBothSides: false };
  return {
    companyId: link.companyId,
    linkId: link.id,
    correlationId: ask.correlationId,
    actor: actorOf(caller),
    cutting: { linkId: link.id, because: keptApart(quickbooksId) },
    audit: [
      entryOf(ask, 'LINK_CHANGED', summary, subject, {
        linkId: link.id,
        changes,
        note: input.note,
      }),
      ...baseEntry(ask, link),
      ...statusEntry(ask, link, atRest, summary),
    ],
    stream: [{ type: 'INVOICE_CHANGED', summary, detail: { linkId: link.id } }],
  };
}

/** What both sides had agreed on counts no more; the trail says so, so that folding it gives no base. */
function baseEntry(ask: Ask<unknown>, link: LockedLink): readonly AuditEntry[] {
  if (link.base === null) return [];
  const changes = baseChanges(null, link.base).map((change) => ({
    ...change,
    before: change.after,
    after: null,
  }));
  const summary = `${nameOfLink(link)}: nothing counts as agreed between the two documents any more.`;
  const subject = { type: 'Invoice', id: link.id } as const;
  return [entryOf(ask, 'BASE_ADVANCED', summary, subject, { linkId: link.id, changes })];
}
