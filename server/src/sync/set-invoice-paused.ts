import { maySee } from '#ports/access.ts';
import type { LockedLink, RequestedChange, RequestOutcome } from '#ports/change-requests.ts';
import {
  actorOf,
  answerOnce,
  entryOf,
  nameOfLink,
  notFound,
  staleSince,
  statusEntry,
  type Ask,
  type Desk,
} from './change-request.ts';

export type SetInvoicePaused = {
  readonly invoiceId: string;
  readonly expectedVersion: number;
  readonly paused: boolean;
};

/** Stops or restarts one invoice: what arrives meanwhile waits, and a write under way is still settled. */
export const setInvoicePaused = (desk: Desk, ask: Ask<SetInvoicePaused>): Promise<RequestOutcome> =>
  answerOnce(desk, 'setInvoicePaused', ask, async (rows) => {
    const { invoiceId, expectedVersion, paused } = ask.input;
    const link = await rows.link(invoiceId);
    if (link === null || !maySee(ask.caller, link.companyId)) return notFound;
    if (link.version !== expectedVersion) return staleSince(link);
    if (link.facts.paused !== paused) await rows.record(changeOf(ask, link, paused));
    return { companyId: link.companyId, subjectId: link.id, eventId: null, undoToken: null };
  });

function changeOf(ask: Ask<SetInvoicePaused>, link: LockedLink, paused: boolean): RequestedChange {
  const { caller } = ask;
  const summary = `${nameOfLink(link)} was ${paused ? 'paused' : 'restarted'} by ${caller.name}.`;
  const changes = [{ path: 'paused', side: null, before: !paused, after: paused }];
  const subject = { type: 'Invoice', id: link.id } as const;
  return {
    companyId: link.companyId,
    linkId: link.id,
    correlationId: ask.correlationId,
    actor: actorOf(caller),
    link: { id: link.id, pausedBy: paused ? caller.name : null },
    audit: [
      entryOf(ask, 'PAUSED', summary, subject, { linkId: link.id, changes }),
      ...statusEntry(ask, link, { paused }, summary),
    ],
    stream: [{ type: 'INVOICE_CHANGED', summary, detail: { linkId: link.id } }],
  };
}
