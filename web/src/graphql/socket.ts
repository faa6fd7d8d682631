import { createClient } from 'graphql-ws';
import type { Client } from 'graphql-ws';
import type { Connection } from '../stream/freshness.ts';

/** Times of the socket; a silent death is noticed after one ping and its wait. */
const socketLimits = {
  keepAliveMs: 10_000,
  pongWaitMs: 5_000,
  retryWaitMsMin: 300,
  retryWaitMsMax: 8_000,
};

type SocketOptions = {
  readonly url: string;
  readonly onConnection: (connection: Connection) => void;
  /** From 0 up to 1; spreads the return of many tabs after a restart of the server. */
  readonly chance: () => number;
};

const pause = (ms: number) => new Promise<void>((resume) => setTimeout(resume, ms));

/** One socket per tab that never gives up; what it carried is resumed by the payload's `after` getter. */
export function createSocket({ url, onConnection, chance }: SocketOptions): Client {
  let pongTimer: ReturnType<typeof setTimeout> | undefined;
  const client = createClient({
    url,
    lazy: false,
    onNonLazyError: () => onConnection('lost'),
    keepAlive: socketLimits.keepAliveMs,
    retryAttempts: Number.POSITIVE_INFINITY,
    shouldRetry: () => true,
    retryWait: async (retries) => {
      const doubled = socketLimits.retryWaitMsMin * 2 ** Math.min(retries, 10);
      const waitMs = Math.min(doubled, socketLimits.retryWaitMsMax);
      await pause(waitMs * (0.5 + chance() / 2));
    },
    on: {
      connected: () => onConnection('open'),
      closed: () => {
        clearTimeout(pongTimer);
        onConnection('lost');
      },
      ping: (received) => {
        if (received) return;
        pongTimer = setTimeout(() => client.terminate(), socketLimits.pongWaitMs);
      },
      pong: (received) => {
        if (received) clearTimeout(pongTimer);
      },
    },
  });
  return client;
}
