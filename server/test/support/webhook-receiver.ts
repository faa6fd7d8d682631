import Fastify from 'fastify';
import { z } from 'zod';
import { createMetrics } from '#http/metrics.ts';
import { webhookRoutes } from '#http/webhooks.ts';
import { createWebhookReaders, type WebhookReaderParts } from '#main/webhook-readers.ts';
import type { Log } from '#ports/log.ts';
import type { Ingest } from '#sync/ingest.ts';

type Parts = WebhookReaderParts & { readonly ingest: Ingest; readonly log: Log };

/** The product's webhook routes on a port of their own: verified, parsed and ingested as in the API process. */
export async function startWebhookReceiver({ ingest, log, ...parts }: Parts) {
  const app = Fastify({ forceCloseConnections: true });
  const readers = createWebhookReaders(parts);
  await app.register(webhookRoutes, { readers, ingest, metrics: createMetrics(), log });
  await app.listen({ port: 0, host: '127.0.0.1' });
  const { port } = z.object({ port: z.int() }).parse(app.server.address());
  return { url: `http://127.0.0.1:${port}`, close: () => app.close() };
}
