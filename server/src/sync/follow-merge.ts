import type { CallFailure } from '#core/attempt/failure.ts';
import type { PartyRef } from '#core/invoice/invoice.ts';
import type { Reference } from '#core/mapping/reference.ts';
import type { ClaimedLink } from '#ports/store.ts';
import { baseAudit } from './base-audit.ts';
import { nameOf, type Crossing } from './crossing.ts';
import { callOptions, type Observed } from './observe.ts';
import { auditOf, record } from './record.ts';

/** The crossing to go on with, or why it cannot; null when the lease is no longer ours. */
type Followed =
  | { readonly kind: 'on'; readonly crossing: Crossing }
  | { readonly kind: 'failed'; readonly failure: CallFailure }
  | { readonly kind: 'lost' };

/**
 * QuickBooks merged the customer of the invoice into another one: the former's id is gone and the invoice names the winner,
 * under the same SyncToken, since nobody edited it (quickbooks.md §4.1, §7.6). The pairing moves along and both sides still
 * agree; nothing is written (architecture.md §4, "References").
 */
export async function followMerge(crossing: Crossing, observed: Observed): Promise<Followed> {
  const merged = mergedIn(crossing.link, observed);
  if (merged === null) return { kind: 'on', crossing };
  const { base, loser, winner } = merged;
  const read = await crossing.accounting.readReference('CUSTOMER', loser.id, callOptions(crossing));
  if (!read.ok) return { kind: 'failed', failure: read.failure };
  // A customer that is still there was exchanged by hand: customers are never deleted, only merged or put away.
  if (read.value !== null) return { kind: 'on', crossing };
  const moved = { ...base, quickbooks: { ...base.quickbooks, customer: winner } };
  const references = await movedPairings(crossing, loser, winner);
  const kept = await record(crossing, {
    link: { base: moved },
    references,
    audit: [
      ...references.map((reference) => mergeAudit(crossing, reference, loser)),
      ...baseAudit(crossing, moved),
    ],
  });
  return kept === 'done'
    ? { kind: 'on', crossing: { ...crossing, link: { ...crossing.link, base: moved } } }
    : { kind: 'lost' };
}

/** What looks like a merge: another customer on an invoice that nobody edited since both sides agreed. */
function mergedIn({ base }: ClaimedLink, { quickbooks }: Observed) {
  if (base === null || quickbooks === null) return null;
  const { customer: winner, version, existence } = quickbooks.invoice;
  const { customer: loser, version: agreed } = base.quickbooks;
  if (existence !== 'present' || loser.id === winner.id || version !== agreed) return null;
  return { base, loser, winner };
}

async function movedPairings(
  { engine, company }: Crossing,
  loser: PartyRef,
  winner: PartyRef,
): Promise<readonly Reference[]> {
  const record = { kind: 'CUSTOMER', quickbooksId: loser.id, name: loser.name } as const;
  const stored = await engine.store.referencesTo(company.id, [record]);
  return stored
    .filter(({ status }) => status === 'MATCHED')
    .map((one) => ({ ...one, quickbooksId: winner.id, quickbooksName: winner.name }));
}

const mergeAudit = (
  crossing: Crossing,
  { internalName, internalId, quickbooksId }: Reference,
  loser: PartyRef,
) =>
  auditOf(
    crossing,
    'REFERENCE_MAPPED',
    `${nameOf(crossing)}: QuickBooks merged “${loser.name}” (${loser.id}) into ${quickbooksId}; “${internalName ?? internalId}” stands for that one now.`,
    [
      {
        path: `reference.CUSTOMER.${internalId}`,
        side: null,
        before: loser.id,
        after: quickbooksId,
      },
    ],
  );
