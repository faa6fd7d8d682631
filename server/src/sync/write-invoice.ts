import { toVersion, type Amount } from '#core/brand.ts';
import type { Invoice, InvoiceContent } from '#core/invoice/invoice.ts';
import { markerFor } from '#core/mapping/marker.ts';
import type { PlannedWrite, PlannedWrites } from '#core/plan/plan.ts';
import type { StoredSeen } from '#ports/store.ts';
import type { Draft } from './apply.ts';
import type { Crossing } from './crossing.ts';
import { referenceFor } from './evidence.ts';

/** The marker that settles a lost answer: the last line of the private note (architecture.md §3, "Uncertain"). */
const markerOf = ({ company, link }: Crossing): string | null =>
  company.settings.markDocuments && link.internalId !== null ? markerFor(link.internalId) : null;

/** The exact writes for what was planned, at most one to each side. */
export function draftsOf(
  crossing: Crossing,
  planned: PlannedWrites,
  internal: Invoice | null,
  quickbooks: StoredSeen | null,
): readonly Draft[] {
  return [
    ...(planned.quickbooks === null
      ? []
      : [quickbooksDraft(crossing, planned.quickbooks, held(internal), quickbooks)]),
    ...(planned.internal === null
      ? []
      : [internalDraft(crossing, planned.internal, internal, quickbooks)]),
  ];
}

function held(internal: Invoice | null): Invoice {
  if (internal === null)
    throw new Error('a write was planned that rests on an invoice that is not there');
  return internal;
}

const objectKeyOf = ({ link }: Crossing): string => link.internalId ?? link.id;

function internalDraft(
  crossing: Crossing,
  write: PlannedWrite,
  internal: Invoice | null,
  quickbooks: StoredSeen | null,
): Draft {
  const { invoicingSpelling } = crossing.engine.sides;
  const common = {
    side: 'internal',
    object: 'Invoice',
    objectKey: objectKeyOf(crossing),
  } as const;
  if (write.operation === 'CREATED') {
    if (quickbooks === null)
      throw new Error('an import was planned of an invoice that QuickBooks does not have');
    const body = invoicingSpelling.create(
      write.wanted,
      referenceFor(crossing, quickbooks.invoice.id),
      quickbooks.invoice.derived.taxTotal,
    );
    return { ...common, operation: 'CREATED', body, restsOnVersion: null, externalId: null };
  }
  const there = held(internal);
  const { id, version } = there;
  const rest = { restsOnVersion: version, externalId: id };
  return write.operation === 'VOIDED'
    ? { ...common, operation: 'VOIDED', body: invoicingSpelling.void(), ...rest }
    : {
        ...common,
        operation: 'UPDATED',
        body: invoicingSpelling.update(
          write.wanted,
          write.paths,
          taxToState(there, quickbooks, write.paths),
        ),
        ...rest,
      };
}

/** Fields that totals are computed from, by the beginning of their paths. */
const movesMoney = /^(lines|discount|customer|taxInclusive)/;

/** An invoice born in QuickBooks keeps QuickBooks' tax, as one born internally states its own there (architecture.md §4). */
const taxToState = (
  { counterpartId }: Invoice,
  quickbooks: StoredSeen | null,
  paths: readonly string[],
): Amount | null =>
  counterpartId === null || quickbooks === null || !paths.some((path) => movesMoney.test(path))
    ? null
    : quickbooks.invoice.derived.taxTotal;

function quickbooksDraft(
  crossing: Crossing,
  write: PlannedWrite,
  internal: Invoice,
  quickbooks: StoredSeen | null,
): Draft {
  const { engine, facts } = crossing;
  const { spelling } = engine.sides;
  const common = {
    side: 'quickbooks',
    object: 'Invoice',
    objectKey: objectKeyOf(crossing),
  } as const;
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
