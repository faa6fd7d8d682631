import type { Amount, Currency, Decimal } from '#core/brand.ts';
import type {
  Address,
  Discount,
  Invoice,
  InvoiceContent,
  Line,
  PartyRef,
} from '#core/invoice/invoice.ts';
import type { Json, JsonObject } from '#core/json.ts';
import { unitsAt } from '#core/money/decimal.ts';
import { amountOf, placesOf } from '#core/money/money.ts';
import type { PaymentContent } from '#core/payment/payment.ts';
import type { WireAddress, WireInvoice, WireLine, WirePayment } from './wire.ts';

/** An internal invoice in core's terms; total, since `wire` was checked on arrival. */
export function decodeInvoice(wire: WireInvoice): Invoice {
  const { currency } = wire;
  return {
    side: 'internal',
    id: wire.id,
    version: wire.version,
    modifiedAt: wire.updatedAt,
    modifiedBy: textOf(wire.updatedBy),
    url: textOf(wire.url),
    counterpartId: textOf(wire.externalRef),
    existence: wire.status === 'void' ? 'void' : 'present',
    number: textOf(wire.number),
    currency,
    exchangeRate: wire.exchangeRate ?? null,
    customer: partyOf(wire.customer.id, wire.customer.displayName, wire.customer.email),
    billEmail: textOf(wire.customer.email),
    billTo: decodeAddress(wire.billTo),
    issueDate: wire.issueDate,
    dueDate: wire.dueDate ?? null,
    terms: namedById(wire.terms),
    taxInclusive: wire.taxInclusive,
    poNumber: textOf(wire.poNumber),
    customerMemo: textOf(wire.customerMemo),
    privateNote: textOf(wire.privateNote),
    lines: wire.lines.map((line) => decodeLine(line, currency)),
    discount: decodeDiscount(wire, currency),
    derived: {
      subtotal: amountIn(wire.subtotal, currency),
      taxTotal: amountIn(wire.taxTotal, currency),
      total: amountIn(wire.total, currency),
      amountPaid: amountIn(wire.amountPaid, currency),
      balanceDue: amountIn(wire.balanceDue, currency),
    },
    payments: wire.payments.map((payment) => decodePayment(payment, currency)),
    carriedLines: [],
  };
}

const textOf = (text: string | null | undefined): string | null =>
  text === undefined || text === '' ? null : text;

function amountIn(value: Decimal | null | undefined, currency: Currency): Amount {
  const minor = value === null || value === undefined ? 0n : unitsAt(value, placesOf(currency));
  return amountOf({ minor, currency });
}

function partyOf(id: string, name: string, detail: string | null | undefined): PartyRef {
  const text = textOf(detail);
  return text === null ? { id, name } : { id, name, detail: text };
}

/** Terms and tax codes are named by their id alone. */
const namedById = (id: string | null | undefined): PartyRef | null =>
  id === null || id === undefined || id === '' ? null : { id, name: id };

function decodeLine(line: WireLine, currency: Currency): Line {
  const { item } = line;
  return {
    key: null,
    sideId: line.id,
    item: item === null || item === undefined ? null : partyOf(item.id, item.name, item.sku),
    description: textOf(line.description),
    quantity: line.quantity ?? null,
    unitPrice: line.unitPrice ?? null,
    amount: amountIn(line.amount, currency),
    taxCode: namedById(line.taxCode),
    serviceDate: line.serviceDate ?? null,
  };
}

function decodeAddress(wire: WireAddress | null | undefined): Address | null {
  if (wire === null || wire === undefined) return null;
  const address: Address = {
    line1: textOf(wire.line1),
    line2: textOf(wire.line2),
    city: textOf(wire.city),
    region: textOf(wire.region),
    postalCode: textOf(wire.postalCode),
    country: textOf(wire.country),
  };
  return Object.values(address).every((value) => value === null) ? null : address;
}

function decodeDiscount({ discount }: WireInvoice, currency: Currency): Discount | null {
  if (discount === null || discount === undefined) return null;
  if ('percent' in discount) return { kind: 'percent', percent: discount.percent };
  return { kind: 'amount', amount: amountIn(discount.amount, currency) };
}

const decodePayment = (payment: WirePayment, currency: Currency): Invoice['payments'][number] => ({
  id: payment.id,
  by: 'payment',
  version: payment.version ?? null,
  date: payment.date ?? null,
  amount: amountIn(payment.amount, currency),
  method: textOf(payment.method),
  reference: textOf(payment.reference),
});

/** What of an invoice a writer may state (http.md §4); field-map paths on the left, how they are spelled on the right. */
const spellings = {
  number: (content) => content.number,
  currency: (content) => content.currency,
  exchangeRate: (content) => content.exchangeRate,
  customer: (content) => ({ id: content.customer.id }),
  issueDate: (content) => content.issueDate,
  dueDate: (content) => content.dueDate,
  terms: (content) => content.terms?.id ?? null,
  taxInclusive: (content) => content.taxInclusive,
  poNumber: (content) => content.poNumber,
  customerMemo: (content) => content.customerMemo,
  privateNote: (content) => content.privateNote,
  billTo: (content) => content.billTo,
  lines: (content) => content.lines.map(encodeLine),
  discount: (content) => encodeDiscount(content.discount),
} as const satisfies Readonly<Record<string, (content: InvoiceContent) => Json>>;

/** Body of `POST /invoices`; `externalRef` is write-once and unique, and lines get their ids there. */
export function encodeNewInvoice(content: InvoiceContent, externalRef: string): JsonObject {
  const born = { ...content, lines: content.lines.map((line) => ({ ...line, sideId: null })) };
  const fields = Object.entries(spellings).map(([name, spell]) => [name, spell(born)] as const);
  return { externalRef, ...Object.fromEntries(fields) };
}

/** Body of `PATCH /invoices/{id}`: absent stays, null clears, `lines` replaces the set. */
export function encodePatch(content: InvoiceContent, paths: readonly string[]): JsonObject {
  const names = new Set(paths.map((path) => path.split(/[[.]/)[0] ?? path));
  const fields = Object.entries(spellings).flatMap(([name, spell]) =>
    names.has(name) ? [[name, spell(content)] as const] : [],
  );
  return Object.fromEntries(fields);
}

/** A priced line's amount is computed there; only where price or quantity is missing may it be stated. */
function encodeLine(line: Line): JsonObject {
  const isPriced = line.quantity !== null && line.unitPrice !== null;
  return {
    ...(line.sideId === null ? {} : { id: line.sideId }),
    item: line.item === null ? null : { id: line.item.id },
    description: line.description,
    quantity: line.quantity,
    unitPrice: line.unitPrice,
    ...(isPriced ? {} : { amount: line.amount }),
    taxCode: line.taxCode?.id ?? null,
    serviceDate: line.serviceDate,
  };
}

function encodeDiscount(discount: Discount | null): JsonObject | null {
  if (discount === null) return null;
  return discount.kind === 'percent' ? { percent: discount.percent } : { amount: discount.amount };
}

/** What of a payment a writer may state (http.md §4). */
export const paymentFields = ['date', 'amount', 'method', 'reference'] as const;

/** Body of a payment with the named fields; in a patch what is absent stays and null clears. */
export const encodePayment = (
  payment: PaymentContent,
  names: readonly (keyof PaymentContent)[],
): JsonObject =>
  Object.fromEntries(
    names.map((name) => [name, name === 'method' ? (payment.method?.id ?? null) : payment[name]]),
  );
