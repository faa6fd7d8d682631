import type { AuditEntry } from '#core/audit/entry.ts';
import type { AcceptedPayments } from '#core/payment/accepted-payments.ts';
import type { BaseHalves } from '#core/plan/advance-base.ts';
import { baseChanges } from '#core/plan/base-changes.ts';
import { heldForDuplicate } from '#core/reconcile/drift.ts';
import { maySee } from '#ports/access.ts';
import type {
  LockedLink,
  LockedRows,
  Refusal,
  RequestedLinkChange,
  RequestOutcome,
} from '#ports/change-requests.ts';
import type { LockedDrift } from '#ports/reconcile-requests.ts';
import {
  actorOf,
  answerOnce,
  busy,
  entryOf,
  illegal,
  nameOfLink,
  notFound,
  staleSince,
  type Ask,
  type Desk,
} from './change-request.ts';
import { paymentsNow } from './payments-now.ts';
import { noteProblems } from './refusals.ts';

export type AcceptDrift = {
  readonly driftId: string;
  readonly expectedVersion: number;
  readonly reason: string;
};

/**
 * Accepts a difference and remembers it: what both sides showed then is agreed, it stays visible in the residual, and only a
 * later move counts (architecture.md §4, "Discard and accept are remembered").
 */
export const acceptDrift = (desk: Desk, ask: Ask<AcceptDrift>): Promise<RequestOutcome> =>
  answerOnce(desk, 'acceptDrift', ask, async (rows) => {
    const issues = noteProblems('reason', ask.input.reason);
    if (issues.length > 0) return { kind: 'invalid', issues };
    const drift = await rows.reconciles.drift(ask.input.driftId);
    if (drift === null || !maySee(ask.caller, drift.companyId)) return notFound;
    const link = drift.linkId === null ? null : await rows.link(drift.linkId);
    const refusal = whyNotAccepted(drift, link, ask.input);
    if (refusal !== null) return refusal;
    const { caller, correlationId, input } = ask;
    const { reason } = input;
    const summary = `${nameOfDrift(drift, link)}: the difference was accepted by ${caller.name}.`;
    const linkId = drift.linkId;
    const changes = [{ path: 'status', side: null, before: drift.status, after: 'ACCEPTED' }];
    const subject = { type: 'Drift', id: drift.id } as const;
    const base = agreedBy(drift, link);
    const payments = link === null || base === null ? null : await paymentsIn(rows, link, base);
    const linkChange = link === null ? null : linkChangeOf(drift, link, { base, payments }, ask);
    await rows.record({
      companyId: drift.companyId,
      linkId,
      correlationId,
      actor: actorOf(caller),
      ...(linkChange === null ? {} : { link: linkChange }),
      reconcile: { kind: 'accept', driftId: drift.id, reason, actor: actorOf(caller) },
      audit: [
        entryOf(ask, 'DRIFT_ACCEPTED', summary, subject, { linkId, changes, note: reason }),
        ...baseEntry(ask, link, base),
      ],
      stream: [{ type: 'DRIFT_CHANGED', summary, detail: { driftId: drift.id } }],
    });
    return { companyId: drift.companyId, subjectId: drift.id, eventId: null, undoToken: null };
  });

function whyNotAccepted(
  drift: LockedDrift,
  link: LockedLink | null,
  { expectedVersion }: AcceptDrift,
): Refusal | null {
  if (drift.version !== expectedVersion) return staleSince(drift);
  const over = whyNotOpen(drift, link);
  if (over !== null) return over;
  if (link === null || !(link.facts.claimed || link.facts.uncertain)) return null;
  return busy(`${nameOfLink(link)} is crossing right now; look again in a moment.`, link);
}

/** Why nothing can be asked of a drift any more; null while it is open. */
export function whyNotOpen({ status }: LockedDrift, link: LockedLink | null): Refusal | null {
  if (status === 'OPEN') return null;
  if (status === 'REPAIRING') return busy('Its repair is crossing right now.', link);
  return illegal(
    status === 'REPAIRED' ? 'It is repaired already.' : 'It was accepted already.',
    false,
  );
}

export const nameOfDrift = (drift: LockedDrift, link: LockedLink | null): string =>
  link === null
    ? (drift.evidence.internal?.number ??
      drift.evidence.quickbooks?.number ??
      drift.internalId ??
      drift.quickbooksId ??
      'An invoice')
    : nameOfLink(link);

/** Both sides as the person saw them; nothing to remember where only one side was ever there. */
function agreedBy({ evidence }: LockedDrift, link: LockedLink | null): BaseHalves | null {
  const { internal, quickbooks } = evidence;
  if (link === null || link.base === null || internal === null || quickbooks === null) return null;
  return { internal, quickbooks };
}

/** The payments the person saw; one that QuickBooks got since is not accepted by it. */
async function paymentsIn(
  rows: LockedRows,
  link: LockedLink,
  seen: BaseHalves,
): Promise<AcceptedPayments | null> {
  const { now } = await paymentsNow(rows, link, seen);
  const isSeen = (id: string) => seen.quickbooks.payments.some((one) => one.id === id);
  return now === null
    ? null
    : { ...now, quickbooks: now.quickbooks.filter(({ id }) => isSeen(id)) };
}

type Agreed = {
  readonly base: BaseHalves | null;
  readonly payments: AcceptedPayments | null;
};

/** A link that was held for a second document goes on; the difference is no reason to hold it any more. */
function linkChangeOf(
  { kind }: LockedDrift,
  link: LockedLink,
  { base, payments }: Agreed,
  { caller, input }: Ask<AcceptDrift>,
): RequestedLinkChange | null {
  if (kind === 'SUSPECTED_DUPLICATE')
    return link.pausedBy === heldForDuplicate
      ? {
          id: link.id,
          pausedBy: null,
          statusReason: `Both documents stand, as ${caller.name} said.`,
        }
      : null;
  if (base === null) return null;
  return {
    id: link.id,
    base,
    acceptedPayments: payments,
    statusReason: `The difference was accepted by ${caller.name} (“${input.reason}”). Only a later change crosses.`,
  };
}

function baseEntry(
  ask: Ask<unknown>,
  link: LockedLink | null,
  after: BaseHalves | null,
): readonly AuditEntry[] {
  const changes = link === null || after === null ? [] : baseChanges(link.base, after);
  if (link === null || changes.length === 0) return [];
  const summary = `${nameOfLink(link)}: what both sides show counts as agreed.`;
  const subject = { type: 'Invoice', id: link.id } as const;
  return [entryOf(ask, 'BASE_ADVANCED', summary, subject, { linkId: link.id, changes })];
}
