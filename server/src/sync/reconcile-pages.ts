import { toInstant } from '#core/brand.ts';
import type { Invoice } from '#core/invoice/invoice.ts';
import type { Side } from '#core/side.ts';
import type { ChangedRow } from '#ports/changes.ts';
import type { ReconcileRun, StagedItem, StoredPair } from '#ports/reconciles.ts';
import type { CallOutcome } from '#core/attempt/failure.ts';
import { succeeded } from '#core/attempt/failure.ts';
import type { Drain } from './crossing.ts';
import { callOptions } from './observe.ts';
import type { SliceOutcome } from './reconcile.ts';
import { judgePairs, type PairNow } from './reconcile-pairs.ts';
import { emptySlice, findingsIn, storeSlice } from './reconcile-slice.ts';

/** From the beginning: no invoice is older. */
const beginning = toInstant(0);

/** One page of the internal list; its invoices wait for their counterparts. */
export async function readInternalPage(work: Drain, run: ReconcileRun): Promise<SliceOutcome> {
  const since = run.since ?? beginning;
  const page = await work.invoicing.changesSince(since, run.cursor, callOptions(work));
  if (!page.ok) return { kind: 'failed', failure: page.failure, side: 'internal' };
  const rows = page.value.rows.filter(({ subject }) => subject.kind === 'invoice');
  const items = lastOfEach(rows.map((row) => itemOf(run, row)));
  return storeSlice(work, run, { ...emptySlice(work, run), items }, page.value.next);
}

/** One page of QuickBooks; what is linked in it is judged at once, the rest waits. */
export async function readQuickbooksPage(work: Drain, run: ReconcileRun): Promise<SliceOutcome> {
  const page = await quickbooksPage(work, run);
  if (!page.ok) return { kind: 'failed', failure: page.failure, side: 'quickbooks' };
  await work.engine.store.noteReachability(work.lease, true);
  const items = lastOfEach(page.value.rows);
  const pairs = await work.engine.reconciles.pairs(
    run,
    items.map(({ id }) => id),
  );
  const byId = new Map(items.map((item) => [item.id, item]));
  const whole = pairs.flatMap((pair) => wholePair(pair, byId, page.value.problems));
  const judged = await judgePairs(work, whole);
  const reasons = new Map(
    judged.map(({ pair, verdict }) => [
      pair.quickbooksId,
      { linkId: pair.linkId, reason: verdict.reason },
    ]),
  );
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
      items: items.map((item) => ({ ...item, judged: reasons.get(item.id) ?? null })),
      judged: judged.map(({ pair, verdict }) => ({
        linkId: pair.linkId,
        internalId: pair.internalId,
        quickbooksId: null,
        reason: verdict.reason,
      })),
      compared: judged.length,
      matched: judged.filter(({ verdict }) => verdict.reason === 'matched').length,
    },
    page.value.next,
  );
}

type QuickbooksPage = {
  readonly rows: readonly StagedItem[];
  /** What is wrong with those that are not understood, by id. */
  readonly problems: ReadonlyMap<string, string>;
  readonly next: string | null;
};

/** All invoices, or only those that changed: a narrower run asks for less. */
async function quickbooksPage(
  work: Drain,
  run: ReconcileRun,
): Promise<CallOutcome<QuickbooksPage>> {
  const options = callOptions(work);
  if (run.since === null) {
    const page = await work.accounting.listInvoices(run, run.cursor, options);
    if (!page.ok) return page;
    const problems = new Map(
      page.value.rows.flatMap((row) =>
        row.seen === null ? ([[row.id, row.problem]] as const) : [],
      ),
    );
    const rows = page.value.rows.map(({ id, seen }) =>
      stagedOf('quickbooks', id, seen?.invoice ?? null, false, true),
    );
    return succeeded({ rows, problems, next: page.value.next });
  }
  const page = await work.accounting.changesSince(run.since, run.cursor, options);
  if (!page.ok) return page;
  const rows = page.value.rows.filter(({ subject }) => subject.kind === 'invoice');
  const problems = new Map(
    rows
      .filter(({ kind, seen }) => kind !== 'DELETED' && seen === null)
      .map(({ subject }) => [subject.id, 'QuickBooks shows it in a form it does not know']),
  );
  return succeeded({ rows: rows.map((row) => itemOf(run, row)), problems, next: page.value.next });
}

/** A pair whose internal side was seen too; one that was not is read by id later. */
function wholePair(
  stored: StoredPair,
  byId: ReadonlyMap<string, StagedItem>,
  problems: ReadonlyMap<string, string>,
): readonly PairNow[] {
  const item = byId.get(stored.quickbooksId);
  if (item === undefined || stored.internal === null || stored.internalId === null) return [];
  const problem = problems.get(item.id) ?? null;
  return [
    {
      stored: { ...stored, quickbooks: item },
      internalId: stored.internalId,
      problems: { internal: null, quickbooks: problem },
      never: { internal: false, quickbooks: false },
    },
  ];
}

const itemOf = (run: ReconcileRun, { subject, kind, seen }: ChangedRow): StagedItem => {
  const invoice = seen?.invoice ?? null;
  const isCovered = run.scope !== 'WINDOW' || (invoice !== null && isInside(run, invoice));
  return stagedOf(subject.side, subject.id, invoice, kind === 'DELETED', isCovered);
};

const isInside = ({ from, to }: ReconcileRun, { issueDate }: Invoice): boolean =>
  (from === null || issueDate >= from) && (to === null || issueDate <= to);

/** A document as a page showed it. */
export const stagedOf = (
  side: Side,
  id: string,
  invoice: Invoice | null,
  isDeleted: boolean,
  inScope: boolean,
): StagedItem => ({
  side,
  id,
  invoice,
  existence: isDeleted ? 'deleted' : (invoice?.existence ?? 'unknown'),
  inScope,
  judged: null,
});

/** A page may show one document twice; the later row is the newer. */
const lastOfEach = (items: readonly StagedItem[]): readonly StagedItem[] => [
  ...new Map(items.map((item) => [item.id, item])).values(),
];
