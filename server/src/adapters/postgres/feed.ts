import type pg from 'pg';
import type { Feed } from '#ports/feed.ts';
import type { Log } from '#ports/log.ts';

const coalesceMs = 10;

/** Rings the publisher after commit, at most once in 10 ms; NOTIFY inside the hot statement would serialise commits. */
export function createFeed(pool: pg.Pool, log: Log): Feed {
  let waiting = false;
  const ring = async (): Promise<void> => {
    waiting = false;
    try {
      await pool.query('NOTIFY stream_pending');
    } catch (error) {
      log.debug('the publisher was not rung; it polls', { cause: String(error) });
    }
  };
  return {
    announce: () => {
      if (waiting) return;
      waiting = true;
      setTimeout(() => void ring(), coalesceMs).unref();
    },
  };
}
