import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { z } from 'zod';
import { unreachable } from '#core/unreachable.ts';
import type { Log } from '#ports/log.ts';
import type { WebhookOutcome, WebhookReaders, WebhookRequest } from '#ports/webhooks.ts';
import type { Ingest } from '#sync/ingest.ts';
import type { Metrics } from './metrics.ts';
import { bytesOf, takeRawBodies } from './raw-body.ts';
import { factsOf } from './request-facts.ts';

export type WebhookParts = {
  readonly readers: WebhookReaders;
  readonly ingest: Ingest;
  readonly metrics: Metrics;
  readonly log: Log;
};

type Sender = 'invoicing' | 'quickbooks';

/** Intuit wants 200; ours is told that the work is still to be done. */
const acknowledged = { invoicing: 202, quickbooks: 200 } as const satisfies Record<Sender, number>;

/** How long a sender should wait while our database is away. */
const retryAfterSeconds = 5;

const params = z.object({ companyId: z.string() });

/** Verify, store durably, answer: nothing else happens in the request (http.md §2). */
export async function webhookRoutes(app: FastifyInstance, parts: WebhookParts): Promise<void> {
  takeRawBodies(app);
  app.post('/webhooks/invoicing/:companyId', (request, reply) => {
    const { companyId } = params.parse(request.params);
    return take('invoicing', request, reply, parts, (delivery) =>
      parts.readers.invoicing(companyId, delivery),
    );
  });
  app.post('/webhooks/quickbooks', (request, reply) =>
    take('quickbooks', request, reply, parts, (delivery) => parts.readers.quickbooks(delivery)),
  );
}

async function take(
  sender: Sender,
  request: FastifyRequest,
  reply: FastifyReply,
  { ingest, metrics, log }: WebhookParts,
  read: (delivery: WebhookRequest) => Promise<WebhookOutcome>,
): Promise<FastifyReply> {
  const finish = metrics.deliveryStarted(sender);
  try {
    const { header } = factsOf(request);
    const outcome = await read({ header, rawBody: bytesOf(request.body) });
    if (outcome.kind !== 'events') {
      finish(outcome.kind);
      return refuse(reply, outcome);
    }
    const ingested = await ingest(outcome.events);
    metrics.eventsDropped(sender, outcome.dropped);
    finish('accepted');
    return await reply.code(acknowledged[sender]).send(ingested);
  } catch (error) {
    finish('unavailable');
    log.error('a delivery could not be stored; the sender is asked to send it again', {
      sender,
      cause: error instanceof Error ? error.message : String(error),
    });
    const message = 'The delivery could not be stored; send it again.';
    return reply.code(503).header('retry-after', retryAfterSeconds).send({ message });
  }
}

type Refusal = Exclude<WebhookOutcome, { kind: 'events' }>;

function refuse(reply: FastifyReply, refusal: Refusal): FastifyReply {
  switch (refusal.kind) {
    case 'unknown-company':
      return reply.code(404).send({ message: 'There is no such company.' });
    case 'bad-signature':
      return reply.code(401).send({ message: 'The signature is missing, wrong or too old.' });
    case 'not-json':
      return reply.code(400).send({ message: 'The body is not JSON.' });
    case 'bad-shape':
      return reply.code(400).send({ message: refusal.message, path: refusal.path });
    default:
      return unreachable(refusal);
  }
}
