import { toCorrelationId, toEventId } from '#core/brand.ts';
import type { IncomingEvent } from '#core/event/event.ts';
import type { DocumentToPlan, PlanningPass } from '#ports/planning.ts';
import type { Drain } from './crossing.ts';
import { workerLimits } from './limits.ts';
import { placeAfter, type PlanningOutcome } from './planning-place.ts';

/** Hands documents over to the main path, which reads both sides, plans, and in shadow mode writes nothing. */
export async function handOver(work: Drain, pass: PlanningPass): Promise<PlanningOutcome> {
  const { engine, lease } = work;
  const documents = await engine.planning.toPlan(lease, pass, workerLimits.planningBatch);
  if (documents.length === 0) await engine.planning.moveTo(lease, pass, placeAfter(pass, null));
  else {
    const events = documents.map((document) => eventOf(work, pass, document));
    await engine.planning.handOver(lease, pass, events);
  }
  return { kind: 'more' };
}

/** The key has the pass: what an earlier one planned is planned anew. */
const eventOf = (
  { engine, company }: Drain,
  { id: passId }: PlanningPass,
  { side, id, existence }: DocumentToPlan,
): IncomingEvent => ({
  id: toEventId(engine.ids.next()),
  companyId: company.id,
  source: 'RECONCILE',
  eventKey: ['plan', passId, side, id].join(':'),
  kind: existence === 'void' ? 'VOIDED' : 'UPDATED',
  subject: { side, kind: 'invoice', id, invoiceId: null },
  actor: { kind: 'system', name: 'planner' },
  occurredAt: null,
  correlationId: toCorrelationId(engine.ids.next()),
  payload: { planPassId: passId },
});

/** Once the main path is through with all of them, what it planned is kept as it is. */
export async function keepSnapshot(work: Drain, pass: PlanningPass): Promise<PlanningOutcome> {
  const { engine, lease, company } = work;
  if ((await engine.planning.unplanned(pass)) > 0) {
    await engine.planning.rest(lease, pass, workerLimits.planningLookMs);
    return { kind: 'waits' };
  }
  const leftOut = await engine.planning.leftOut(pass);
  const writeCount = await engine.planning.keep(lease, pass, leftOut);
  engine.log.info('a planning pass is whole', {
    companyId: company.id,
    passId: pass.id,
    writeCount,
  });
  return { kind: 'more' };
}
