import { toInstant } from '#core/brand.ts';
import type { PlanningDocument, PlanningPass } from '#ports/planning.ts';
import type { Drain } from './crossing.ts';
import { callOptions } from './observe.ts';
import { placeAfter, type PlanningOutcome } from './planning-place.ts';

/** From the beginning: no invoice is older. */
const beginning = toInstant(0);

/** One page of the internal list, deleted ones included. */
export async function stageInternalPage(work: Drain, pass: PlanningPass): Promise<PlanningOutcome> {
  const page = await work.invoicing.changesSince(beginning, pass.cursor, callOptions(work));
  if (!page.ok) return { kind: 'failed', failure: page.failure, side: 'internal' };
  const documents = page.value.rows
    .filter(({ subject }) => subject.kind === 'invoice')
    .map(({ subject, kind, seen }): PlanningDocument => {
      const invoice = seen?.invoice ?? null;
      const existence = kind === 'DELETED' ? 'deleted' : (invoice?.existence ?? 'unknown');
      return { side: 'internal', id: subject.id, invoice, existence };
    });
  await stage(work, pass, documents, page.value.next);
  return { kind: 'more' };
}

/** One page of QuickBooks, void ones included. */
export async function stageQuickbooksPage(
  work: Drain,
  pass: PlanningPass,
): Promise<PlanningOutcome> {
  const every = { from: null, to: null };
  const page = await work.accounting.listInvoices(every, pass.cursor, callOptions(work));
  if (!page.ok) return { kind: 'failed', failure: page.failure, side: 'quickbooks' };
  await work.engine.store.noteReachability(work.lease, true);
  const documents = page.value.rows.map(({ id, seen }): PlanningDocument => {
    const invoice = seen?.invoice ?? null;
    return { side: 'quickbooks', id, invoice, existence: invoice?.existence ?? 'unknown' };
  });
  await stage(work, pass, documents, page.value.next);
  return { kind: 'more' };
}

/** A page may show one document twice; the later row is the newer. */
function stage(
  { engine, lease }: Drain,
  pass: PlanningPass,
  documents: readonly PlanningDocument[],
  next: string | null,
): Promise<void> {
  const lastOfEach = [...new Map(documents.map((document) => [document.id, document])).values()];
  return engine.planning.stage(lease, pass, lastOfEach, placeAfter(pass, next));
}
