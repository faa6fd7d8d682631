import { isGone, type Invoice } from '#core/invoice/invoice.ts';
import { findLost } from '#core/link/made-before-restore.ts';
import { unreachable } from '#core/unreachable.ts';
import type { Crossing } from './crossing.ts';
import { stopAmbiguous } from './evidence.ts';
import { fileFailure } from './failures.ts';
import { callOptions } from './observe.ts';
import { auditOf, markNow, record, statusMoved } from './record.ts';
import { stop } from './stop.ts';
import type { Planned } from './write-planned.ts';

/**
 * A database that came from a backup does not know what was created since. Before a create the invoice is looked for by its
 * number, else by customer and date (architecture.md §3, "Uncertain"): one that carries its mark is linked, one that only may
 * be it waits for a person. Answers whether the crossing ended with that.
 */
export async function isMadeBeforeRestore(crossing: Crossing, planned: Planned): Promise<boolean> {
  const { engine, accounting, company, link, lease, correlationId } = crossing;
  const { wanted } = planned.decision;
  // What takes the place of a document that is gone is made under a number that is free.
  if (wanted === null || link.internalId === null || link.quickbooksId !== null) return false;
  const seen = { observations: planned.observed.fresh };
  const found = await accounting.findInvoicesLike(
    {
      number: wanted.number,
      customerId: wanted.customer.id,
      issueDate: wanted.issueDate,
      total: null,
    },
    callOptions(crossing),
  );
  if (!found.ok) {
    await fileFailure(crossing, found.failure, seen);
    return true;
  }
  const alike = await Promise.all(
    found.value.map(async ({ invoice }) => ({
      id: invoice.id,
      counterpartId: invoice.counterpartId,
      isGone: isGone(invoice),
      isSame:
        wanted.number === null
          ? invoice.derived.total === planned.internal?.invoice.derived.total
          : invoice.number === wanted.number,
      // One that only QuickBooks told of so far is nobody's yet.
      isLinked: (await engine.store.internalIdOf(company.id, invoice.id)) !== null,
    })),
  );
  const lost = findLost(alike, link.internalId);
  switch (lost.kind) {
    case 'none':
      return false;
    case 'several':
      await stopAmbiguous(
        crossing,
        found.value.filter(({ invoice }) => lost.ids.includes(invoice.id)),
      );
      return true;
    case 'doubtful':
      await stop(crossing, doubtful(lost.id), seen);
      return true;
    case 'ours': {
      const because = `QuickBooks has it as ${lost.id}, with our marker: it was created before the database was restored.`;
      const join = { intoId: link.id, quickbooksId: lost.id, because, correlationId };
      if (!(await engine.store.joinLinks(lease, join))) return true;
      await record(crossing, {
        ...seen,
        marks: [markNow(crossing, 'RETRY_SCHEDULED', because)],
        attempt: { endedAt: engine.clock.now(), outcome: 'SUCCEEDED' },
        link: { statusReason: because, release: { dueInMs: 0 } },
        audit: [
          auditOf(crossing, 'STATE_CHANGED', because),
          statusMoved(crossing, 'PENDING', because),
        ],
      });
      return true;
    }
    default:
      return unreachable(lost);
  }
}

/**
 * Why an invoice that only QuickBooks told of is not brought into internal invoicing by itself after a restore: it may be one
 * that the bridge made there in the time that was lost. Null where nothing speaks for that.
 */
export async function doubtAfterRestore(
  { engine, company }: Crossing,
  { id, issueDate }: Invoice,
): Promise<Stopped | null> {
  const { restoredOn, settings } = company;
  if (restoredOn === null) return null;
  const isUnmarked = !settings.markDocuments && issueDate <= restoredOn;
  if (!isUnmarked && !(await engine.store.isInDoubt(company.id, id))) return null;
  return {
    reason: 'DUPLICATE_NUMBER',
    explanation:
      'The database was restored from a backup, and this may be an invoice that internal invoicing has, made in QuickBooks before. So nothing was imported.',
    suggestedFix: [
      "If internal invoicing has it, link the two on the invoice's page, or repair the drift that names both.",
      'If it has not, accept the drift and enter it there.',
    ],
    cause: 'DUPLICATE_NUMBER:restored',
  };
}

type Stopped = Parameters<typeof stop>[1];

const doubtful = (id: string): Stopped => ({
  reason: 'DUPLICATE_NUMBER',
  explanation: `The database was restored from a backup, and QuickBooks has document ${id}, which may be this invoice, made before. So nothing was created.`,
  suggestedFix: [
    `If document ${id} is this invoice, link the two on the invoice's page.`,
    'If it is another one, give this invoice a number of its own; the change then crosses by itself.',
  ],
  cause: 'DUPLICATE_NUMBER:restored',
});
