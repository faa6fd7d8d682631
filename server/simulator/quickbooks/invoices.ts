import { applyAutomatically } from './auto-apply.ts';
import { moveCustomerBalance, shiftCustomerBalance, withBalance } from './balances.ts';
import type { ChangeSet } from './change-set.ts';
import { requireOpenBooks } from './closed-books.ts';
import { refuse } from './fault-bodies.ts';
import { compact, listOf, referenceOf, textOf, type Json, type JsonObject } from './json.ts';
import { voidLines } from './lines.ts';
import { amountOf, Decimal, zero } from './money.ts';
import { reduceApplication, unlinkInvoice } from './payments.ts';
import { inOrder, settleForm, type FormWish } from './sales-forms.ts';
import { voidTax } from './tax.ts';

/** Switches for online payment, off unless asked for (quickbooks.md §2.4). */
const onlineFlags = [
  'AllowIPNPayment',
  'AllowOnlinePayment',
  'AllowOnlineCreditCardPayment',
  'AllowOnlineACHPayment',
];

/** A new invoice: its balance is its total, and its customer owes it. */
export function createInvoice(change: ChangeSet, wish: FormWish): JsonObject {
  const { form, total } = settleForm(change, wish);
  requireOpenBooks(change, textOf(form, 'TxnDate'));
  const invoice = {
    ...withFlags(form, wish.body),
    LinkedTxn: originLinks(listOf(wish.body, 'LinkedTxn')),
  };
  const open = total.minus(amountOf(invoice, 'Deposit'));
  moveCustomerBalance(change, referenceOf(invoice, 'CustomerRef'), total);
  closeEstimates(change, invoice);
  const created = change.create('Invoice', inOrder(withBalance(invoice, open)));
  return applyAutomatically(change, created);
}

/** The invoice with new contents; payments stay applied as far as it still has room for them. */
export function updateInvoice(change: ChangeSet, wish: FormWish, earlier: JsonObject): JsonObject {
  const { form, total } = settleForm(change, wish);
  requireOpenBooks(change, textOf(earlier, 'TxnDate'), textOf(form, 'TxnDate'));
  requireSameCustomer(earlier, form);

  const paid = amountOf(earlier, 'TotalAmt').minus(amountOf(earlier, 'Balance'));
  const excess = paid.minus(total);
  if (excess.greaterThan(0)) releaseExcess(change, earlier, excess);
  const now = change.find('Invoice', textOf(earlier, 'Id') ?? '') ?? earlier;
  const stillPaid = amountOf(now, 'TotalAmt').minus(amountOf(now, 'Balance'));

  shiftCustomerBalance(change, {
    from: { customerId: referenceOf(earlier, 'CustomerRef'), owed: amountOf(earlier, 'TotalAmt') },
    to: { customerId: referenceOf(form, 'CustomerRef'), owed: total },
  });
  const invoice = { ...withFlags(form, wish.body), LinkedTxn: settleLinks(now, wish) };
  return inOrder(withBalance(invoice, total.minus(stillPaid)));
}

/** Nothing but the note and the zeros says that an invoice is void (quickbooks.md §2.6). */
export function voidInvoice(change: ChangeSet, earlier: JsonObject): JsonObject {
  requireOpenBooks(change, textOf(earlier, 'TxnDate'));
  const freed = freePayments(change, earlier);
  moveCustomerBalance(
    change,
    referenceOf(earlier, 'CustomerRef'),
    amountOf(earlier, 'TotalAmt').negated(),
  );
  const note = textOf(freed, 'PrivateNote');
  return inOrder(
    compact({
      ...freed,
      PrivateNote: note === undefined || note === '' ? 'Voided' : `Voided - ${note}`,
      Line: voidLines(listOf(freed, 'Line')),
      TxnTaxDetail: voidTax(freed['TxnTaxDetail']),
      LinkedTxn: [],
      TotalAmt: 0,
      HomeTotalAmt: freed['HomeTotalAmt'] === undefined ? undefined : 0,
      Balance: 0,
      HomeBalance: freed['HomeBalance'] === undefined ? undefined : 0,
    }),
  );
}

