import type { Invoice } from '#core/invoice/invoice.ts';
import type { Edits } from '#core/merge/latest.ts';
import type { Crossing } from './crossing.ts';

/**
 * When each side was edited last and how far its clock is off database time (architecture.md §4, `LATEST_WINS`). A version
 * that the bridge's own write left says nothing of when a person edited before.
 */
export function editsOf(
  { link, startedAt, accounting, invoicing }: Crossing,
  internal: Invoice,
  quickbooks: Invoice | null,
): Edits {
  const machineOffMs = startedAt - link.claimedAt;
  const { ownVersions } = link;
  const edit = (invoice: Invoice | null, ownVersion: string | null, clockOffMs: number | null) => ({
    editedAt: invoice === null || invoice.version === ownVersion ? null : invoice.modifiedAt,
    clockOffMs: clockOffMs === null ? null : clockOffMs + machineOffMs,
  });
  return {
    internal: edit(internal, ownVersions.internal, invoicing.clockOffMs()),
    quickbooks: edit(quickbooks, ownVersions.quickbooks, accounting.clockOffMs()),
  };
}
