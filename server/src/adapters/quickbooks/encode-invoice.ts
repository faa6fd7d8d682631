import type { QuickBooksFacts } from '#core/company/company.ts';
import type { Address, Invoice, PartyRef } from '#core/invoice/invoice.ts';
import { isJsonObject, type Json, type JsonObject } from '#core/json.ts';
import { joinMarker, splitMarker } from '#core/mapping/marker.ts';
import { encodeLines, type HeldLines } from './encode-lines.ts';
import { exact, spell, type Draft, type DraftObject } from './spell.ts';
import { statedTax, wholeTaxCodes } from './tax.ts';
import { parseInvoice } from './wire.ts';

/** Body of a new invoice. Dates are always sent: left out they become Pacific today (quickbooks.md §2.4). */
export function encodeNewInvoice(
  invoice: Invoice,
  facts: QuickBooksFacts,
  marker: string | null,
): string {
  return spell({
    ...headerDrafts(invoice, facts),
    BillEmail: emailOf(invoice.billEmail),
    BillAddr: addressOf(invoice.billTo),
    CustomerMemo: memoOf(invoice.customerMemo),
    PrivateNote: joinMarker(invoice.privateNote, marker) ?? undefined,
    Line: linesOf(invoice, facts, null),
    TxnTaxDetail: statedTax(invoice, invoice.derived.taxTotal, facts),
  });
}

function headerDrafts(invoice: Invoice, facts: QuickBooksFacts): DraftObject {
  return {
    DocNumber: invoice.number ?? undefined,
    TxnDate: invoice.issueDate,
    DueDate: invoice.dueDate ?? undefined,
    CustomerRef: referenceOf(invoice.customer),
    CurrencyRef: { value: invoice.currency },
    ExchangeRate: exact(invoice.exchangeRate),
    SalesTermRef: referenceOf(invoice.terms),
    PONumber: invoice.poNumber ?? undefined,
    GlobalTaxCalculation: taxCalculation(invoice, facts),
    ApplyTaxAfterDiscount: taxAfterDiscount(invoice),
  };
}

/** Properties a field path is spelled in; a path the table does not name moves nothing in QuickBooks. */
const propertiesByPath: Readonly<Record<string, readonly string[]>> = {
  number: ['DocNumber'],
  customer: ['CustomerRef', 'TxnTaxDetail'],
  currency: ['CurrencyRef', 'ExchangeRate'],
  exchangeRate: ['ExchangeRate'],
  issueDate: ['TxnDate'],
  dueDate: ['DueDate'],
  terms: ['SalesTermRef'],
  billEmail: ['BillEmail'],
  billTo: ['BillAddr'],
  taxInclusive: ['GlobalTaxCalculation', 'Line', 'TxnTaxDetail'],
  poNumber: ['PONumber'],
  customerMemo: ['CustomerMemo'],
  privateNote: ['PrivateNote'],
  lines: ['Line', 'TxnTaxDetail'],
  discount: ['Line', 'TxnTaxDetail', 'ApplyTaxAfterDiscount'],
  taxTotal: ['TxnTaxDetail'],
};

const propertiesOf = (path: string): readonly string[] =>
  propertiesByPath[path.startsWith('lines[') ? 'lines' : path] ?? [];

/**
 * Body of a change: sparse, holding only the properties the paths need, on the version `raw` was read at. A property
 * other than text cannot be emptied by a sparse write (quickbooks.md §2.5), so such a change sends the whole document
 * with that property left out.
 */
export function encodeChange(
  wanted: Invoice,
  raw: JsonObject,
  paths: readonly string[],
  facts: QuickBooksFacts,
  marker: string | null,
): string {
  const names = [...new Set(paths.flatMap(propertiesOf))];
  const values = propertyValues(wanted, raw, facts, marker, paths);
  const changes = names.flatMap((name) => {
    const value = values[name];
    return value === undefined ? [] : [[name, value] as const];
  });
  const cleared = changes.filter(([, value]) => value === null).map(([name]) => name);
  const set = Object.fromEntries(changes.filter(([, value]) => value !== null));
  const version = { Id: raw['Id'] ?? wanted.id, SyncToken: raw['SyncToken'] };
  if (cleared.length === 0) return spell({ sparse: true, ...version, ...set });
  const lines = values['Line'];
  return spell({ sparse: false, ...whole(raw, cleared), ...version, Line: lines, ...set });
}

/** What QuickBooks computes or keeps for itself (quickbooks.md §7.1); never sent back. */
const computed: ReadonlySet<string> = new Set([
  'sparse',
  'domain',
  'status',
  'invoiceStatus',
  'MetaData',
  'TotalAmt',
  'HomeTotalAmt',
  'Balance',
  'HomeBalance',
  'Line',
]);