/** True for what `voidInvoice` leaves behind. */
export function isVoided(invoice: JsonObject): boolean {
  const note = textOf(invoice, 'PrivateNote') ?? '';
  return note.startsWith('Voided') && amountOf(invoice, 'TotalAmt').isZero();
}

/** Deletes an invoice; its customer no longer owes it. */
export function deleteInvoice(change: ChangeSet, earlier: JsonObject): void {
  requireOpenBooks(change, textOf(earlier, 'TxnDate'));
  freePayments(change, earlier);
  moveCustomerBalance(
    change,
    referenceOf(earlier, 'CustomerRef'),
    amountOf(earlier, 'TotalAmt').negated(),
  );
  change.remove('Invoice', textOf(earlier, 'Id') ?? '');
}

function withFlags(form: JsonObject, body: JsonObject): JsonObject {
  const flags = Object.fromEntries(
    onlineFlags.map((flag): [string, Json] => [flag, body[flag] ?? false]),
  );
  return { ...form, ...flags };
}

/** Links a sender may state: where the invoice comes from. Links to payments are made by payments alone. */
function originLinks(links: readonly JsonObject[]): readonly JsonObject[] {
  return links.filter((link) => textOf(link, 'TxnType') !== 'Payment');
}

function paymentLinks(invoice: JsonObject): readonly JsonObject[] {
  return listOf(invoice, 'LinkedTxn').filter((link) => textOf(link, 'TxnType') === 'Payment');
}

function settleLinks(earlier: JsonObject, { sent }: FormWish): readonly JsonObject[] {
  const stated =
    sent['LinkedTxn'] === undefined ? listOf(earlier, 'LinkedTxn') : listOf(sent, 'LinkedTxn');
  return [...originLinks(stated), ...paymentLinks(earlier)];
}

/** An estimate that became an invoice is closed; its time moves, its SyncToken does not (quickbooks.md §4.1). */
function closeEstimates(change: ChangeSet, invoice: JsonObject): void {
  for (const link of listOf(invoice, 'LinkedTxn')) {
    const estimate = change.find('Estimate', textOf(link, 'TxnId') ?? '');
    if (textOf(link, 'TxnType') !== 'Estimate' || estimate === undefined) continue;
    const back = { TxnId: textOf(invoice, 'Id') ?? '', TxnType: 'Invoice' };
    const links = [...listOf(estimate, 'LinkedTxn'), back];
    change.touch('Estimate', { ...estimate, TxnStatus: 'Closed', LinkedTxn: links });
  }
}

function requireSameCustomer(earlier: JsonObject, form: JsonObject): void {
  if (paymentLinks(earlier).length === 0) return;
  if (referenceOf(earlier, 'CustomerRef') === referenceOf(form, 'CustomerRef')) return;
  refuse(
    '6000',
    'Business Validation Error: You cannot change the customer of a transaction that has payments applied to it.',
    '',
  );
}

/** An invoice that became smaller than what was paid gives the rest back to the payments, the last one first. */
function releaseExcess(change: ChangeSet, invoice: JsonObject, excess: Decimal): void {
  const invoiceId = textOf(invoice, 'Id') ?? '';
  let left = excess;
  for (const link of paymentLinks(invoice).toReversed()) {
    if (left.lessThanOrEqualTo(0)) return;
    left = left.minus(reduceApplication(change, textOf(link, 'TxnId') ?? '', invoiceId, left));
  }
}

/** Whether a paid invoice may go is nobody's certain knowledge (quickbooks.md §2.6): a knob; a person unlinks. */
function freePayments(change: ChangeSet, invoice: JsonObject): JsonObject {
  const links = paymentLinks(invoice);
  if (links.length === 0) return invoice;
  if (change.actor === 'api' && change.behaviour.voidPaid === 'refuse') {
    refuse(
      '6000',
      'Business Validation Error: This transaction has payments applied to it. Remove the payments before you void or delete it.',
      '',
    );
  }
  const id = textOf(invoice, 'Id') ?? '';
  for (const link of links) unlinkInvoice(change, textOf(link, 'TxnId') ?? '', id);
  const freed = change.find('Invoice', id) ?? invoice;
  return amountOf(freed, 'Balance').equals(zero) ? { ...freed, LinkedTxn: [] } : freed;
}
