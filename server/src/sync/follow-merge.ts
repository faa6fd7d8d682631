import type { CallFailure, CallOutcome } from '#core/attempt/failure.ts';
import { succeeded } from '#core/attempt/failure.ts';
import type { Invoice } from '#core/invoice/invoice.ts';
import type { Reference } from '#core/mapping/reference.ts';
import { exchangedIn, withMerged, type Exchanged } from '#core/mapping/merged-records.ts';
import { baseAudit } from './base-audit.ts';
import { nameOf, type Crossing } from './crossing.ts';
import { callOptions, type Observed } from './observe.ts';
import { auditOf, record } from './record.ts';
import { kindWords } from './references.ts';

/** The crossing to go on with, or why it cannot; null when the lease is no longer ours. */
type Followed =
  | { readonly kind: 'on'; readonly crossing: Crossing }
  | { readonly kind: 'failed'; readonly failure: CallFailure }
  | { readonly kind: 'lost' };

/**
 * QuickBooks merged the customer of the invoice, or an item of its lines, into another one: the former's id is gone and the
 * invoice names the winner, under the same SyncToken, since nobody edited it (quickbooks.md §4.1, §7.6). The pairing moves
 * along and both sides still agree; nothing is written (architecture.md §4, "References").
 */
export async function followMerge(crossing: Crossing, observed: Observed): Promise<Followed> {
  const { base } = crossing.link;
  const quickbooks = observed.quickbooks?.invoice ?? null;
  if (base === null || !isUnedited(quickbooks, base.quickbooks.version))
    return { kind: 'on', crossing };
  const merged = await mergedAmong(crossing, exchangedIn(base.quickbooks, quickbooks));
  if (!merged.ok) return { kind: 'failed', failure: merged.failure };
  if (merged.value.length === 0) return { kind: 'on', crossing };
  const moved = { ...base, quickbooks: withMerged(base.quickbooks, merged.value) };
  const pairings = await movedPairings(crossing, merged.value);
  const kept = await record(crossing, {
    link: { base: moved },
    references: pairings.map(({ reference }) => reference),
    audit: [
      ...pairings.map(({ reference, exchanged }) => mergeAudit(crossing, reference, exchanged)),
      ...baseAudit(crossing, moved),
    ],
  });
  return kept === 'done'
    ? { kind: 'on', crossing: { ...crossing, link: { ...crossing.link, base: moved } } }
    : { kind: 'lost' };
}

/** Another record on an invoice that nobody edited since both sides agreed is what a merge looks like. */
const isUnedited = (quickbooks: Invoice | null, agreed: string): quickbooks is Invoice =>
  quickbooks !== null && quickbooks.existence === 'present' && quickbooks.version === agreed;

/** A record that is still there was exchanged by hand: records are never deleted, only merged or put away. */
async function mergedAmong(
  crossing: Crossing,
  exchanged: readonly Exchanged[],
): Promise<CallOutcome<readonly Exchanged[]>> {
  const merged: Exchanged[] = [];
  for (const one of exchanged) {
    const { kind, loser } = one;
    const read = await crossing.accounting.readReference(kind, loser.id, callOptions(crossing));
    if (!read.ok) return read;
    if (read.value === null) merged.push(one);
  }
  return succeeded(merged);
}

type Moved = { readonly reference: Reference; readonly exchanged: Exchanged };

async function movedPairings(
  { engine, company }: Crossing,
  merged: readonly Exchanged[],
): Promise<readonly Moved[]> {
  const losers = merged.map(({ kind, loser }) => ({
    kind,
    quickbooksId: loser.id,
    name: loser.name,
  }));
  const stored = await engine.store.referencesTo(company.id, losers);
  return stored.flatMap((one) => {
    const exchanged = merged.find(
      ({ kind, loser }) => kind === one.kind && loser.id === one.quickbooksId,
    );
    if (one.status !== 'MATCHED' || exchanged === undefined) return [];
    const { winner } = exchanged;
    const reference = { ...one, quickbooksId: winner.id, quickbooksName: winner.name };
    return [{ reference, exchanged }];
  });
}

const mergeAudit = (
  crossing: Crossing,
  { internalName, internalId, quickbooksId }: Reference,
  { kind, loser }: Exchanged,
) =>
  auditOf(
    crossing,
    'REFERENCE_MAPPED',
    `${nameOf(crossing)}: QuickBooks merged “${loser.name}” (${loser.id}) into ${quickbooksId}; ${kindWords[kind]} “${internalName ?? internalId}” stands for that one now.`,
    [
      {
        path: `reference.${kind}.${internalId}`,
        side: null,
        before: loser.id,
        after: quickbooksId,
      },
    ],
  );
