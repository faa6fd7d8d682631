import type { Pool, PoolClient } from 'pg';
import { z } from 'zod';
import { toCompanyId, toCorrelationId } from '#core/brand.ts';
import { retryLimits } from '#core/attempt/backoff.ts';
import { describeBulk, itemsLeft, statusByCounts, type BulkProgress } from '#core/bulk/progress.ts';
import type { BulkItem, BulkKind, BulkOperations, BulkTurn, ItemOutcome } from '#ports/bulk.ts';
import type { LockedRows } from '#ports/change-requests.ts';
import type { Feed } from '#ports/feed.ts';
import type { Log } from '#ports/log.ts';
import { progressColumns, progressOf, type ProgressRow } from './bulk-rows.ts';
import { lockedRows } from './locked-rows.ts';
import { storedObject } from './row.ts';

/** An operation tells the stream of its progress at most this often, and always of its end. */
const tellEveryMs = 1_000;

/** The operation's row is the lock: its items go one after the other, whichever worker takes them. */
const takeOperation = `
SELECT ${progressColumns}, kind, parameters, caller, idempotency_key, correlation_id,
  told_at < clock_timestamp() - $1 * interval '1 millisecond' AS tell
FROM bulk_operation WHERE status IN ('QUEUED', 'RUNNING') AND next_at <= clock_timestamp()
ORDER BY next_at LIMIT 1 FOR NO KEY UPDATE SKIP LOCKED`;

const nextWaiting = `
SELECT position, company_id, subject_id, subject_version, crash_marks FROM bulk_item
WHERE operation_id = $1 AND state = 'WAITING' ORDER BY position LIMIT 1`;

/**
 * Committed on a connection of its own before the item is begun, so that it outlives a process that the item kills; the
 * operation's row, held meanwhile, keeps others away from it. It need not outlive PostgreSQL and so does not wait for the disk.
 */
const markBegun = `
UPDATE bulk_item SET crash_marks = crash_marks + 1
WHERE operation_id = $1 AND position = $2 AND set_config('synchronous_commit', 'off', true) = 'off'`;

/** The process lived to see the failure, which was no fault of the item: the rows could not be reached. */
const takeMarkBack = `
UPDATE bulk_item SET crash_marks = crash_marks - 1 WHERE operation_id = $1 AND position = $2 AND crash_marks > 0`;

const markItem = `
UPDATE bulk_item SET state = $3, message = $4, ended_at = clock_timestamp() WHERE operation_id = $1 AND position = $2`;

/** A turn that came late is made up for, but never more than a second's worth, so that a pause is not followed by a burst. */
const moveOn = `
UPDATE bulk_operation SET version = version + 1, status = $2, succeeded = $3, failed = $4, skipped = $5,
  next_at = greatest(next_at, clock_timestamp() - interval '1 second') + interval '1 minute' / rate_per_minute,
  told_at = CASE WHEN $6 THEN clock_timestamp() ELSE told_at END,
  finished_at = CASE WHEN $2::bulk_status IN ('SUCCEEDED', 'PARTIAL') THEN clock_timestamp() END
WHERE id = $1`;

const tell = `
WITH told AS (
  INSERT INTO stream_event (id, company_id, type, summary, detail, at, correlation_id)
  SELECT gen_random_uuid(), company_id, 'BULK_CHANGED', $2, jsonb_build_object('bulkOperationId', $3::text), clock_timestamp(), $4
  FROM unnest($1::uuid[]) AS company_id
)
SELECT append_audit(company_id::text, company_id, $5::jsonb) FROM unnest($1::uuid[]) AS company_id
WHERE jsonb_array_length($5::jsonb) > 0 ORDER BY company_id`;

const nextIn = `
SELECT ceil(extract(epoch FROM min(next_at) - clock_timestamp()) * 1000)::double precision AS ms
FROM bulk_operation WHERE status IN ('QUEUED', 'RUNNING')`;

const storedCaller = z.object({
  kind: z.enum(['client', 'demo']),
  id: z.string(),
  name: z.string(),
});

type OperationRow = ProgressRow & {
  readonly kind: BulkKind;
  readonly parameters: unknown;
  readonly caller: unknown;
  readonly idempotency_key: string;
  readonly correlation_id: string;
  readonly tell: boolean;
};

type ItemRow = {
  readonly position: number;
  readonly company_id: string;
  readonly subject_id: string;
  readonly subject_version: number;
  readonly crash_marks: number;
};

/** An item's operation and its position there. */
type Place = readonly [operationId: string, position: number];

type Work = (rows: LockedRows, item: BulkItem) => Promise<ItemOutcome>;

