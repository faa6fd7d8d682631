import { array, nat, record, type Arbitrary } from 'fast-check';
import {
  brandAmount,
  brandDecimal,
  brandLocalDate,
  toCurrency,
  toLineKey,
  toVersion,
} from '#core/brand.ts';
import type { Invoice, InvoiceContent, Line } from '#core/invoice/invoice.ts';
import { keyLines } from '#core/merge/pair-lines.ts';
import type { Side } from '#core/side.ts';
import { quickbooksTwin, unpaidInvoice } from '../documents.ts';

/** One document that both sides agreed on, and what each shows after its own people worked on it. */
export type Triple = {
  readonly base: { readonly internal: Invoice; readonly quickbooks: Invoice };
  readonly internal: Invoice;
  readonly quickbooks: Invoice;
};

/** An edit as three small numbers, so that both sides often make the same one. */
type Edit = { readonly kind: number; readonly at: number; readonly value: number };

const days = ['2026-11-20', '2026-11-25', '2026-12-01'].map(brandLocalDate);
const dueDays = ['2026-12-20', '2026-12-25', '2027-01-01'].map(brandLocalDate);
const currencies = ['USD', 'EUR', 'CAD'].map(toCurrency);
const cities = ['Cypress Creek', 'Springfield', 'Shelbyville'];
const amounts = ['11.00', '22.00', '33.00'].map(brandAmount);
const numbers = ['1', '2', '3'].map(brandDecimal);
const prices = ['10', '20', '30'].map(brandDecimal);

const pick = <Value>(values: readonly Value[], value: number): Value => {
  const found = values[value % values.length];
  if (found === undefined) throw new Error('nothing to pick from');
  return found;
};
const orNone = <Value>(value: number, found: Value): Value | null => (value === 0 ? null : found);

type HeaderEdit = (value: number) => Partial<InvoiceContent>;

const headerEdits: readonly HeaderEdit[] = [
  (value) => ({ number: `INV-${value}` }),
  (value) => ({ customer: { id: `cus_${value}`, name: `Customer ${value}` } }),
  (value) => ({ currency: pick(currencies, value) }),
  (value) => ({ exchangeRate: orNone(value, pick(numbers, value)) }),
  (value) => ({ issueDate: pick(days, value) }),
  (value) => ({ dueDate: orNone(value, pick(dueDays, value)) }),
  (value) => ({ terms: orNone(value, { id: `net-${value}`, name: `net-${value}` }) }),
  (value) => ({ billEmail: orNone(value, `ap${value}@globex.example`) }),
  (value) => ({ billTo: orNone(value, addressIn(pick(cities, value))) }),
  (value) => ({ taxInclusive: value === 1 }),
  (value) => ({ poNumber: orNone(value, `PO-${value}`) }),
  (value) => ({ customerMemo: orNone(value, `Thank you, ${value}`) }),
  (value) => ({ privateNote: orNone(value, `Ask ${value}`) }),
  (value) => ({ discount: orNone(value, discountOf(value)) }),
];

const addressIn = (city: string): InvoiceContent['billTo'] => ({
  line1: '1 Main St',
  line2: null,
  city,
  region: 'OR',
  postalCode: '97000',
  country: 'US',
});

const discountOf = (value: number): NonNullable<InvoiceContent['discount']> =>
  value === 1
    ? { kind: 'percent', percent: brandDecimal('10') }
    : { kind: 'amount', amount: brandAmount('5.00') };

type LineEdit = (value: number) => Partial<Line>;

const lineEdits: readonly LineEdit[] = [
  (value) => ({ item: orNone(value, { id: `itm_${value}`, name: `Item ${value}` }) }),
  (value) => ({ description: orNone(value, `Rack unit ${value}`) }),
  (value) => ({ quantity: orNone(value, pick(numbers, value)) }),
  (value) => ({ unitPrice: orNone(value, pick(prices, value)) }),
  (value) => ({ amount: pick(amounts, value) }),
  (value) => ({ taxCode: orNone(value, { id: `tax_${value}`, name: `Tax ${value}` }) }),
  (value) => ({ serviceDate: orNone(value, pick(days, value)) }),
];

const blankLine: Line = {
  key: null,
  sideId: null,
  item: null,
  description: null,
  quantity: null,
  unitPrice: null,
  amount: brandAmount('11.00'),
  taxCode: null,
  serviceDate: null,
};

const lineFrom = (values: readonly number[], sideId: string): Line =>
  lineEdits.reduce<Line>((line, edit, place) => ({ ...line, ...edit(values[place] ?? 0) }), {
    ...blankLine,
    sideId,
  });

const structural = 5;
/** Kinds of edits there are: each field, and removing, adding, exchanging, cancelling, bringing back. */
const editKinds = headerEdits.length + lineEdits.length * 2 + structural;

/** The document after one edit. A side's new lines get ids of that side's own. */
function edited(invoice: Invoice, { kind, at, value }: Edit): Invoice {
  const header = headerEdits[kind];
  if (header !== undefined) return { ...invoice, ...inTermsOf(invoice.side, header(value)) };
  const line = lineEdits[(kind - headerEdits.length) % lineEdits.length];
  const place = invoice.lines.length === 0 ? 0 : at % invoice.lines.length;
  if (line !== undefined && kind < editKinds - structural)
    return { ...invoice, lines: replaced(invoice, place, line(value)) };
  return structured(invoice, editKinds - kind, place, value);
}

