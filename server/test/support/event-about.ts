import { systemIds } from '#adapters/system/ids.ts';
import { toCorrelationId, toEventId, type CompanyId } from '#core/brand.ts';
import type { IncomingEvent, Subject } from '#core/event/event.ts';

/** Something told of an invoice in internal invoicing, unless `more` says otherwise. */
export function eventAbout(
  companyId: CompanyId,
  invoiceId: string,
  more: Partial<IncomingEvent> = {},
): IncomingEvent {
  const subject: Subject = { side: 'internal', kind: 'invoice', id: invoiceId, invoiceId };
  return {
    id: toEventId(systemIds.next()),
    companyId,
    source: 'INVOICING_WEBHOOK',
    eventKey: systemIds.next(),
    kind: 'UPDATED',
    subject,
    actor: { kind: 'side', side: 'internal', name: 'internal invoicing' },
    occurredAt: null,
    correlationId: toCorrelationId(systemIds.next()),
    payload: {},
    ...more,
  };
}
