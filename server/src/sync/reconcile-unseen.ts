import { succeeded, type CallOutcome } from '#core/attempt/failure.ts';
import { isGone } from '#core/invoice/invoice.ts';
import type { Side } from '#core/side.ts';
import type { Found } from '#ports/accounting-system.ts';
import type { ReconcileRun, StagedItem, StoredPair } from '#ports/reconciles.ts';
import type { Drain } from './crossing.ts';
import { workerLimits } from './limits.ts';
import { callOptions } from './observe.ts';
import type { SliceOutcome } from './reconcile.ts';
import { stagedOf } from './reconcile-pages.ts';
import { judgePairs, type PairNow } from './reconcile-pairs.ts';
import { emptySlice, findingsIn, storeSlice } from './reconcile-slice.ts';

/** Links that no page showed whole: what is missing of them is read by id before it counts as gone (architecture.md §5). */
export async function judgeUnseen(work: Drain, run: ReconcileRun): Promise<SliceOutcome> {
  const { engine } = work;
  const unseen = await engine.reconciles.unjudgedPairs(run, run.cursor, workerLimits.unseenBatch);
  const looked = await lookAll(work, unseen);
  if (!looked.ok) return { kind: 'failed', failure: looked.failure, side: looked.side };
  const { pairs, items } = looked;
  const judged = await judgePairs(work, pairs);
  const reasonOf = new Map(judged.map(({ pair, verdict }) => [pair.linkId, verdict.reason]));
  const last = pairs.at(-1)?.stored.linkId ?? null;
  const isDone = unseen.length < workerLimits.unseenBatch && pairs.length === unseen.length;
  return storeSlice(
    work,
    run,
    {
      ...emptySlice(work, run),
      ...findingsIn(
        work,
        run,
        judged.map(({ verdict }) => verdict),
      ),
      items: items.map(({ linkId, item }) => ({
        ...item,
        judged: { linkId, reason: reasonOf.get(linkId) ?? 'in flight' },
      })),
      judged: judged.map(({ pair, verdict }) => ({
        linkId: pair.linkId,
        internalId: items.some(
          ({ item }) => item.side === 'internal' && item.id === pair.internalId,
        )
          ? null
          : pair.internalId,
        quickbooksId: items.some(
          ({ item }) => item.side === 'quickbooks' && item.id === pair.quickbooksId,
        )
          ? null
          : pair.quickbooksId,
        reason: verdict.reason,
      })),
      compared: judged.length,
      matched: judged.filter(({ verdict }) => verdict.reason === 'matched').length,
    },
    isDone ? null : last,
  );
}

type Looked =
  | {
      readonly ok: true;
      readonly pairs: readonly PairNow[];
      /** Documents that no page showed and that are there all the same. */
      readonly items: readonly { readonly linkId: string; readonly item: StagedItem }[];
    }
  | (Extract<CallOutcome<never>, { ok: false }> & { readonly side: Side });

/** QuickBooks is asked for many at once, then one by one for what it does not show; a slice reads only so many. */
async function lookAll(work: Drain, unseen: readonly StoredPair[]): Promise<Looked> {
  const asked = unseen.filter((pair) => pair.quickbooks === null && !isKnownDeleted(pair));
  const there =
    asked.length === 0
      ? succeeded(new Map<string, never>())
      : await work.accounting.readInvoices(
          asked.map(({ quickbooksId }) => quickbooksId),
          callOptions(work),
        );
  if (!there.ok) return { ...there, side: 'quickbooks' };
  const pairs: PairNow[] = [];
  const items: { linkId: string; item: StagedItem }[] = [];
  let reads = 0;
  for (const stored of unseen) {
    if (reads >= workerLimits.unseenReads) break;
    const { internalId } = stored;
    // Without an internal id it is on its way there: nothing can be compared yet.
    if (internalId === null) {
      pairs.push(inFlight(stored));
      continue;
    }
    let now: PairNow = { stored, internalId, problems: none, never: nowhere };
    for (const side of ['internal', 'quickbooks'] as const) {
      if (stored[side] !== null || (side === 'quickbooks' && isKnownDeleted(stored))) continue;
      const id = side === 'internal' ? internalId : stored.quickbooksId;
      const seen = side === 'quickbooks' ? there.value.get(id) : undefined;
      if (seen === undefined) reads += 1;
      const found = seen === undefined ? await readOne(work, side, id) : succeeded(seen);
      if (!found.ok) return { ...found, side };
      const shown = shownNow(side, id, found.value);
      now = withSide(now, side, shown);
      if (shown.item !== null) items.push({ linkId: stored.linkId, item: shown.item });
    }
    pairs.push(now);
  }
  return { ok: true, pairs, items };
}

const none = { internal: null, quickbooks: null };
const nowhere = { internal: false, quickbooks: false };

const inFlight = (stored: StoredPair): PairNow => ({
  // What it waits for explains it; one that waits for nothing is judged as a document without a counterpart.
  stored: { ...stored, standing: stored.standing ?? 'in flight' },
  internalId: '',
  problems: none,
  never: nowhere,
});

/** QuickBooks gives no id twice: what was deleted once stays deleted. */
const isKnownDeleted = ({ observed }: StoredPair): boolean =>
  observed.quickbooks !== null &&
  isGone(observed.quickbooks) &&
  observed.quickbooks.existence === 'deleted';

/** One document by id; one that is there and not understood is no failure of the read. */
async function readOne(
  work: Drain,
  side: Side,
  id: string,
): Promise<CallOutcome<Found | { readonly problem: string }>> {
  const system = side === 'internal' ? work.invoicing : work.accounting;
  const found = await system.readInvoice(id, callOptions(work));
  if (found.ok || found.failure.kind !== 'refused') return found;
  return succeeded({ problem: found.failure.fault.detail ?? found.failure.fault.message });
}

type Shown = {
  readonly item: StagedItem | null;
  readonly problem: string | null;
  readonly isNever: boolean;
};

function shownNow(side: Side, id: string, found: Found | { readonly problem: string }): Shown {
  if ('problem' in found)
    return { item: stagedOf(side, id, null, false, true), problem: found.problem, isNever: false };
  if ('gone' in found)
    return { item: null, problem: null, isNever: found.gone === 'never-existed' };
  return { item: stagedOf(side, id, found.invoice, false, true), problem: null, isNever: false };
}

const withSide = (now: PairNow, side: Side, { item, problem, isNever }: Shown): PairNow => ({
  ...now,
  stored: { ...now.stored, [side]: item },
  problems: { ...now.problems, [side]: problem },
  never: { ...now.never, [side]: isNever },
});
