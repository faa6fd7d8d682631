import type pg from 'pg';
import type { Log } from '#ports/log.ts';
import type { AccessBell } from '#ports/access.ts';
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
 * The bells of a process, on one connection. `stream` is rung by the publisher of any process; while the database is away
 * it is silent, and readers poll, so a lost ring costs at most their poll. `access` names whose rights changed; after a
 * silence it rings for everybody.
 */
export function createStreamBell(
  pool: pg.Pool,
  log: Log,
): StreamBell & AccessBell & { readonly start: () => Promise<void>; readonly stop: () => void } {
  const bell = createLocalBell();
  const accessListeners = new Set<(id: string | null) => void>();
  const ringAccess = (id: string | null): void => {
    for (const changed of accessListeners) changed(id);
  };
  const heard = ({ channel, payload }: pg.Notification): void => {
    if (channel === 'access') ringAccess(payload ?? null);
    else bell.ring();
  };
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
      own.on('notification', heard);
      own.once('error', reconnect);
      await own.query('LISTEN stream; LISTEN access');
      bell.ring();
      ringAccess(null);
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
    listen: (changed) => {
      accessListeners.add(changed);
      return () => void accessListeners.delete(changed);
    },
    start: connect,
    stop: () => {
      stopped = true;
      if (timer !== null) clearTimeout(timer);
      release();
    },
  };
}
