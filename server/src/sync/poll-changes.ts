import { later, toCorrelationId, type Instant } from '#core/brand.ts';
import {
  failed,
  isUnreached,
  succeeded,
  type CallFailure,
  type CallOutcome,
} from '#core/attempt/failure.ts';
import { sides, type Side } from '#core/side.ts';
import type { ChangedRow } from '#ports/changes.ts';
import type { Watermark, WatermarkMove } from '#ports/watermarks.ts';
import type { Drain } from './crossing.ts';
import { workerLimits } from './limits.ts';
import { callOptions } from './observe.ts';
import { findVanished } from './poll-vanished.ts';
import { newsIn } from './polled-news.ts';
import type { PolledRecords } from './rematch.ts';
import { pollPaceOf } from './read-budget.ts';
import { causeOf } from './stop.ts';

/** Rows that were seen together, and that side's own time as it showed them. */
type Batch = { readonly rows: readonly ChangedRow[]; readonly asOf: Instant | null };

/** What the sides that were due had to tell. */
type PolledSides = PolledRecords & { readonly isNews: boolean };

export const nothingPolled: PolledSides = { isNews: false, sides: new Set(), records: new Map() };

/**
 * Asks the sides that are due what changed since the watermark, and stores it as events: the guarantee under webhooks that
 * never came (architecture.md §5). Answers whether there is anything new to work on, and the records that came along.
 */
export async function pollChanges(work: Drain): Promise<PolledSides> {
  const due = await work.engine.watermarks.due(work.lease);
  if (due.length === 0) return nothingPolled;
  const before = { atMs: work.engine.clock.monotonicMs(), reads: work.accounting.readsSent() };
  const polled = await Promise.all(due.map((mark) => pollSide(work, mark)));
  await notePoll(work, due, polled, before);
  // One side that answers says nothing of the other: a crossing needs both.
  if (sides.every((side) => polled.some((each) => each.side === side && each.isReached)))
    await work.engine.store.noteReachability(work.lease, true);
  const reached = polled.filter(({ isReached }) => isReached);
  return {
    isNews: polled.some(({ changes }) => changes > 0),
    sides: new Set(reached.map(({ side }) => side)),
    records: recordsIn(polled.flatMap(({ rows }) => rows)),
  };
}

type Polled = {
  readonly side: Side;
  /** False when it is put off: the month's reads are kept for writes. */
  readonly isAsked: boolean;
  readonly isReached: boolean;
  /** Changes that nobody had told. */
  readonly changes: number;
  /** Customers and items among the rows; the first of very many, whose events say the rest. */
  readonly rows: readonly ChangedRow[];
};

function recordsIn(rows: readonly ChangedRow[]): PolledRecords['records'] {
  const of = (kind: 'customer' | 'item') =>
    rows.flatMap(({ subject, record }) =>
      subject.kind === kind && record !== null ? [[subject.id, record] as const] : [],
    );
  return new Map([
    ['CUSTOMER', new Map(of('customer'))],
    ['ITEM', new Map(of('item'))],
  ]);
}

async function pollSide(work: Drain, mark: Watermark): Promise<Polled> {
  const { side } = mark;
  const { engine, lease, company, signal } = work;
  try {
    const pace = await pollPaceOf(engine, mark.side);
    if (pace.isAllowed) return await readOn(work, mark, pace.everyMs);
    engine.log.warn('the reads left this month are kept for writes', { companyId: company.id });
    await engine.watermarks.putOff(lease, mark.side, pace.everyMs);
    return { ...unreachedSide(side), isAsked: false };
  } catch (error) {
    if (signal.aborted) return unreachedSide(side);
    // Rows out of reach are nobody's mistake: the mark stays due, and whoever sweeps next polls again.
    if (engine.store.isUnavailable(error)) throw error;
    // A bug of ours in one side's list must stop neither the other side nor the invoices.
    engine.log.error('a poll failed by our own fault', {
      companyId: company.id,
      side: mark.side,
      cause: String(error),
    });
    await engine.watermarks.putOff(lease, mark.side, retryMs(work));
    return unreachedSide(side);
  }
}

const unreachedSide = (side: Side): Polled => ({
  side,
  isAsked: true,
  isReached: false,
  changes: 0,
  rows: [],
});

/** Every look is a run that a person can see: what was asked for, what it cost, what it found (architecture.md §5). */
async function notePoll(
  { engine, lease, accounting, signal }: Drain,
  due: readonly Watermark[],
  polled: readonly Polled[],
  before: { readonly atMs: number; readonly reads: number },
): Promise<void> {
  const asked = polled.filter(({ isAsked }) => isAsked);
  if (signal.aborted || asked.length === 0) return;
  await engine.reconciles.notePoll(lease, {
    id: engine.ids.next(),
    correlationId: toCorrelationId(engine.ids.next()),
    since: due.reduce(
      (earliest, { since }) => (since < earliest ? since : earliest),
      engine.clock.now(),
    ),
    isWhole: asked.every(({ isReached }) => isReached),
    quickbooksReads: accounting.readsSent() - before.reads,
    changes: polled.reduce((sum, { changes }) => sum + changes, 0),
    tookMs: engine.clock.monotonicMs() - before.atMs,
  });
}

