import { randomUUID } from 'node:crypto';
import type { PrismaClient } from '#generated/prisma/client.ts';
import { invoiceContent } from './seed.ts';

const somebody = { kind: 'client', id: 'dana', name: 'Dana' };

/** A run of a company; under way unless said. */
export async function seedRun(
  prisma: PrismaClient,
  companyId: string,
  more: object = {},
): Promise<string> {
  const id = randomUUID();
  await prisma.reconcileRun.create({
    data: {
      id,
      companyId,
      scope: 'FULL',
      status: 'RUNNING',
      startedBy: somebody,
      correlationId: randomUUID(),
      ...more,
    },
  });
  return id;
}

/** A finished run with one open drift about an invoice whose note QuickBooks changed. */
export async function seedDrift(
  prisma: PrismaClient,
  books: { readonly companyId: string; readonly linkId: string },
  more: object = {},
): Promise<{ readonly runId: string; readonly driftId: string }> {
  const { companyId, linkId } = books;
  const runId = await seedRun(prisma, companyId, { status: 'DRIFT_FOUND', driftCount: 1 });
  const driftId = randomUUID();
  const internal = invoiceContent('internal', 'INV-1');
  const quickbooks = invoiceContent('quickbooks', 'INV-1');
  await prisma.drift.create({
    data: {
      id: driftId,
      companyId,
      runId,
      seenRunId: runId,
      linkId,
      kind: 'FIELD_MISMATCH',
      subjectKey: `link:${linkId}`,
      fingerprint: 'as found',
      internalId: internal.id,
      quickbooksId: quickbooks.id,
      amount: '12.50',
      currency: 'USD',
      proposedRepair: 'It is brought to internal invoicing.',
      evidence: {
        internal,
        quickbooks: { ...quickbooks, customerMemo: 'Theirs' },
        baseInternal: internal,
        baseQuickbooks: quickbooks,
      },
      foundAt: new Date(),
      correlationId: randomUUID(),
      ...more,
    },
  });
  return { runId, driftId };
}
