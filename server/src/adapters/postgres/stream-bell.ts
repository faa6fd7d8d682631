import type pg from 'pg';
import type { Log } from '#ports/log.ts';
import type { StreamBell } from '#ports/stream-bell.ts';

/** A bell that rings within this process. */
function createLocalBell(): StreamBell & { readonly ring: () => void } {
  let rings = 0;
  const waiting = new Set<() => void>();
  return {
    rings: () => rings,
    ring: () => {
      rings += 1;
      for (const wake of waiting) wake();
    },
    waitPast: (seen, timeoutMs, signal) =>
      new Promise((resolve) => {
        if (rings > seen || signal.aborted) {
          resolve();
          return;
        }
        const done = (): void => {
          clearTimeout(timer);
          waiting.delete(done);
          signal.removeEventListener('abort', done);
          resolve();
        };
        const timer = setTimeout(done, timeoutMs);
        waiting.add(done);
        signal.addEventListener('abort', done);
      }),
  };
}

const reconnectMs = 1_000;

/**
 * The bell of a process: rung by the publisher of any process through LISTEN on `stream`. While the database is away it
 * is silent; readers poll, so a lost ring costs at most their poll.
 */
export function createStreamBell(
  pool: pg.Pool,
  log: Log,
): StreamBell & { readonly start: () => Promise<void>; readonly stop: () => void } {
  const bell = createLocalBell();
  let client: pg.PoolClient | null = null;
  let timer: NodeJS.Timeout | null = null;
  let stopped = false;

  const reconnect = (cause: Error): void => {
    client?.release(true);
    client = null;
    if (stopped) return;
    log.warn('the stream is not listened to for a moment', { cause: cause.message });
    timer = setTimeout(() => void connect(), reconnectMs);
  };

  const connect = async (): Promise<void> => {
    try {
      const own = await pool.connect();
      client = own;
      own.on('notification', bell.ring);
      own.once('error', reconnect);
      await own.query('LISTEN stream');
      bell.ring();
      if (stopped) release();
    } catch (error) {
      reconnect(error instanceof Error ? error : new Error(String(error)));
    }
  };

  const release = (): void => {
    client?.removeAllListeners('error');
    client?.on('error', () => {});
    client?.release(true);
    client = null;
  };

  return {
    rings: () => bell.rings(),
    waitPast: (seen, timeoutMs, signal) => bell.waitPast(seen, timeoutMs, signal),
    start: connect,
    stop: () => {
      stopped = true;
      if (timer !== null) clearTimeout(timer);
      release();
    },
  };
}
