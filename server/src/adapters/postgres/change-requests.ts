import { DatabaseError, type Pool, type PoolClient } from 'pg';
import { z } from 'zod';
import { toCompanyId, toInstant, type Instant } from '#core/brand.ts';
import type {
  ChangeRequests,
  LockedRows,
  Refusal,
  RequestKey,
  RequestOutcome,
  Touched,
} from '#ports/change-requests.ts';
import type { Clock } from '#ports/clock.ts';
import type { Feed } from '#ports/feed.ts';
import { readConflict } from './conflicts.ts';
import { lockedRows } from './locked-rows.ts';

/** How long a repeat waits for the running one (api-and-web.md §2.4), and how long a key is kept. */
const requestLimits = { waitMs: 10_000, keptDays: 30 } as const;

const lockNotAvailable = '55P03';

/** The key itself is the lock, so that a repeat waits before it reads; a collision of two keys costs a wait, no more. */
const lockKey = `SELECT pg_advisory_xact_lock(hashtextextended($1, 0))`;

const find = `
SELECT input_hash, result, first_used_at FROM idempotency_key
WHERE caller = $1 AND mutation = $2 AND key = $3 AND first_used_at > clock_timestamp() - $4 * interval '1 day'`;

/** Marks the key done, over one that has grown too old; each mark takes a few others of that age away. */
const markDone = `
WITH old AS (
  DELETE FROM idempotency_key WHERE ctid IN (
    SELECT ctid FROM idempotency_key
    WHERE first_used_at < clock_timestamp() - $6 * interval '1 day' AND NOT (caller = $1 AND mutation = $2 AND key = $3)
    LIMIT 20 FOR UPDATE SKIP LOCKED)
)
INSERT INTO idempotency_key (caller, mutation, key, input_hash, result, first_used_at) VALUES ($1, $2, $3, $4, $5, clock_timestamp())
ON CONFLICT (caller, mutation, key) DO UPDATE
  SET input_hash = excluded.input_hash, result = excluded.result, first_used_at = excluded.first_used_at`;

/** Since when somebody has held the key; the moment of asking when it was just given up. */
const heldSince = `
SELECT coalesce(min(a.xact_start), clock_timestamp()) AS since FROM pg_locks l JOIN pg_stat_activity a ON a.pid = l.pid
WHERE l.locktype = 'advisory' AND l.granted AND l.objsubid = 1
  AND l.database = (SELECT oid FROM pg_database WHERE datname = current_database())
  AND (l.classid::bigint << 32) | l.objid::bigint = hashtextextended($1, 0)`;

const storedTouched = z.object({
  companyId: z.string().transform(toCompanyId).nullable(),
  subjectType: z.string().optional(),
  subjectId: z.string(),
  eventId: z.string().nullable(),
  undoToken: z.string().nullable(),
  bulkOperationId: z.string().optional(),
}) satisfies z.ZodType<Touched>;

type Work = (rows: LockedRows) => Promise<Touched | Refusal>;

/** A request that stands in line for its key; `over` resolves when it and all ahead of it are over. */
type Standing = { readonly since: Instant; readonly over: Promise<unknown> };

/**
 * Requests on PostgreSQL: claim, work and done mark are one transaction on one connection. Repeats that come to the same
 * process stand in line without a connection, so that one key can never use up the pool.
 */
export function createChangeRequests(
  pool: Pool,
  feed: Feed,
  clock: Clock,
  waitMs: number = requestLimits.waitMs,
): ChangeRequests {
  const lines = new Map<string, Standing>();
  return {
    look: async (work) => {
      const client = await pool.connect();
      try {
        const rows = lockedRows(client);
        return await work({ ...rows, conflict: (id) => readConflict(client, id, false) });
      } finally {
        client.release();
      }
    },
    once: async (key, work) => {
      const name = nameOf(key);
      const ahead = lines.get(name);
      const mine = Promise.withResolvers<null>();
      const own = { since: ahead?.since ?? clock.now(), over: mine.promise };
      lines.set(name, own);
      try {
        const leftMs = await waitFor(clock, ahead, waitMs);
        if (leftMs <= 0) return { kind: 'key-in-progress', firstUsedAt: own.since };
        const outcome = await inTransaction(pool, key, name, leftMs, work);
        if (outcome.kind === 'done' && !outcome.replayed) feed.announce();
        return outcome;
      } finally {
        // Whoever comes after waits for those ahead of us too, even when we gave up waiting.
        void Promise.resolve(ahead?.over).then(() => {
          mine.resolve(null);
          if (lines.get(name) === own) lines.delete(name);
        });
      }
    },
  };
}

