import { randomUUID } from 'node:crypto';
import type { PrismaClient } from '#generated/prisma/client.ts';

/** An invoice as core keeps it, on one side; enough of it to show and to compare. */
export function invoiceContent(side: 'internal' | 'quickbooks', number: string, total = '120.00') {
  const party = (id: string, name: string) => ({ id: `${side}-${id}`, name });
  return {
    existence: 'present',
    number,
    currency: 'USD',
    exchangeRate: null,
    customer: party('cus', 'Globex Corp'),
    billEmail: 'ap@globex.example',
    billTo: null,
    issueDate: '2026-11-20',
    dueDate: '2026-12-20',
    terms: party('net30', 'Net 30'),
    taxInclusive: false,
    poNumber: null,
    customerMemo: 'Thank you',
    privateNote: null,
    lines: [
      {
        key: null,
        sideId: `${side}-1`,
        item: party('itm', 'Hardware'),
        description: 'Rack unit',
        quantity: '2',
        unitPrice: '60',
        amount: total,
        taxCode: null,
        serviceDate: null,
      },
    ],
    discount: null,
    side,
    id: `${side}-${number}`,
    version: '1',
    modifiedAt: Date.parse('2026-11-20T08:00:00Z'),
    modifiedBy: null,
    url: `https://${side}.example/${number}`,
    counterpartId: null,
    derived: {
      subtotal: total,
      taxTotal: '0.00',
      total,
      amountPaid: '0.00',
      balanceDue: total,
    },
    payments: [],
    carriedLines: [],
  };
}

/** A company, by default one that works. */
export async function seedCompany(prisma: PrismaClient, name = 'Globex Books'): Promise<string> {
  const id = randomUUID();
  await prisma.company.create({
    data: {
      id,
      name,
      status: 'ACTIVE',
      mode: 'LIVE',
      invoicingBaseUrl: 'http://invoicing.example',
      invoicingToken: Buffer.from('secret-token'),
      invoicingWebhookSecret: Buffer.from('secret-hook'),
    },
  });
  return id;
}

const keyed = (content: ReturnType<typeof invoiceContent>) => ({
  ...content,
  lines: content.lines.map((line) => ({ ...line, key: 'A1' })),
});

/** A settled invoice with both sides seen, a base, and one settled event with one attempt. */
export async function seedInvoice(prisma: PrismaClient, companyId: string, index: number) {
  const linkId = randomUUID();
  const number = `INV-${1000 + index}`;
  const total = `${100 + index}.00`;
  const sides = ['internal', 'quickbooks'] as const;
  const changedAt = new Date(Date.parse('2026-11-20T09:00:00Z') + index * 1000);
  await prisma.link.create({
    data: {
      id: linkId,
      companyId,
      internalId: `inv_${index}`,
      quickbooksId: String(index),
      statusReason: 'Both sides agree.',
      number,
      customerName: 'Globex Corp',
      currency: 'USD',
      total,
      dueDate: index % 5 === 0 ? null : new Date(`2026-12-${10 + (index % 9)}`),
      changedAt,
      lastInSyncAt: changedAt,
      baseInternal: keyed(invoiceContent('internal', number, total)),
      baseQuickbooks: keyed(invoiceContent('quickbooks', number, total)),
    },
  });
  const seen = sides.map((side) => ({ id: randomUUID(), side }));
  for (const { id, side } of seen) {
    await prisma.observation.create({
      data: {
        id,
        companyId,
        linkId,
        side: side === 'internal' ? 'INTERNAL' : 'QUICKBOOKS',
        externalId: `${side}-${number}`,
        externalVersion: '1',
        content: invoiceContent(side, number, total),
        raw: { raw: side },
        contentHash: 'a'.repeat(64),
        capturedAt: changedAt,
        modifiedAt: changedAt,
      },
    });
  }
  const [internal, quickbooks] = seen;
  await prisma.link.update({
    where: { id: linkId },
    data: {
      internalObservationId: internal?.id ?? null,
      quickbooksObservationId: quickbooks?.id ?? null,
    },
  });
  const event = await seedEvent(prisma, companyId, linkId, index, changedAt);
  return { linkId, number, eventId: event.id };
}

