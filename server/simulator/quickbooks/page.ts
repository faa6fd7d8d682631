import type { FastifyInstance } from 'fastify';
import type { QuickBooksSimulator } from './simulator.ts';

/** The page for people; see the next step. */
export function servePages(app: FastifyInstance, simulator: QuickBooksSimulator): void {
  app.get('/', (_request, reply) =>
    reply
      .type('text/html')
      .send(
        `<!doctype html><title>QuickBooks simulator</title><p>${simulator.realms().join(', ')}</p>`,
      ),
  );
}
