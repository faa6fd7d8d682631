import Fastify from 'fastify';
import { z } from 'zod';
import { readDelivery } from '#adapters/invoicing-http/webhook-payload.ts';
import { checkSignature } from '#adapters/invoicing-http/webhook-signature.ts';
import { toCorrelationId, toEventId } from '#core/brand.ts';
import type { Companies } from '#ports/companies.ts';
import type { Clock } from '#ports/clock.ts';
import type { Ids } from '#ports/ids.ts';
import type { Ingest } from '#sync/ingest.ts';

type Parts = {
  readonly companies: Pick<Companies, 'forInvoicingWebhook'>;
  readonly ingest: Ingest;
  readonly clock: Pick<Clock, 'now'>;
  readonly ids: Pick<Ids, 'next'>;
};

const params = z.object({ companyId: z.string() });
const headersOf = z.object({
  'webhook-id': z.string().optional(),
  'webhook-timestamp': z.string().optional(),
  'webhook-signature': z.string().optional(),
});

/** Takes the invoicing simulator's webhooks over HTTP: verified, parsed and ingested by the parts the product uses. */
export async function startWebhookReceiver({ companies, ingest, clock, ids }: Parts) {
  const app = Fastify({ forceCloseConnections: true });
  app.removeAllContentTypeParsers();
  app.addContentTypeParser('*', { parseAs: 'buffer' }, (_request, body, done) => done(null, body));
  app.post('/webhooks/invoicing/:companyId', async (request, reply) => {
    const company = await companies.forInvoicingWebhook(params.parse(request.params).companyId);
    if (company === null) return reply.code(404).send();
    const body = z.instanceof(Buffer).parse(request.body);
    const headers = headersOf.parse(request.headers);
    const given = {
      id: headers['webhook-id'],
      timestamp: headers['webhook-timestamp'],
      signature: headers['webhook-signature'],
    };
    const verdict = checkSignature(body, given, company.secrets, clock.now());
    if (verdict !== 'signed') return reply.code(401).send();
    const delivery = readDelivery(body);
    if (delivery.kind !== 'event') return reply.code(422).send(delivery);
    const { kind, subject, occurredAt, payload } = delivery.event;
    const ingested = await ingest([
      {
        id: toEventId(ids.next()),
        companyId: company.id,
        source: 'INVOICING_WEBHOOK',
        eventKey: given.id ?? '',
        kind,
        subject,
        actor: { kind: 'side', side: 'internal', name: 'internal invoicing' },
        occurredAt,
        correlationId: toCorrelationId(ids.next()),
        payload,
      },
    ]);
    return reply.code(202).send(ingested);
  });
  await app.listen({ port: 0, host: '127.0.0.1' });
  const { port } = z.object({ port: z.int() }).parse(app.server.address());
  return { url: `http://127.0.0.1:${port}`, close: () => app.close() };
}
