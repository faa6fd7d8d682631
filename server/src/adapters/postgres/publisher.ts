import type pg from 'pg';
import type { Log } from '#ports/log.ts';
import { prepared } from './prepared.ts';

export type Publisher = {
  readonly start: () => void;
  /** Resolves when nothing of it runs any more; another process takes over at once. */
  readonly stop: () => Promise<void>;
  /** Events were committed; publishes without waiting for the poll. */
  readonly ring: () => void;
};

export type PublisherOptions = {
  readonly pool: pg.Pool;
  readonly log: Log;
  /** Floor under a lost ring, and how often others try to take over. */
  readonly pollMs?: number;
};

/** Any number; the same in every process, so that one at a time publishes. */
const publisherLock = 7_201_944_113;
const batchMax = 5_000;

/** Locked first, so that the next statement's snapshot sees everything an earlier publisher did. */
const lockHead = 'SELECT 1 FROM stream_head WHERE id = 1 FOR UPDATE';

/**
 * Gives committed events dense positions in `seq` order and moves the head in the same statement. All that was committed
 * before the statement began is in its snapshot, so the stream is complete up to then unless the batch was full.
 */
const publishBatch = prepared(`
  WITH fresh AS (
    SELECT seq, row_number() OVER (ORDER BY seq) AS number
    FROM (SELECT seq FROM stream_event WHERE position IS NULL ORDER BY seq LIMIT $1) AS unpublished
  ), placed AS (
    UPDATE stream_event AS event SET position = head.position + fresh.number
    FROM fresh, stream_head AS head WHERE event.seq = fresh.seq AND head.id = 1
    RETURNING 1
  ), counted AS (SELECT count(*) AS events FROM placed)
  UPDATE stream_head AS head SET position = head.position + counted.events,
    complete_until = CASE WHEN counted.events < $1
      THEN greatest(head.complete_until, statement_timestamp()) ELSE head.complete_until END
  FROM counted WHERE head.id = 1
  RETURNING counted.events::int AS events, head.position::text AS position`);

/** Publishes one batch in a transaction of its own and rings the readers; answers how many events got a position. */
async function publish(client: pg.PoolClient): Promise<number> {
  await client.query('BEGIN');
  try {
    await client.query(lockHead);
    const { rows } = await client.query<{ events: number; position: string }>(
      publishBatch([batchMax]),
    );
    const [done] = rows;
    if (done !== undefined && done.events > 0) {
      await client.query("SELECT pg_notify('stream', $1)", [done.position]);
    }
    await client.query('COMMIT');
    return done?.events ?? 0;
  } catch (error) {
    await client.query('ROLLBACK').catch(() => {});
    throw error;
  }
}

/** One process at a time holds the lock; its connection is the lock, so a crash frees it. */
async function takeOffice(client: pg.PoolClient): Promise<boolean> {
  const { rows } = await client.query<{ taken: boolean }>(
    'SELECT pg_try_advisory_lock($1) AS taken',
    [publisherLock],
  );
  return rows[0]?.taken === true;
}

/** The publisher of the stream (architecture.md §6): runs wherever it is started, publishes in one process at a time. */
export function createPublisher({ pool, log, pollMs = 1_000 }: PublisherOptions): Publisher {
  let wake: () => void = () => {};
  let rung = false;
  const stopping = new AbortController();
  const { signal } = stopping;
  let running: Promise<void> | null = null;

  const ring = (): void => {
    rung = true;
    wake();
  };

  const pause = (): Promise<void> =>
    new Promise((resolve) => {
      const timer = setTimeout(done, pollMs);
      function done(): void {
        clearTimeout(timer);
        wake = () => {};
        resolve();
      }
      wake = done;
      if (rung || signal.aborted) done();
    });

  const publishAll = async (client: pg.PoolClient): Promise<void> => {
    while (!signal.aborted) {
      rung = false;
      while ((await publish(client)) === batchMax && !signal.aborted) {
        // more waits than one batch takes
      }
      await pause();
    }
  };

  const serve = async (): Promise<void> => {
    const client = await pool.connect();
    const lost = (error: Error): void => {
      log.debug('the publisher lost its connection', { cause: error.message });
    };
    client.on('error', lost);
    client.on('notification', ring);
    try {
      if (!(await takeOffice(client))) return;
      log.info('this process publishes the stream');
      await client.query('LISTEN stream_pending');
      await publishAll(client);
    } finally {
      // Closing the connection gives up the lock and the listening with it.
      client.release(true);
    }
  };

  const run = async (): Promise<void> => {
    while (!signal.aborted) {
      try {
        await serve();
      } catch (error) {
        log.warn('the stream is not published for a moment', { cause: String(error) });
      }
      if (!signal.aborted) await pause();
    }
  };

  return {
    start: () => {
      running ??= run();
    },
    stop: async () => {
      stopping.abort();
      wake();
      await running;
    },
    ring,
  };
}