/** Stores batch by batch; the last one takes the watermark along. A failure half way leaves the watermark where it was. */
async function readOn(work: Drain, mark: Watermark, againInMs: number): Promise<Polled> {
  const { side } = mark;
  let waiting: Batch | null = null;
  let asOf: Instant | null = null;
  let accepted = 0;
  const rows: ChangedRow[] = [];
  for await (const batch of batches(work, mark)) {
    if (waiting !== null) {
      const stored = await keep(work, mark, waiting, null);
      if (stored === null) return { ...unreachedSide(side), changes: accepted };
      accepted += stored;
    }
    if (!batch.ok) {
      await fileFailure(work, mark, batch.failure);
      return { ...unreachedSide(side), changes: accepted };
    }
    waiting = batch.value;
    const records = waiting.rows.filter(({ record }) => record !== null);
    rows.push(...records.slice(0, workerLimits.atHandMax - rows.length));
    // The first answer's time: what changed while the others came is read again.
    asOf ??= waiting.asOf;
  }
  const move = {
    since: nextSince(mark, asOf ?? newest(waiting?.rows ?? [])),
    dueInMs: againInMs,
  };
  const stored = await keep(work, mark, waiting ?? { rows: [], asOf: null }, move);
  return { side, isAsked: true, isReached: true, changes: accepted + (stored ?? 0), rows };
}

/** The pages of a side's changes; where they do not show what was deleted, what vanished comes after them. */
async function* batches(work: Drain, mark: Watermark): AsyncGenerator<CallOutcome<Batch>> {
  const told = new Set<string>();
  let showsDeleted = true;
  let cursor: string | null = null;
  do {
    const system = mark.side === 'internal' ? work.invoicing : work.accounting;
    const page = await system.changesSince(mark.since, cursor, callOptions(work));
    if (!page.ok) {
      yield failed(page.failure);
      return;
    }
    const { rows, asOf, next } = page.value;
    for (const { subject } of rows) if (subject.kind === 'invoice') told.add(subject.id);
    showsDeleted &&= page.value.showsDeleted;
    cursor = next;
    yield succeeded({ rows, asOf });
  } while (cursor !== null);
  if (showsDeleted) return;
  for await (const rows of findVanished(work, told))
    yield rows.ok ? succeeded({ rows: rows.value, asOf: null }) : rows;
}

/** How many events were new; null when the lease is no longer ours. */
async function keep(
  work: Drain,
  { side }: Watermark,
  { rows }: Batch,
  move: WatermarkMove | null,
): Promise<number | null> {
  const { engine, lease, company } = work;
  if (work.signal.aborted) return null;
  const news = await newsIn(engine, company.id, side, rows);
  const { outcome, accepted } = await engine.watermarks.store(lease, news, move);
  work.reads.keep(side, rows, news.events);
  return outcome === 'fenced' ? null : accepted;
}

/**
 * That side's own time less the overlap: rows come late and share seconds (quickbooks.md §2.7). Before the company was made
 * there is nothing to look for, unless that side's clock is behind. A time that was wrong once does no harm: the next
 * answer says where to go on, forward or back.
 */
export function nextSince({ since, startsAt }: Watermark, asOf: Instant | null): Instant {
  if (asOf === null) return since;
  const overlapped = later(asOf, -workerLimits.pollOverlapMs);
  // A Date header has no fractions of a second.
  return overlapped < startsAt && later(asOf, 1_000) > startsAt ? startsAt : overlapped;
}

/** Where a side tells no time, its newest row is the best there is. */
const newest = (rows: readonly ChangedRow[]): Instant | null =>
  rows.reduce<Instant | null>(
    (latest, { changedAt }) =>
      changedAt !== null && (latest === null || changedAt > latest) ? changedAt : latest,
    null,
  );

const retryMs = ({ engine }: Drain): number =>
  Math.min(workerLimits.pollAgainMs, engine.pollEveryMs);

/** A poll that failed is made again from the same place; what the failure says of the company is noted. */
async function fileFailure(work: Drain, { side }: Watermark, failure: CallFailure): Promise<void> {
  const { engine, lease, company, signal } = work;
  if (signal.aborted) return;
  const cause = causeOf(failure);
  engine.log.warn('a poll failed', { companyId: company.id, side, cause });
  if (failure.kind === 'throttled') await engine.store.throttle(lease, failure.retryAfterMs);
  else if (failure.kind === 'access-lapsed') await engine.store.markNeedsReconnect(lease, cause);
  else if (isUnreached(failure)) await engine.store.noteReachability(lease, false);
  await engine.watermarks.putOff(lease, side, retryMs(work));
}