function whole(raw: JsonObject, cleared: readonly string[]): JsonObject {
  const kept = Object.entries(raw).filter(
    ([name]) => !computed.has(name) && !cleared.includes(name),
  );
  return Object.fromEntries(kept);
}

/** Value of each property: null empties it, undefined leaves it as it is. */
function propertyValues(
  wanted: Invoice,
  raw: JsonObject,
  facts: QuickBooksFacts,
  marker: string | null,
  paths: readonly string[],
): { readonly [name: string]: Draft } {
  return {
    ...headerDrafts(wanted, facts),
    DocNumber: wanted.number ?? '',
    PONumber: wanted.poNumber ?? '',
    DueDate: wanted.dueDate,
    ExchangeRate: exact(wanted.exchangeRate),
    SalesTermRef: referenceOf(wanted.terms) ?? null,
    BillEmail: emailOf(wanted.billEmail) ?? null,
    BillAddr: addressOf(wanted.billTo) ?? null,
    CustomerMemo: memoOf(wanted.customerMemo) ?? { value: '' },
    PrivateNote: joinMarker(wanted.privateNote, marker) ?? '',
    Line: linesOf(wanted, facts, heldLinesOf(raw)),
    TxnTaxDetail: changedTax(wanted, raw, facts, marker, paths),
  };
}

/** Internal-born documents, known by their marker, state their tax; on others each side computes (architecture.md §4). */
function changedTax(
  wanted: Invoice,
  raw: JsonObject,
  facts: QuickBooksFacts,
  marker: string | null,
  paths: readonly string[],
): Draft {
  const note = raw['PrivateNote'];
  const isMarked = typeof note === 'string' && splitMarker(note).internalId !== null;
  const isOurs = marker !== null || isMarked || paths.includes('taxTotal');
  if (isOurs) return statedTax(wanted, wanted.derived.taxTotal, facts);
  const [code] = facts.usTax ? wholeTaxCodes(wanted) : [];
  const isNew = code !== undefined && code !== codeOf(raw);
  return isNew ? { TxnTaxCodeRef: { value: code } } : undefined;
}

function codeOf(raw: JsonObject): Json | undefined {
  const detail = raw['TxnTaxDetail'];
  const reference = isJsonObject(detail) ? detail['TxnTaxCodeRef'] : undefined;
  return isJsonObject(reference) ? reference['value'] : undefined;
}

function heldLinesOf(raw: JsonObject): HeldLines | null {
  const parsed = parseInvoice(raw);
  const lines = raw['Line'];
  if (!parsed.ok || !isList(lines)) return null;
  return { wire: parsed.wire, raw: lines.filter(isJsonObject) };
}

const isList = (value: Json | undefined): value is readonly Json[] => Array.isArray(value);

const linesOf = (
  invoice: Invoice,
  facts: QuickBooksFacts,
  held: HeldLines | null,
): readonly Draft[] =>
  encodeLines(invoice, {
    currency: invoice.currency,
    facts,
    taxTotal: invoice.derived.taxTotal,
    held,
  });

const referenceOf = (ref: PartyRef | null): DraftObject | undefined =>
  ref === null ? undefined : { value: ref.id, name: ref.name };

const emailOf = (address: string | null): DraftObject | undefined =>
  address === null ? undefined : { Address: address };

const memoOf = (memo: string | null): DraftObject | undefined =>
  memo === null ? undefined : { value: memo };

/** Without the Id of the recorded address: that one is the customer's own (quickbooks.md §2.4). */
function addressOf(address: Address | null): DraftObject | undefined {
  if (address === null) return undefined;
  const [Line2, Line3, Line4, ...rest] = address.line2?.split('\n') ?? [];
  return {
    Line1: address.line1 ?? undefined,
    Line2,
    Line3,
    Line4,
    Line5: rest.length === 0 ? undefined : rest.join('\n'),
    City: address.city ?? undefined,
    CountrySubDivisionCode: address.region ?? undefined,
    PostalCode: address.postalCode ?? undefined,
    Country: address.country ?? undefined,
  };
}

/**
 * Internal invoicing takes the discount off before tax, and QuickBooks has to be told the same order (architecture.md §4,
 * {discount, its tax order}). In the US too, where the tax is stated: a later write that does not state it, or a person's edit,
 * has QuickBooks compute it anew.
 */
const taxAfterDiscount = ({ discount }: Invoice): boolean | undefined =>
  discount === null ? undefined : true;

/** US companies do not have it (quickbooks.md §7.4). */
function taxCalculation(invoice: Invoice, facts: QuickBooksFacts): string | undefined {
  if (facts.usTax) return undefined;
  return invoice.taxInclusive ? 'TaxInclusive' : 'TaxExcluded';
}