function inTermsOf(side: Side, changes: Partial<InvoiceContent>): Partial<InvoiceContent> {
  if (side === 'internal') return changes;
  const { customer, terms } = changes;
  return {
    ...changes,
    ...(customer === undefined ? {} : { customer: { ...customer, id: `q:${customer.id}` } }),
    ...(terms === undefined || terms === null ? {} : { terms: { ...terms, id: `q:${terms.id}` } }),
  };
}

function lineInTermsOf<Changes extends Partial<Line>>(side: Side, changes: Changes): Changes {
  if (side === 'internal') return changes;
  const { item, taxCode } = changes;
  return {
    ...changes,
    ...(item === undefined || item === null ? {} : { item: { ...item, id: `q:${item.id}` } }),
    ...(taxCode === undefined || taxCode === null
      ? {}
      : { taxCode: { ...taxCode, id: `q:${taxCode.id}` } }),
  };
}

const replaced = (
  { lines, side }: Invoice,
  place: number,
  changes: Partial<Line>,
): readonly Line[] =>
  lines.map((line, position) =>
    position === place ? { ...line, ...lineInTermsOf(side, changes) } : line,
  );

function structured(invoice: Invoice, kind: number, place: number, value: number): Invoice {
  const { lines, side } = invoice;
  switch (kind) {
    case 1:
      return { ...invoice, lines: lines.filter((_, position) => position !== place) };
    case 2: {
      const sideId = `${side === 'internal' ? 'new' : '90'}${lines.length}${value}`;
      if (lines.some((line) => line.sideId === sideId)) return invoice;
      const line = lineInTermsOf(side, lineFrom([value, value, value, value, value], sideId));
      return { ...invoice, lines: lines.toSpliced(place, 0, line) };
    }
    case 3:
      return { ...invoice, lines: [...lines.slice(place), ...lines.slice(0, place)] };
    case 4:
      return { ...invoice, existence: side === 'internal' || value === 0 ? 'void' : 'deleted' };
    default:
      return { ...invoice, existence: 'present' };
  }
}

/** QuickBooks fills in a due date and spells countries its own way; the base's halves hold that apart. */
export const inQuickBooksWay = <Content extends InvoiceContent>(content: Content): Content => ({
  ...content,
  dueDate: content.dueDate ?? brandLocalDate('2026-12-31'),
  billTo: content.billTo === null ? null : { ...content.billTo, country: 'USA' },
});

const newKey = (side: Side) => (line: Line, position: number) =>
  toLineKey(`${side}-${line.sideId ?? position}`);

/** The document as it is read from its side: lines without keys, then keyed by what is known. */
export const seenAgain = (invoice: Invoice, known: readonly Line[]): Invoice => ({
  ...invoice,
  lines: keyLines(
    invoice.lines.map((line) => ({ ...line, key: null })),
    known,
    newKey(invoice.side),
  ),
});

function after(base: Invoice, edits: readonly Edit[]): Invoice {
  const worked = edits.reduce(edited, base);
  const now = base.side === 'quickbooks' ? inQuickBooksWay(worked) : worked;
  return seenAgain({ ...now, version: toVersion(String(edits.length)) }, base.lines);
}

const edit: Arbitrary<Edit> = record({
  kind: nat(editKinds - 1),
  at: nat(4),
  value: nat(2),
});
const document = record({
  header: array(nat(2), { minLength: headerEdits.length, maxLength: headerEdits.length }),
  lines: array(array(nat(2), { minLength: 7, maxLength: 7 }), { maxLength: 4 }),
  gone: nat(19).map((chance) => chance === 0),
});

/** How both sides were worked on, as it is generated and as a failure prints it. */
export type Story = {
  readonly document: {
    readonly header: readonly number[];
    readonly lines: readonly (readonly number[])[];
    readonly gone: boolean;
  };
  readonly internalEdits: readonly Edit[];
  readonly quickbooksEdits: readonly Edit[];
};

/** One document perturbed twice; random pairs of documents would hardly ever agree on anything. */
export const stories: Arbitrary<Story> = record({
  document,
  internalEdits: array(edit, { maxLength: 5 }),
  quickbooksEdits: array(edit, { maxLength: 5 }),
});

export function tripleOf({ document: made, internalEdits, quickbooksEdits }: Story): Triple {
  const header = headerEdits.map((edit, place) => edit(made.header[place] ?? 0));
  const lines = made.lines.map((values, place) => ({
    ...lineFrom(values, `l${place + 1}`),
    key: toLineKey(`k${place + 1}`),
  }));
  const internal: Invoice = Object.assign({}, unpaidInvoice, ...header, {
    lines,
    existence: made.gone ? 'void' : 'present',
  });
  const quickbooks = inQuickBooksWay<Invoice>(quickbooksTwin(internal));
  return {
    base: { internal, quickbooks },
    internal: after(internal, internalEdits),
    quickbooks: after(quickbooks, quickbooksEdits),
  };
}
