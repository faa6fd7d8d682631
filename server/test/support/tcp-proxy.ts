import { once } from 'node:events';
import { connect, createServer, type Socket } from 'node:net';
import { onTestFinished } from 'vitest';

/** A stretch of network between a process and a port of this machine, which can break. */
export type TcpProxy = {
  readonly port: number;
  /** Every connection ends at once with a reset, as when a firewall forgets them. */
  readonly reset: () => void;
  /** Nothing gets through any more in either direction, and nobody is told: half-open, until `mend`. */
  readonly fallSilent: () => void;
  /** Connections that fell silent are reset, new ones work. */
  readonly mend: () => void;
};

/** Stands between whoever connects to its port and the port given; gone when the test is over. */
export async function startTcpProxy(target: number): Promise<TcpProxy> {
  const pairs = new Set<readonly [Socket, Socket]>();
  let isSilent = false;
  const server = createServer((near) => {
    const far = connect(target, '127.0.0.1');
    const pair = [near, far] as const;
    pairs.add(pair);
    const end = (): void => {
      pairs.delete(pair);
      near.destroy();
      far.destroy();
    };
    for (const [from, to] of [
      [near, far],
      [far, near],
    ] as const) {
      from.on('data', (bytes) => {
        if (!isSilent) to.write(bytes);
      });
      from.on('end', () => to.end());
      from.on('error', end).on('close', end);
    }
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const reset = (): void => {
    for (const [near, far] of pairs) {
      near.resetAndDestroy();
      far.resetAndDestroy();
    }
  };
  onTestFinished(async () => {
    reset();
    server.close();
    await once(server, 'close');
  });
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('no port was given');
  return {
    port: address.port,
    reset,
    fallSilent: () => {
      isSilent = true;
    },
    mend: () => {
      isSilent = false;
      reset();
    },
  };
}
