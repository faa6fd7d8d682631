import { checkSignature } from '#adapters/invoicing-http/webhook-signature.ts';
import { readDelivery as readInvoicing } from '#adapters/invoicing-http/webhook-payload.ts';
import { isSignedByIntuit } from '#adapters/quickbooks/webhook-signature.ts';
import {
  readDelivery as readQuickBooks,
  type QuickBooksNotice,
} from '#adapters/quickbooks/webhook-payload.ts';
import { toCorrelationId, toEventId, type CompanyId } from '#core/brand.ts';
import type { IncomingEvent } from '#core/event/event.ts';
import type { Clock } from '#ports/clock.ts';
import type { Companies } from '#ports/companies.ts';
import type { Ids } from '#ports/ids.ts';
import type { WebhookOutcome, WebhookReaders, WebhookRequest } from '#ports/webhooks.ts';

export type WebhookReaderParts = {
  readonly companies: Pick<Companies, 'forInvoicingWebhook' | 'byRealm'>;
  readonly verifierToken: string;
  readonly clock: Pick<Clock, 'now'>;
  readonly ids: Pick<Ids, 'next'>;
};

/** Deliveries of both sides put in the engine's words; the signature comes before the first look at the bytes. */
export const createWebhookReaders = (parts: WebhookReaderParts): WebhookReaders => ({
  invoicing: (companyId, request) => fromInvoicing(parts, companyId, request),
  quickbooks: (request) => fromQuickBooks(parts, request),
});

async function fromInvoicing(
  { companies, clock, ids }: WebhookReaderParts,
  companyId: string,
  { header, rawBody }: WebhookRequest,
): Promise<WebhookOutcome> {
  const company = await companies.forInvoicingWebhook(companyId);
  if (company === null) return { kind: 'unknown-company' };
  const headers = {
    id: header('webhook-id'),
    timestamp: header('webhook-timestamp'),
    signature: header('webhook-signature'),
  };
  if (checkSignature(rawBody, headers, company.secrets, clock.now()) !== 'signed')
    return { kind: 'bad-signature' };
  const delivery = readInvoicing(rawBody);
  if (delivery.kind !== 'event') return delivery;
  const { kind, subject, occurredAt, payload } = delivery.event;
  const event: IncomingEvent = {
    id: toEventId(ids.next()),
    companyId: company.id,
    source: 'INVOICING_WEBHOOK',
    eventKey: headers.id ?? '', // signed deliveries always have one
    kind,
    subject,
    actor: { kind: 'side', side: 'internal', name: 'internal invoicing' },
    occurredAt,
    correlationId: toCorrelationId(ids.next()),
    payload,
  };
  return { kind: 'events', events: [event], dropped: 0 };
}

async function fromQuickBooks(
  parts: WebhookReaderParts,
  { header, rawBody }: WebhookRequest,
): Promise<WebhookOutcome> {
  if (!isSignedByIntuit(rawBody, header('intuit-signature'), parts.verifierToken))
    return { kind: 'bad-signature' };
  const delivery = readQuickBooks(rawBody);
  if (delivery.kind !== 'events') return delivery;
  // One delivery may span realms: each event finds its own company (quickbooks.md §6.1).
  const companies = await parts.companies.byRealm([
    ...new Set(delivery.events.map((event) => event.realmId)),
  ]);
  const events = delivery.events.flatMap((notice) => {
    const companyId = companies.get(notice.realmId);
    return companyId === undefined ? [] : [eventOf(parts, companyId, notice)];
  });
  return { kind: 'events', events, dropped: delivery.events.length - events.length };
}

const eventOf = (
  { ids }: WebhookReaderParts,
  companyId: CompanyId,
  notice: QuickBooksNotice,
): IncomingEvent => ({
  id: toEventId(ids.next()),
  companyId,
  source: 'QUICKBOOKS_WEBHOOK',
  eventKey: notice.eventKey,
  kind: notice.kind,
  subject: notice.subject,
  actor: { kind: 'side', side: 'quickbooks', name: 'QuickBooks user' },
  occurredAt: notice.occurredAt,
  correlationId: toCorrelationId(ids.next()),
  payload: notice.payload,
});
