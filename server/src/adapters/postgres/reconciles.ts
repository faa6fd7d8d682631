import type pg from 'pg';
import { toCurrency } from '#core/brand.ts';
import { parseAmount } from '#core/money/money.ts';
import type { Currency } from '#core/brand.ts';
import type { ResidualReason } from '#core/reconcile/run.ts';
import type { Feed } from '#ports/feed.ts';
import type {
  ControlTotal,
  ReconcileRun,
  Reconciles,
  ReconcileSlice,
  ResidualItem,
  StagedItem,
} from '#ports/reconciles.ts';
import type { Lease } from '#ports/store.ts';
import { toldAs } from './ingest.ts';
import { storePoll } from './poll-runs.ts';
import {
  findPairs,
  findUnlinked,
  runOf,
  selectPairs,
  selectUnjudgedPairs,
  type RunRow,
} from './reconcile-rows.ts';
import {
  beginDaily,
  controlTotals,
  finishRun,
  noteReads,
  putOffRun,
  residual,
  restRun,
  settleRepairs,
  storeSlice,
  takeUp,
} from './reconcile-statements.ts';

/** A narrower run looks back this much further than the last one: rows come late and share seconds (quickbooks.md §2.7). */
const overlapMs = 600_000;

/** Before the first id there is. */
const nil = '00000000-0000-0000-0000-000000000000';

/** The rows of reconcile runs on PostgreSQL. */
export function createReconciles(pool: pg.Pool, feed: Feed): Reconciles {
  const announced = async <Value>(work: Promise<Value>): Promise<Value> => {
    const value = await work;
    feed.announce();
    return value;
  };
  return {
    notePoll: async (lease, poll) => {
      if (await storePoll(pool, lease, poll)) feed.announce();
    },
    noteReads: async ({ epoch }, { id }, reads) => {
      await pool.query(noteReads, [id, epoch.toString(), reads]);
    },
    next: async ({ companyId, epoch }, { runId, correlationId }) => {
      await pool.query(beginDaily([companyId, epoch.toString(), runId, correlationId]));
      const { rows } = await pool.query<RunRow>(takeUp([companyId, epoch.toString(), overlapMs]));
      const [row] = rows;
      return row === undefined ? null : runOf(row);
    },
    pairs: (run, quickbooksIds) =>
      findPairs(pool, selectPairs, [run.id, run.companyId, quickbooksIds]),
    unjudgedPairs: (run, after, limit) =>
      findPairs(pool, selectUnjudgedPairs, [run.id, run.companyId, after ?? nil, limit]),
    unlinked: (run, side, limit) => findUnlinked(pool, run, side, limit),
    totals: (run) => findTotals(pool, run),
    store: (lease, run, slice) => announced(storeOne(pool, lease, run, slice)),
    finish: async (lease, run, ending) => {
      await announced(
        pool.query(finishRun, [
          run.id,
          lease.epoch.toString(),
          lease.companyId,
          JSON.stringify(ending.controlTotals),
          JSON.stringify(ending.residual),
        ]),
      );
    },
    putOff: async (lease, run, ms, gaveUp) => {
      const values = [run.id, lease.epoch.toString(), lease.companyId, ms, gaveUp];
      await announced(pool.query(putOffRun, values));
    },
    rest: async (lease, run, ms) => {
      await pool.query(restRun, [run.id, lease.epoch.toString(), ms]);
    },
    settleDrifts: async ({ companyId, epoch }) => {
      const { rowCount } = await pool.query(settleRepairs, [companyId, epoch.toString()]);
      if (rowCount !== 0) feed.announce();
    },
  };
}

async function storeOne(
  pool: pg.Pool,
  { companyId, epoch }: Lease,
  run: ReconcileRun,
  slice: ReconcileSlice,
): Promise<'stored' | 'over'> {
  const { next, progress, compared, matched } = slice;
  const { rows } = await pool.query<{ stored: number }>(storeSlice, [
    toldAs(slice.events),
    run.id,
    epoch.toString(),
    companyId,
    JSON.stringify(slice.drifts),
    JSON.stringify(slice.items.map(itemRow)),
    JSON.stringify(slice.judged),
    slice.held,
    JSON.stringify({ ...next, progress, compared, matched }),
    slice.seenAt,
  ]);
  return rows[0]?.stored === 1 ? 'stored' : 'over';
}

/** Only what later phases compare by; the content goes along while it is still needed. */
const itemRow = ({ side, id, invoice, existence, inScope, judged }: StagedItem) => ({
  side: side.toUpperCase(),
  id,
  linkId: judged?.linkId ?? null,
  reason: judged?.reason ?? null,
  existence,
  inScope,
  number: invoice?.number ?? null,
  customerId: invoice?.customer.id ?? null,
  counterpartId: invoice?.counterpartId ?? null,
  currency: invoice?.currency ?? null,
  total: invoice?.derived.total ?? null,
  issueDate: invoice?.issueDate ?? null,
  content: judged === null ? invoice : null,
});

type TotalRow = {
  currency: string;
  internal_count: number;
  internal_total: string;
  quickbooks_count: number;
  quickbooks_total: string;
};
type ResidualRow = {
  currency: string;
  reason: ResidualReason;
  amount: string;
  invoice_count: number;
  link_ids: string[] | null;
};

async function findTotals(pool: pg.Pool, run: ReconcileRun): ReturnType<Reconciles['totals']> {
  const totals = await pool.query<TotalRow>(controlTotals, [run.id]);
  const shares = await pool.query<ResidualRow>(residual, [run.id, run.companyId]);
  return {
    controlTotals: totals.rows.map(totalOf),
    residual: shares.rows.map(residualOf),
  };
}

function amountIn(text: string, currency: Currency) {
  const amount = parseAmount(text, currency);
  if (amount === null) throw new Error(`a sum of amounts is no amount: ${text}`);
  return amount;
}

function totalOf(row: TotalRow): ControlTotal {
  const currency = toCurrency(row.currency);
  return {
    currency,
    internalCount: row.internal_count,
    internalTotal: amountIn(row.internal_total, currency),
    quickbooksCount: row.quickbooks_count,
    quickbooksTotal: amountIn(row.quickbooks_total, currency),
  };
}

function residualOf(row: ResidualRow): ResidualItem {
  const currency = toCurrency(row.currency);
  return {
    reason: row.reason,
    currency,
    amount: amountIn(row.amount, currency),
    invoiceCount: row.invoice_count,
    linkIds: row.link_ids ?? [],
  };
}