async function seedEvent(
  prisma: PrismaClient,
  companyId: string,
  linkId: string,
  index: number,
  receivedAt: Date,
) {
  const at = receivedAt.getTime();
  const event = await prisma.outboxEvent.create({
    data: {
      id: randomUUID(),
      companyId,
      linkId,
      sequence: 1,
      source: 'INVOICING_WEBHOOK',
      eventKey: `key-${index}-${randomUUID()}`,
      direction: 'TO_QUICKBOOKS',
      kind: 'CREATED',
      subjectSide: 'INTERNAL',
      subjectKind: 'invoice',
      subjectId: `inv_${index}`,
      stage: 'SETTLED',
      stageHistory: [
        { stage: 'DETECTED', at, note: null },
        { stage: 'QUEUED', at: at + 5, note: null },
        { stage: 'SETTLED', at: at + 400, note: 'done' },
      ],
      actor: { kind: 'side', side: 'internal', name: 'maria' },
      receivedAt,
      availableAt: receivedAt,
      endedAt: new Date(at + 400),
      correlationId: `cor-${index}`,
      payload: { type: 'invoice.created' },
    },
  });
  const attempt = await prisma.attempt.create({
    data: {
      id: randomUUID(),
      companyId,
      linkId,
      eventId: event.id,
      number: 1,
      epoch: 1n,
      startedAt: receivedAt,
      endedAt: new Date(at + 300),
      outcome: 'SUCCEEDED',
      decision: {
        explanation: 'It is new and is written to QuickBooks.',
        internalObservationId: null,
        quickbooksObservationId: null,
        baseInternal: null,
        baseQuickbooks: null,
        internalWrites: [],
        quickbooksWrites: [
          { path: 'dueDate', label: 'Due date', before: null, after: '2026-12-20' },
        ],
        policyVersion: 1,
      },
    },
  });
  await prisma.intent.create({
    data: {
      id: randomUUID(),
      companyId,
      linkId,
      attemptId: attempt.id,
      side: 'QUICKBOOKS',
      objectKind: 'Invoice',
      objectKey: `inv_${index}`,
      operation: 'CREATED',
      state: 'ACKNOWLEDGED',
      epoch: 1n,
      body: '{"Line":[]}',
      bodyHash: 'b'.repeat(64),
      sentAt: [receivedAt],
    },
  });
  return event;
}

/** A reason that comes to that verdict while nothing has changed since. */
export const reasonOf = {
  SAFE: 'RETRIES_EXHAUSTED',
  RECHECKED: 'MAPPING',
  RISKY: 'AMBIGUOUS_WRITE',
  POINTLESS: 'VALIDATION',
} as const;

/** An open dead letter of that event. */
export async function seedDeadLetter(
  prisma: PrismaClient,
  { companyId, linkId, eventId }: { companyId: string; linkId: string; eventId: string },
  fingerprint = 'VALIDATION:6000',
): Promise<string> {
  const id = randomUUID();
  await prisma.deadLetter.create({
    data: {
      id,
      companyId,
      linkId,
      eventId,
      reason: 'VALIDATION',
      explanation: 'QuickBooks refused the invoice.',
      suggestedFix: ['Fix the data.'],
      fingerprint,
      fault: { code: '6000', message: 'Business rule', detail: null, element: null },
      currency: 'USD',
      amount: '120.5',
      diedAt: new Date('2026-11-20T10:00:00Z'),
    },
  });
  await prisma.link.update({ where: { id: linkId }, data: { openDeadLetterId: id } });
  return id;
}

let seeded = 0;

/** A published or unpublished stream event of a company. */
export async function seedStreamEvent(
  prisma: PrismaClient,
  companyId: string,
  more: { linkId?: string; eventId?: string } = {},
): Promise<string> {
  const id = randomUUID();
  seeded += 1;
  const change = { eventId: more.eventId ?? '', from: null, to: 'DETECTED', note: null };
  await prisma.streamEvent.create({
    data: {
      id,
      companyId,
      linkId: more.linkId ?? null,
      type: more.eventId === undefined ? 'COMPANY_CHANGED' : 'STAGE_CHANGED',
      summary: `Something happened (${seeded}).`,
      detail: more.eventId === undefined ? { companyId } : change,
      at: new Date(),
      correlationId: `cor-${seeded}`,
    },
  });
  return id;
}
