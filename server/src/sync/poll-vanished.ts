import { failed, succeeded, type CallOutcome } from '#core/attempt/failure.ts';
import type { ChangedRow } from '#ports/changes.ts';
import type { Drain } from './crossing.ts';
import { workerLimits } from './limits.ts';
import { callOptions } from './observe.ts';

/**
 * Linked invoices that QuickBooks no longer has, apart from those in `told`. A query shows no deleted rows, so every linked
 * id is asked for, and what is not in the answer is read by id before it counts as gone (architecture.md §5).
 */
export async function* findVanished(
  work: Drain,
  told: ReadonlySet<string>,
): AsyncGenerator<CallOutcome<readonly ChangedRow[]>> {
  const { engine, company, accounting } = work;
  let after = '';
  for (;;) {
    const linked = await engine.watermarks.linkedIds(company.id, after, workerLimits.vanishedBatch);
    const last = linked.at(-1);
    if (last === undefined) return;
    after = last;
    const asked = linked.filter((id) => !told.has(id));
    const there =
      asked.length === 0 ? null : await accounting.readInvoices(asked, callOptions(work));
    if (there?.ok === false) {
      yield failed(there.failure);
      return;
    }
    const missing = asked.filter((id) => there?.value.has(id) !== true);
    yield await goneAmong(work, missing);
  }
}

async function goneAmong(
  work: Drain,
  ids: readonly string[],
): Promise<CallOutcome<readonly ChangedRow[]>> {
  const gone: ChangedRow[] = [];
  for (const id of ids) {
    const found = await work.accounting.readInvoice(id, callOptions(work));
    // One that is there and not understood is not gone.
    if (!found.ok && found.failure.kind !== 'refused') return found;
    if (found.ok && 'gone' in found.value) gone.push(goneRow(id));
  }
  return succeeded(gone);
}

/** Ids are not given twice, so that a repeat collapses whenever it was noticed. */
const goneRow = (id: string): ChangedRow => ({
  subject: { side: 'quickbooks', kind: 'invoice', id, invoiceId: null },
  kind: 'DELETED',
  entity: 'Invoice',
  changedAt: null,
  seen: null,
  record: null,
  raw: { Id: id, status: 'Deleted' },
});
