import type { Invoice, InvoiceContent, Line, PartyRef } from '../invoice/invoice.ts';
import {
  pairedWith,
  type NeededReference,
  type Reference,
  type ReferenceKind,
} from './reference.ts';

/** An invoice in the other side's terms, or the records that have no counterpart yet. */
export type Translation<Missing = NeededReference> =
  | { readonly kind: 'translated'; readonly content: InvoiceContent }
  | { readonly kind: 'missing'; readonly needed: readonly Missing[] };

/** A QuickBooks record that no internal record is paired with. */
export type UnpairedRecord = {
  readonly kind: ReferenceKind;
  readonly quickbooksId: string;
  readonly name: string;
};

type Used = { readonly kind: ReferenceKind; readonly ref: PartyRef };

/** The records an invoice refers to, each once, customers first: items may be made only after them. */
function usedBy(content: InvoiceContent): readonly Used[] {
  const of = (kind: ReferenceKind, ref: PartyRef | null): readonly Used[] =>
    ref === null ? [] : [{ kind, ref }];
  const all = [
    ...of('CUSTOMER', content.customer),
    ...of('TERMS', content.terms),
    ...content.lines.flatMap((line) => [...of('ITEM', line.item), ...of('TAX_CODE', line.taxCode)]),
  ];
  return [...Map.groupBy(all, ({ kind, ref }) => `${kind}:${ref.id}`).values()].flatMap(([first]) =>
    first === undefined ? [] : [first],
  );
}

/** The records an internal invoice needs counterparts for. */
export function neededReferences(invoice: Invoice): readonly NeededReference[] {
  return usedBy(invoice).map(({ kind, ref }) => ({
    kind,
    side: 'internal',
    id: ref.id,
    name: ref.name,
    email: kind === 'CUSTOMER' ? (ref.detail ?? invoice.billEmail) : null,
    sku: kind === 'ITEM' ? (ref.detail ?? null) : null,
    ...(kind === 'CUSTOMER' ? { currency: invoice.currency } : {}),
  }));
}

/** Puts an internal invoice in QuickBooks' terms by the stored pairings; pure, and total on what is paired. */
export function translateToQuickbooks(
  invoice: Invoice,
  references: readonly Reference[],
): Translation {
  const paired = pairs(
    references,
    ({ kind, internalId, quickbooksId, quickbooksName, internalName }) =>
      quickbooksId === null || internalId === null
        ? null
        : [
            keyOf(kind, internalId),
            { id: quickbooksId, name: quickbooksName ?? internalName ?? quickbooksId },
          ],
  );
  const needed = neededReferences(invoice).filter(
    (wanted) => !paired.has(keyOf(wanted.kind, wanted.id)),
  );
  if (needed.length > 0) return { kind: 'missing', needed };
  return { kind: 'translated', content: withReferences(invoice, paired) };
}

/** The same as far as it goes: a record without a counterpart equals none that QuickBooks has. */
export function translatedAsFarAsPaired(
  invoice: Invoice,
  references: readonly Reference[],
): InvoiceContent {
  const found = translateToQuickbooks(invoice, references);
  if (found.kind === 'translated') return found.content;
  const unpaired = found.needed.map((one): Reference =>
    pairedWith(one, { id: `unpaired:${one.id}`, name: one.name }),
  );
  return translatedAsFarAsPaired(invoice, [...references, ...unpaired]);
}

/** A QuickBooks invoice in internal terms as far as its records are paired; the others stay as they are. */
export const translatedWherePaired = (
  invoice: Invoice,
  references: readonly Reference[],
): InvoiceContent => withReferences(invoice, internalPairs(references));

/** Those of the records that no internal record is paired with. */
export function unpairedOf(
  records: readonly UnpairedRecord[],
  references: readonly Reference[],
): readonly UnpairedRecord[] {
  const paired = internalPairs(references);
  return records.filter(({ kind, quickbooksId }) => !paired.has(keyOf(kind, quickbooksId)));
}

const internalPairs = (references: readonly Reference[]): Pairs =>
  pairs(references, ({ kind, internalId, quickbooksId, internalName }) =>
    quickbooksId === null || internalId === null
      ? null
      : [keyOf(kind, quickbooksId), { id: internalId, name: internalName ?? internalId }],
  );

/** Every record a QuickBooks invoice refers to. */
export const recordsUsed = (quickbooks: Invoice): readonly UnpairedRecord[] =>
  usedBy(quickbooks).map(({ kind, ref }) => ({ kind, quickbooksId: ref.id, name: ref.name }));

/** Puts a QuickBooks invoice in internal terms by the stored pairings. */
export function translateToInternal(
  invoice: Invoice,
  references: readonly Reference[],
): Translation<UnpairedRecord> {
  const paired = internalPairs(references);
  const needed = recordsUsed(invoice).filter(
    ({ kind, quickbooksId }) => !paired.has(keyOf(kind, quickbooksId)),
  );
  if (needed.length > 0) return { kind: 'missing', needed };
  return { kind: 'translated', content: withReferences(invoice, paired) };
}

const keyOf = (kind: ReferenceKind, id: string): string => `${kind}:${id}`;

type Pairs = ReadonlyMap<string, PartyRef>;

/** Where two internal records share a counterpart, the first stands for both on the way back. */
function pairs(
  references: readonly Reference[],
  pairOf: (reference: Reference) => readonly [string, PartyRef] | null,
): Pairs {
  const paired = new Map<string, PartyRef>();
  for (const reference of references) {
    const pair = reference.status === 'MATCHED' ? pairOf(reference) : null;
    if (pair !== null && !paired.has(pair[0])) paired.set(...pair);
  }
  return paired;
}

/** The content with every reference replaced; lines belong to no side yet, their keys stay. */
function withReferences(invoice: Invoice, paired: Pairs): InvoiceContent {
  const party = (kind: ReferenceKind, ref: PartyRef): PartyRef =>
    paired.get(keyOf(kind, ref.id)) ?? ref;
  const optional = (kind: ReferenceKind, ref: PartyRef | null): PartyRef | null =>
    ref === null ? null : party(kind, ref);
  const lineOf = (line: Line): Line => ({
    ...line,
    sideId: null,
    item: optional('ITEM', line.item),
    taxCode: optional('TAX_CODE', line.taxCode),
  });
  return {
    existence: invoice.existence,
    number: invoice.number,
    currency: invoice.currency,
    exchangeRate: invoice.exchangeRate,
    customer: party('CUSTOMER', invoice.customer),
    billEmail: invoice.billEmail,
    billTo: invoice.billTo,
    issueDate: invoice.issueDate,
    dueDate: invoice.dueDate,
    terms: optional('TERMS', invoice.terms),
    taxInclusive: invoice.taxInclusive,
    poNumber: invoice.poNumber,
    customerMemo: invoice.customerMemo,
    privateNote: invoice.privateNote,
    lines: invoice.lines.map(lineOf),
    discount: invoice.discount,
  };
}