const nameOf = ({ callerId, mutation, idempotencyKey }: RequestKey): string =>
  JSON.stringify([callerId, mutation, idempotencyKey]);

/** Waits until those ahead are over; answers how much of the wait is left, in ms. */
async function waitFor(clock: Clock, ahead: Standing | undefined, waitMs: number): Promise<number> {
  if (ahead === undefined) return waitMs;
  const arrivedAt = clock.monotonicMs();
  const stopped = new AbortController();
  await Promise.race([ahead.over, clock.wait(waitMs, stopped.signal)]);
  stopped.abort();
  return waitMs - (clock.monotonicMs() - arrivedAt);
}

async function inTransaction(
  pool: Pool,
  key: RequestKey,
  name: string,
  waitMs: number,
  work: Work,
): Promise<RequestOutcome> {
  const client = await pool.connect();
  // A connection that breaks between two statements fails the next one, which tells it.
  const lost = (): void => undefined;
  client.on('error', lost);
  let isBroken = false;
  try {
    await client.query('BEGIN ISOLATION LEVEL READ COMMITTED');
    if (!(await isClaimed(client, name, waitMs))) {
      await client.query('ROLLBACK');
      return { kind: 'key-in-progress', firstUsedAt: await sinceWhen(client, name) };
    }
    const outcome = (await findDone(client, key)) ?? (await workOnce(client, key, work));
    await client.query(outcome.kind === 'done' ? 'COMMIT' : 'ROLLBACK');
    return outcome;
  } catch (error) {
    isBroken = !(await isRolledBack(client));
    throw error;
  } finally {
    client.off('error', lost);
    client.release(isBroken);
  }
}

const isRolledBack = (client: PoolClient): Promise<boolean> =>
  client.query('ROLLBACK').then(
    () => true,
    () => false,
  );

async function workOnce(
  client: PoolClient,
  { callerId, mutation, idempotencyKey, inputHash }: RequestKey,
  work: Work,
): Promise<RequestOutcome> {
  const result = await work(lockedRows(client));
  if ('kind' in result) return result;
  await client.query(markDone, [
    callerId,
    mutation,
    idempotencyKey,
    inputHash,
    JSON.stringify(result),
    requestLimits.keptDays,
  ]);
  return { kind: 'done', touched: result, replayed: false };
}

async function isClaimed(client: PoolClient, name: string, waitMs: number): Promise<boolean> {
  await client.query(`SELECT set_config('lock_timeout', $1, true)`, [`${Math.ceil(waitMs)}ms`]);
  try {
    await client.query(lockKey, [name]);
  } catch (error) {
    if (error instanceof DatabaseError && error.code === lockNotAvailable) return false;
    throw error;
  }
  await client.query(`SELECT set_config('lock_timeout', '0', true)`);
  return true;
}

async function findDone(client: PoolClient, key: RequestKey): Promise<RequestOutcome | null> {
  const { callerId, mutation, idempotencyKey, inputHash } = key;
  const { rows } = await client.query<{ input_hash: string; result: unknown; first_used_at: Date }>(
    find,
    [callerId, mutation, idempotencyKey, requestLimits.keptDays],
  );
  const [row] = rows;
  if (row === undefined) return null;
  if (row.input_hash !== inputHash)
    return { kind: 'key-reused', firstUsedAt: toInstant(row.first_used_at.getTime()) };
  return { kind: 'done', touched: storedTouched.parse(row.result), replayed: true };
}

async function sinceWhen(client: PoolClient, name: string): Promise<Instant> {
  const { rows } = await client.query<{ since: Date }>(heldSince, [name]);
  return toInstant(rows[0]?.since.getTime() ?? 0);
}
