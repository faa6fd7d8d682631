import { setTimeout as wait } from 'node:timers/promises';
import type { FastifyInstance } from 'fastify';

/** How long requests that are under way may take once nothing new is taken, in milliseconds. */
const finishMsMax = 5_000;

export type Leaving = {
  /** Whether callers should go elsewhere already. */
  readonly isLeaving: () => boolean;
  /** Says so for `drainMs` while it still serves, then takes nothing new, and lets what is under way finish. */
  readonly leave: (endStreams: () => Promise<void>) => Promise<void>;
};

/**
 * Leaves without failing anybody: whoever balances calls sees that this process is not ready before it stops listening, and
 * whoever still keeps a connection open is answered 503 with Retry-After (architecture.md §8).
 */
export function leavingOf(app: FastifyInstance, drainMs: number): Leaving {
  let [isLeaving, isClosed] = [false, false];
  app.addHook('onRequest', async (_request, reply) => {
    if (isLeaving) reply.header('connection', 'close');
    if (isClosed) return reply.code(503).header('retry-after', '1').send(stopping);
    return undefined;
  });
  return {
    isLeaving: () => isLeaving,
    leave: async (endStreams) => {
      isLeaving = true;
      await wait(drainMs);
      isClosed = true;
      await endStreams();
      const giveUp = setTimeout(() => app.server.closeAllConnections(), finishMsMax);
      await app.close();
      clearTimeout(giveUp);
    },
  };
}

const stopping = { message: 'This process is stopping. Ask again; another one answers.' };
