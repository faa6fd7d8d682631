import type { Amount } from '#core/brand.ts';
import { isJsonObject, type Json, type JsonObject } from '#core/json.ts';
import { joinMarker, markerFor } from '#core/mapping/marker.ts';
import type { AccountingPayment, Application } from '#core/payment/payment.ts';
import type { NewPayment } from '#ports/payments.ts';
import { decodePayment, invoiceOf } from './decode-payment.ts';
import { exact, spell, type Draft, type DraftObject } from './spell.ts';
import { parsePayment } from './wire.ts';

/** Body of a new payment over one invoice. Its date is always sent: left out it becomes Pacific today (quickbooks.md §2.4). */
export function encodeNewPayment(payment: NewPayment): string {
  const marker = payment.marker === null ? null : markerFor(payment.marker);
  return spell({
    TxnDate: payment.date,
    CustomerRef: { value: payment.customerId },
    CurrencyRef: { value: payment.currency },
    ExchangeRate: exact(payment.exchangeRate),
    TotalAmt: exact(payment.amount),
    PaymentMethodRef: payment.method === null ? undefined : { value: payment.method.id },
    PaymentRefNum: payment.reference ?? undefined,
    PrivateNote: joinMarker(null, marker) ?? undefined,
    Line: [newLine({ invoiceId: payment.invoiceId, amount: payment.amount })],
  });
}

/** What QuickBooks computes or keeps for itself (quickbooks.md §7.1); never sent back. */
const computed: ReadonlySet<string> = new Set([
  'domain',
  'status',
  'MetaData',
  'UnappliedAmt',
  'HomeTotalAmt',
]);

/**
 * Body of a change: the whole payment as `raw` has it, since `Line` is replaced as a set and a sparse write could not
 * empty the method (quickbooks.md §2.5). Only what `wanted` says otherwise differs; foreign lines and unknown fields stay.
 */
export function encodePaymentUpdate(wanted: AccountingPayment, raw: JsonObject): string {
  const kept = Object.entries(raw).filter(([name]) => !computed.has(name));
  return spell({
    ...Object.fromEntries(kept),
    sparse: false,
    TxnDate: wanted.date,
    TotalAmt: exact(wanted.total),
    PaymentMethodRef: methodOf(wanted, raw),
    PaymentRefNum: wanted.reference ?? undefined,
    Line: linesOf(wanted, raw),
  });
}

/** The reference as it stands there when the method did not change; left out it is emptied. */
function methodOf({ method }: AccountingPayment, raw: JsonObject): Draft {
  const held = raw['PaymentMethodRef'];
  if (method === null) return undefined;
  return isJsonObject(held) && held['value'] === method.id ? held : { value: method.id };
}

function linesOf(wanted: AccountingPayment, raw: JsonObject): readonly Draft[] {
  const parsed = parsePayment(raw);
  if (!parsed.ok)
    throw new Error(`a payment that was never understood is changed: ${parsed.problem}`);
  const held = decodePayment(parsed.wire, wanted.currency).applications;
  const rawLines = listOf(raw['Line']);
  const heldLines = (parsed.wire.Line ?? []).map((line, position) => ({
    invoiceId: invoiceOf(line),
    raw: rawLines[position] ?? {},
  }));
  const amountWanted = (id: string): Amount | undefined => amountOf(wanted.applications, id);
  const kept = heldLines.flatMap(({ invoiceId, raw: line }, position): readonly DraftObject[] => {
    if (invoiceId === null) return [line];
    const amount = amountWanted(invoiceId);
    if (amount === undefined) return [];
    if (amount === amountOf(held, invoiceId)) return [line];
    // An invoice on several lines gets its new amount on the first of them.
    const isFirst = heldLines.findIndex((other) => other.invoiceId === invoiceId) === position;
    return isFirst ? [{ ...line, Amount: exact(amount) }] : [];
  });
  const added = wanted.applications.filter(
    ({ invoiceId }) => amountOf(held, invoiceId) === undefined,
  );
  return [...kept, ...added.map(newLine)];
}

const amountOf = (applications: readonly Application[], id: string): Amount | undefined =>
  applications.find(({ invoiceId }) => invoiceId === id)?.amount;

const newLine = ({ invoiceId, amount }: Application): DraftObject => ({
  Amount: exact(amount),
  LinkedTxn: [{ TxnId: invoiceId, TxnType: 'Invoice' }],
});

const listOf = (value: Json | undefined): readonly JsonObject[] =>
  Array.isArray(value) ? value.filter(isJsonObject) : [];
