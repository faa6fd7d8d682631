import type { Invoice, InvoiceContent, PartyRef } from '../invoice/invoice.ts';
import type { Base, GroupMerge } from '../merge/merge-invoice.ts';
import type { Reference, ReferenceKind } from './reference.ts';
import type { UnpairedRecord } from './translate.ts';

/**
 * Pairings that the base itself tells: where both halves of a field name a record, they named the same one when both
 * sides agreed. So the one tax code of a whole US document finds its way back to the code of its lines (quickbooks.md §7.4).
 */
export function agreedReferences(base: Base | null): readonly Reference[] {
  if (base === null) return [];
  const { internal, quickbooks } = base;
  const onLines = internal.lines.flatMap((line) => {
    const other = quickbooks.lines.find(({ key }) => key !== null && key === line.key);
    if (other === undefined) return [];
    return [
      ...agreed('ITEM', line.item, other.item),
      ...agreed('TAX_CODE', line.taxCode, other.taxCode),
    ];
  });
  return [
    ...agreed('CUSTOMER', internal.customer, quickbooks.customer),
    ...agreed('TERMS', internal.terms, quickbooks.terms),
    ...onLines,
  ];
}

function agreed(
  kind: ReferenceKind,
  internal: PartyRef | null,
  quickbooks: PartyRef | null,
): readonly Reference[] {
  if (internal === null || quickbooks === null) return [];
  return [
    {
      kind,
      internalId: internal.id,
      internalName: internal.name,
      quickbooksId: quickbooks.id,
      quickbooksName: quickbooks.name,
      status: 'MATCHED',
      candidates: [],
    },
  ];
}

/** The QuickBooks records that the values taken from QuickBooks refer to, each once. */
export function recordsTaken(
  quickbooks: Invoice,
  merges: readonly GroupMerge[],
): readonly UnpairedRecord[] {
  const taken = merges.filter(({ merge }) => merge === 'take-quickbooks');
  const used = taken.flatMap((merge) => usedIn(quickbooks, merge));
  const byKey = new Map(used.map((record) => [`${record.kind}:${record.quickbooksId}`, record]));
  return [...byKey.values()];
}

function usedIn(
  content: InvoiceContent,
  { group, lineKey }: GroupMerge,
): readonly UnpairedRecord[] {
  const of = (kind: ReferenceKind, ref: PartyRef | null): readonly UnpairedRecord[] =>
    ref === null ? [] : [{ kind, quickbooksId: ref.id, name: ref.name }];
  const line = content.lines.find(({ key }) => lineKey !== null && key === lineKey);
  switch (group) {
    case 'customer':
      return of('CUSTOMER', content.customer);
    case 'issueDate':
      return of('TERMS', content.terms);
    case 'amount':
      return of('ITEM', line?.item ?? null);
    case 'taxCode':
      return of('TAX_CODE', line?.taxCode ?? null);
    case 'line':
      return [...of('ITEM', line?.item ?? null), ...of('TAX_CODE', line?.taxCode ?? null)];
    default:
      return [];
  }
}
