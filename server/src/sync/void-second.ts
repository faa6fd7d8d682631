import { succeeded, type CallOutcome } from '#core/attempt/failure.ts';
import type { Intent } from '#core/attempt/intent.ts';
import { isGone, type Invoice } from '#core/invoice/invoice.ts';
import { whyNotVoided } from '#core/reconcile/second-document.ts';
import { unreachable } from '#core/unreachable.ts';
import type { Written } from '#ports/accounting-system.ts';
import type { ClaimedLink, OpenIntent } from '#ports/store.ts';
import { acknowledged, afterFailure, intentOf, send } from './apply.ts';
import { nameOf, type Crossing } from './crossing.ts';
import { importDecisionOf } from './decision.ts';
import { failedAgain, foundAs, lookFor, planAnew, sentAgain } from './evidence.ts';
import { fileFailure } from './failures.ts';
import { callOptions } from './observe.ts';
import { isPausedTowards, waitForRestart } from './paused.ts';
import { auditOf, markNow, record, statusMoved } from './record.ts';
import { held, stop } from './stop.ts';
import { waitForTheOther } from './write-planned.ts';

/** Whether an open write is about the second document of the link's invoice, and not about its own. */
export const isOfSecond = (link: ClaimedLink, { object, side, operation, externalId }: Intent) =>
  object === 'Invoice' &&
  side === 'quickbooks' &&
  operation === 'VOIDED' &&
  externalId !== link.quickbooksId;

/**
 * Voids the second document of an invoice where a person asked for it (architecture.md §7, invariant 1): exactly that one, by
 * a write of its own, and only while the linked one stands. True where the crossing ended by it; the invoice itself is
 * compared by the next one.
 */
export async function isSecondSeenTo(crossing: Crossing): Promise<boolean> {
  const { link, company, facts, engine, lease } = crossing;
  if (link.secondId === null) return false;
  const [there, linked] = await Promise.all([
    readNow(crossing, link.secondId),
    readNow(crossing, link.quickbooksId),
  ]);
  for (const found of [there, linked])
    if (!found.ok) {
      await fileFailure(crossing, found.failure);
      return true;
    }
  await engine.store.noteReachability(lease, true);
  const second = there.ok ? there.value : null;
  if (second === null || isGone(second)) return false;
  const why =
    whyNotVoided(second, linked.ok ? linked.value : null, facts) ?? inShadow(company.mode);
  if (why !== null) await stop(crossing, held(why));
  else if (isPausedTowards(link, 'quickbooks'))
    await waitForRestart(crossing, 'quickbooks', { observations: [], references: [] });
  else await write(crossing, second);
  return true;
}

const inShadow = (mode: Crossing['company']['mode']) =>
  mode === 'SHADOW'
    ? ({
        reason: 'VALIDATION',
        explanation: 'In shadow mode nothing is written, so the second document was not voided.',
        fix: ['Go live first, or void it in QuickBooks.'],
      } as const)
    : null;

/** A QuickBooks invoice as it is at this moment; null when there is none. */
async function readNow(
  crossing: Crossing,
  id: string | null,
): Promise<CallOutcome<Invoice | null>> {
  if (id === null) return succeeded(null);
  const found = await crossing.accounting.readInvoice(id, callOptions(crossing));
  if (!found.ok) return found;
  return succeeded('gone' in found.value ? null : found.value.invoice);
}

async function write(crossing: Crossing, { id, version }: Invoice): Promise<void> {
  const note = `Document ${id}, the second one of this invoice, is voided in QuickBooks, as a person asked.`;
  const intent = intentOf(crossing, {
    side: 'quickbooks',
    object: 'Invoice',
    objectKey: `second:${id}`,
    operation: 'VOIDED',
    body: crossing.engine.sides.spelling.void(id, version),
    restsOnVersion: version,
    externalId: id,
  });
  const decision = importDecisionOf({ internal: null, quickbooks: null, fresh: [] }, note, null);
  const prepared = await record(crossing, {
    marks: [markNow(crossing, 'SENDING', note)],
    attempt: { decision },
    newIntents: [intent],
  });
  if (prepared === 'busy') return waitForTheOther(crossing);
  if (prepared !== 'done') return;
  const outcome = await send(crossing, intent);
  if (outcome.ok) return settle(crossing, intent, outcome.value, null);
  await fileFailure(crossing, outcome.failure, {
    intentChanges: [afterFailure(crossing, intent, outcome.failure)],
    attempt: { decision },
  });
}

/** The void is known to have happened; the link is given back, and its own invoice compared anew. */
async function settle(
  crossing: Crossing,
  intent: Intent,
  written: Pick<Written, 'id' | 'httpStatus' | 'traceId' | 'raw'>,
  evidence: string | null,
): Promise<void> {
  const note = `Document ${written.id}, the second one of ${nameOf(crossing)}, is void in QuickBooks${evidence === null ? '' : `: ${evidence}`}.`;
  const uncertain = crossing.link.openIntents.some(({ id }) => id !== intent.id);
  await record(crossing, {
    marks: [markNow(crossing, 'ACKNOWLEDGED'), markNow(crossing, 'CLAIMED', note)],
    attempt: { endedAt: crossing.engine.clock.now(), outcome: 'SUCCEEDED' },
    intentChanges: [acknowledged(crossing, intent, written, evidence)],
    link: { uncertain, crashMarks: 0, statusReason: note, release: { dueInMs: 0 } },
    audit: [
      auditOf(crossing, 'WRITE', note),
      statusMoved(crossing, uncertain ? 'UNCERTAIN' : 'PENDING', note),
    ],
  });
}

/** Settles a void of the second document that got no clear answer by looking at it (architecture.md §3, "Uncertain"). */
export async function settleSecondByEvidence(
  crossing: Crossing,
  intent: OpenIntent,
): Promise<void> {
  const looked = await lookFor(crossing, intent);
  if (!looked.ok)
    return fileFailure(crossing, looked.failure, { link: { uncertain: true } }, intent.side);
  await crossing.engine.store.noteReachability(crossing.lease, true);
  const evidence = looked.value;
  switch (evidence.kind) {
    case 'done':
      return settle(crossing, intent, foundAs(evidence.found), evidence.because);
    case 'overtaken':
      return planAnew(crossing, intent, evidence.because);
    case 'not-done': {
      const outcome = await sentAgain(crossing, intent);
      if (outcome === null) return;
      if (!outcome.ok) return failedAgain(crossing, intent, outcome.failure);
      return settle(crossing, intent, outcome.value, 'it was sent again under the same request id');
    }
    case 'several':
      throw new Error('a void is looked for by its id, which two documents cannot have');
    default:
      return unreachable(evidence);
  }
}