/** Bulk operations on PostgreSQL: an item's effect and its mark are one transaction on one connection. */
export function createBulkOperations(pool: Pool, feed: Feed, log: Log): BulkOperations {
  return {
    takeNext: async (work) => {
      const client = await pool.connect();
      // A connection that breaks between two statements fails the next one, which tells it.
      const lost = (): void => undefined;
      client.on('error', lost);
      let isBroken = false;
      let begun: Place | null = null;
      const begin = async (place: Place): Promise<void> => {
        await pool.query(markBegun, [...place]);
        begun = place;
      };
      try {
        await client.query('BEGIN ISOLATION LEVEL READ COMMITTED');
        const turn = await takeTurn(client, work, log, begin);
        await client.query('COMMIT');
        if (turn.kind === 'worked') feed.announce();
        return turn;
      } catch (error) {
        isBroken = await client.query('ROLLBACK').then(
          () => false,
          () => true,
        );
        // Only now that nothing holds the item's row any more. Where this fails as well, the mark stays.
        if (begun !== null) await pool.query(takeMarkBack, [...begun]).catch(() => undefined);
        throw error;
      } finally {
        client.off('error', lost);
        client.release(isBroken);
      }
    },
  };
}

async function takeTurn(
  client: PoolClient,
  work: Work,
  log: Log,
  begin: (place: Place) => Promise<void>,
): Promise<BulkTurn> {
  const operations = await client.query<OperationRow>(takeOperation, [tellEveryMs]);
  const [operation] = operations.rows;
  if (operation === undefined) return { kind: 'idle', dueInMs: await dueInMs(client) };
  const items = await client.query<ItemRow>(nextWaiting, [operation.id]);
  const [item] = items.rows;
  if (item === undefined)
    throw new Error(`bulk operation ${operation.id} goes on and yet no item waits`);
  if (item.crash_marks >= retryLimits.crashMarksMax)
    return endItem(client, operation, item, crashed(item.crash_marks));
  await begin([operation.id, item.position]);
  const outcome = await effectOf(client, work, itemOf(operation, item), log);
  return endItem(client, operation, item, outcome);
}

const crashed = (marks: number): ItemOutcome => ({
  kind: 'failed',
  why: `The worker stopped ${marks} times while it worked on this one, so it was left alone; nothing of it was changed. Tell the operator of LedgerBridge.`,
});

async function endItem(
  client: PoolClient,
  operation: OperationRow,
  item: ItemRow,
  outcome: ItemOutcome,
): Promise<BulkTurn> {
  await client.query(markItem, [
    operation.id,
    item.position,
    outcome.kind.toUpperCase(),
    outcome.kind === 'succeeded' ? null : outcome.why,
  ]);
  await moveOperation(client, operation, outcome);
  return { kind: 'worked', companyId: toCompanyId(item.company_id) };
}

/** What did not succeed leaves nothing of its work; a fault of ours fails one item, never the operation. */
async function effectOf(
  client: PoolClient,
  work: Work,
  item: BulkItem,
  log: Log,
): Promise<ItemOutcome> {
  await client.query('SAVEPOINT item');
  let outcome: ItemOutcome;
  try {
    outcome = await work(lockedRows(client), item);
  } catch (error) {
    const about = { operationId: item.operation.id, subjectId: item.subjectId };
    log.error('an item of a bulk operation failed by our own fault', {
      ...about,
      correlationId: item.operation.correlationId,
      cause: String(error),
    });
    const why =
      'It failed by a fault of ours; nothing was changed. Tell the operator of LedgerBridge.';
    outcome = { kind: 'failed', why };
  }
  if (outcome.kind !== 'succeeded') await client.query('ROLLBACK TO SAVEPOINT item');
  return outcome;
}

async function moveOperation(
  client: PoolClient,
  row: OperationRow,
  outcome: ItemOutcome,
): Promise<void> {
  const before = progressOf(row);
  const counted = { ...before, [outcome.kind]: before[outcome.kind] + 1 };
  const progress: BulkProgress = { ...counted, status: statusByCounts(counted, true) };
  const isOver = itemsLeft(progress) === 0;
  const tells = isOver || row.tell || before.status === 'QUEUED';
  const { id, status, succeeded, failed, skipped } = progress;
  await client.query(moveOn, [id, status, succeeded, failed, skipped, tells]);
  if (!tells) return;
  const summary = describeBulk(progress);
  const audit = isOver ? [endEntry(row, progress, summary)] : [];
  await client.query(tell, [
    progress.companyIds,
    summary,
    id,
    row.correlation_id,
    JSON.stringify(audit),
  ]);
}

const endEntry = (row: OperationRow, { id, status }: BulkProgress, summary: string) => ({
  actor: { kind: 'system', name: 'bulk operations' },
  action: 'BULK',
  summary,
  subject: { type: 'BulkOperation', id },
  linkId: null,
  changes: [{ path: 'status', side: null, before: row.status, after: status }],
  note: null,
  correlationId: row.correlation_id,
});

const itemOf = (row: OperationRow, item: ItemRow): BulkItem => ({
  operation: {
    id: row.id,
    kind: row.kind,
    label: row.label,
    parameters: storedObject.parse(row.parameters),
    caller: storedCaller.parse(row.caller),
    idempotencyKey: row.idempotency_key,
    correlationId: toCorrelationId(row.correlation_id),
  },
  companyId: toCompanyId(item.company_id),
  subjectId: item.subject_id,
  version: item.subject_version,
});

async function dueInMs(client: PoolClient): Promise<number | null> {
  const { rows } = await client.query<{ ms: number | null }>(nextIn);
  return rows[0]?.ms ?? null;
}
