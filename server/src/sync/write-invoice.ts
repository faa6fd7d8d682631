import type { Intent } from '#core/attempt/intent.ts';
import { toVersion } from '#core/brand.ts';
import type { AuditEntry } from '#core/audit/entry.ts';
import type { Invoice, InvoiceContent, Line } from '#core/invoice/invoice.ts';
import { valueAt } from '#core/invoice/value-at.ts';
import { markerFor } from '#core/mapping/marker.ts';
import type { Base, GroupMerge } from '#core/merge/merge-invoice.ts';
import { advanceBase, keyReturned, type BaseHalves } from '#core/plan/advance-base.ts';
import type { PlannedWrite } from '#core/plan/plan.ts';
import type { Seen, Written } from '#ports/accounting-system.ts';
import type { StoredDecision, StoredSeen } from '#ports/store.ts';
import type { Draft } from './apply.ts';
import { nameOf, type Crossing } from './crossing.ts';
import { keyed } from './observe.ts';
import { auditOf } from './record.ts';

/** The marker that settles a lost answer: the last line of the private note (architecture.md §3, "Uncertain"). */
const markerOf = ({ company, link }: Crossing): string | null =>
  company.settings.markDocuments && link.internalId !== null ? markerFor(link.internalId) : null;

/** The exact write for what was planned. */
export function draftOf(
  crossing: Crossing,
  write: PlannedWrite,
  internal: Invoice,
  quickbooks: StoredSeen | null,
): Draft {
  const { engine, facts, link } = crossing;
  const { spelling } = engine.sides;
  const common = { object: 'Invoice', objectKey: link.internalId ?? link.id } as const;
  if (write.operation === 'CREATED') {
    const body = spelling.create(inQuickbooks(internal, write.wanted), facts, markerOf(crossing));
    return { ...common, operation: 'CREATED', body, restsOnVersion: null, externalId: null };
  }
  if (quickbooks === null)
    throw new Error('a change was planned for an invoice that QuickBooks does not have');
  const { id, version } = quickbooks.invoice;
  const rest = { restsOnVersion: version, externalId: id };
  if (write.operation === 'VOIDED')
    return { ...common, operation: 'VOIDED', body: spelling.void(id, version), ...rest };
  const wanted = { ...inQuickbooks(internal, write.wanted), id, version };
  return {
    ...common,
    operation: 'UPDATED',
    body: spelling.update(wanted, quickbooks.raw, write.paths, facts, markerOf(crossing)),
    ...rest,
  };
}

/** The internal invoice in QuickBooks' terms; its own tax and total are stated with it. */
const inQuickbooks = (internal: Invoice, wanted: InvoiceContent): Invoice => ({
  ...internal,
  ...wanted,
  side: 'quickbooks',
  id: '',
  version: toVersion(''),
  counterpartId: internal.id,
});

/** What QuickBooks returned, its lines under the keys they were sent with. */
export function returnedInvoice(seen: Seen, wanted: InvoiceContent | null): Invoice {
  return wanted === null ? seen.invoice : keyReturned(wanted, seen.invoice, keyed);
}

/** The base after an acknowledged write: what was written, at the value sent and the value returned. */
export const baseAfter = (
  base: Base | null,
  internal: Invoice,
  returned: Invoice,
  merges: readonly GroupMerge[],
): BaseHalves => advanceBase(base, internal, returned, merges);

/**
 * The base after a write whose answer was lost: what QuickBooks holds counts as agreed only where it is what was meant; a
 * difference may be a person's edit since, and must not vanish (invariant I11).
 */
export function baseAfterAdoption(
  base: Base | null,
  internal: Invoice,
  wanted: InvoiceContent,
  found: Invoice,
  decision: StoredDecision,
): BaseHalves {
  const lines = wanted.lines.map((line) => meantLine(line, found));
  if (base === null) return { internal, quickbooks: { ...found, ...stated(wanted), lines } };
  return advanceBase(base, internal, { ...found, ...wanted, lines }, decision.merges);
}

/** A line that was new gets from QuickBooks its id and whatever nobody stated. */
function meantLine(line: Line, found: Invoice): Line {
  const shown = found.lines.find((other) => other.key === line.key);
  return line.sideId !== null || shown === undefined ? line : { ...shown, ...stated(line) };
}

/** What was said; where nothing was, QuickBooks fills in its own, the customer's address for example. */
const stated = (content: object) =>
  Object.fromEntries(Object.entries(content).filter(([, value]) => value !== null));

/** Paths whose value came back other than it was sent. */
export function differences(
  wanted: InvoiceContent | null,
  returned: Invoice,
  paths: readonly string[],
): readonly string[] {
  if (wanted === null) return [];
  const text = (content: InvoiceContent, path: string): string => {
    const value = valueAt(content, path);
    return JSON.stringify(
      value !== null && typeof value === 'object' && 'id' in value ? value['id'] : value,
    );
  };
  return paths.filter((path) => text(wanted, path) !== text(returned, path));
}

const verbs = { CREATED: 'Created', UPDATED: 'Changed', VOIDED: 'Voided' } as const;

/** The audit entry of a write, with what was there before and what was written. */
export function writeAudit(
  crossing: Crossing,
  intent: Pick<Intent, 'operation'>,
  decision: StoredDecision,
  written: Pick<Written, 'id'>,
  evidence: string | null,
): AuditEntry {
  const summary = `${verbs[intent.operation]} ${nameOf(crossing)} in QuickBooks (${written.id})${evidence === null ? '' : `; ${evidence}`}.`;
  const changes = decision.quickbooksWrites.map(({ path, before, after }) => ({
    path,
    side: 'quickbooks' as const,
    before,
    after,
  }));
  return auditOf(crossing, 'WRITE', summary, changes);
}
