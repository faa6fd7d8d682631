import {
  applicationsOf,
  applyPayment,
  moveCustomerBalance,
  shiftCustomerBalance,
  type Application,
} from './balances.ts';
import type { ChangeSet } from './change-set.ts';
import { requireOpenBooks } from './closed-books.ts';
import { missing, objectNotFound, refuse } from './fault-bodies.ts';
import { requireSoundFields } from './field-rules.ts';
import { compact, listOf, referenceOf, textOf, type Json, type JsonObject } from './json.ts';
import { amountOf, Decimal, sumOf, toCents, toDecimal, zero } from './money.ts';
import { resolve, resolveRequired, toReference } from './references.ts';
import { settleCurrency } from './sales-forms.ts';

/** Receives a payment and applies it to the invoices its lines name. */
export function createPayment(change: ChangeSet, body: JsonObject): JsonObject {
  const id = change.nextId('Payment');
  const payment = settlePayment(change, { id, body, earlier: undefined });
  requireOpenBooks(change, textOf(payment, 'TxnDate'));
  applyPayment(change, id, [], applicationsOf(payment));
  moveCustomerBalance(
    change,
    referenceOf(payment, 'CustomerRef'),
    amountOf(payment, 'TotalAmt').negated(),
  );
  return change.create('Payment', payment);
}

/** The payment with the fields that hold from now on; open amounts follow by the difference. */
export function updatePayment(
  change: ChangeSet,
  body: JsonObject,
  earlier: JsonObject,
): JsonObject {
  requireNotDeposited(change, earlier, body);
  const id = textOf(earlier, 'Id') ?? '';
  const payment = settlePayment(change, { id, body, earlier });
  requireOpenBooks(change, textOf(earlier, 'TxnDate'), textOf(payment, 'TxnDate'));
  applyPayment(change, id, applicationsOf(earlier), applicationsOf(payment));
  shiftCustomerBalance(change, {
    from: {
      customerId: referenceOf(earlier, 'CustomerRef'),
      owed: amountOf(earlier, 'TotalAmt').negated(),
    },
    to: {
      customerId: referenceOf(payment, 'CustomerRef'),
      owed: amountOf(payment, 'TotalAmt').negated(),
    },
  });
  return payment;
}

/** A voided payment keeps its place with nothing in it (quickbooks.md §7.6). */
export function voidPayment(change: ChangeSet, earlier: JsonObject): JsonObject {
  releasePayment(change, earlier);
  const note = textOf(earlier, 'PrivateNote');
  return {
    ...earlier,
    PrivateNote: note === undefined ? 'Voided' : `Voided - ${note}`,
    TotalAmt: 0,
    UnappliedAmt: 0,
    Line: [],
  };
}

/** Deletes a payment: what it paid is open again. */
export function deletePayment(change: ChangeSet, earlier: JsonObject): void {
  releasePayment(change, earlier);
  change.remove('Payment', textOf(earlier, 'Id') ?? '');
}

function releasePayment(change: ChangeSet, earlier: JsonObject): void {
  requireNotDeposited(change, earlier, {});
  requireOpenBooks(change, textOf(earlier, 'TxnDate'));
  applyPayment(change, textOf(earlier, 'Id') ?? '', applicationsOf(earlier), []);
  moveCustomerBalance(change, referenceOf(earlier, 'CustomerRef'), amountOf(earlier, 'TotalAmt'));
}

/** Money in the bank cannot change; the deposit has to go first (6540, quickbooks.md §2.6). */
function requireNotDeposited(change: ChangeSet, payment: JsonObject, body: JsonObject): void {
  const deposit = listOf(payment, 'LinkedTxn').find(
    (link) => textOf(link, 'TxnType') === 'Deposit',
  );
  if (deposit === undefined || change.find('Deposit', textOf(deposit, 'TxnId') ?? '') === undefined)
    return;
  const total = toDecimal(body['TotalAmt']);
  const keepsMoney = total?.equals(amountOf(payment, 'TotalAmt')) === true;
  if (keepsMoney) return;
  refuse(
    '6540',
    'Deposited Transaction cannot be changed : This transaction has been deposited. If you want to change or delete it, you must edit the deposit it appears on and remove it first.',
    '',
  );
}

type PaymentWish = {
  readonly id: string;
  readonly body: JsonObject;
  readonly earlier: JsonObject | undefined;
};

function settlePayment(change: ChangeSet, { id, body, earlier }: PaymentWish): JsonObject {
  requireSoundFields(change, body);
  const customer = resolveRequired(change, body, 'CustomerRef', 'Customer');
  const total = toDecimal(body['TotalAmt']);
  if (total === undefined) throw missing('TotalAmt');
  if (total.isNegative()) refuse('2290', 'Negative Amount : TotalAmt', 'TotalAmt');

  const date =
    textOf(body, 'TxnDate')?.slice(0, 10) || (textOf(earlier, 'TxnDate') ?? change.today);
  const lines = listOf(body, 'Line').map((line) =>
    settleLine(change, line, { customer: customer.object, earlier }),
  );
  const applied = appliedMoney(applicationsOf({ Line: lines }));
  const unapplied = toCents(total).minus(applied);
  if (unapplied.isNegative()) {
    refuse(
      '6000',
      'Business Validation Error: The amount applied is more than the amount received.',
      '',
    );
  }
  return compact({
    CustomerRef: toReference('Customer', customer.object),
    DepositToAccountRef: depositAccount(change, body),
    PaymentMethodRef: paymentMethod(change, body),
    PaymentRefNum: textOf(body, 'PaymentRefNum') || undefined,
    TotalAmt: toCents(total).toNumber(),
    UnappliedAmt: unapplied.toNumber(),
    ProcessPayment: body['ProcessPayment'] ?? false,
    domain: 'QBO',
    sparse: false,
    Id: id,
    SyncToken: textOf(earlier, 'SyncToken') ?? '0',
    MetaData: earlier?.['MetaData'] ?? {},
    TxnDate: date,
    ...settleCurrency(change, { body, earlier, customer, date }).fields,
    PrivateNote: textOf(body, 'PrivateNote') || undefined,
    LinkedTxn: earlier?.['LinkedTxn'],
    Line: lines,
  });
}

/** Credits bring money to a payment, invoices take it. */
function appliedMoney(applications: readonly Application[]): Decimal {
  return sumOf(
    applications.map(({ entity, amount }) => (entity === 'Invoice' ? amount : amount.negated())),
  );
}

type LineContext = { readonly customer: JsonObject; readonly earlier: JsonObject | undefined };

function settleLine(
  change: ChangeSet,
  line: JsonObject,
  { customer, earlier }: LineContext,
): JsonObject {
  const amount = toDecimal(line['Amount']);
  if (amount === undefined) throw missing('Line.Amount');
  if (amount.isNegative()) refuse('2290', 'Negative Amount : Line.Amount', 'Line.Amount');
  const links = listOf(line, 'LinkedTxn').map((link) => settleLink(change, link, customer));
  const first = applicationsOf({ Line: [{ Amount: amount.toNumber(), LinkedTxn: links }] })[0];
  const form = first === undefined ? undefined : change.find(first.entity, first.id);
  return compact({
    Amount: toCents(amount).toNumber(),
    LinkedTxn: links,
    LineEx: form === undefined ? undefined : describeForm(form, givenTo(earlier, first)),
  });
}

/** A payment pays forms of its customer, its customer's parent or its jobs; others cannot be linked (620). */
function settleLink(change: ChangeSet, link: JsonObject, customer: JsonObject): JsonObject {
  const entity = textOf(link, 'TxnType');
  const id = textOf(link, 'TxnId') ?? '';
  const kept = { TxnId: id, TxnType: entity ?? '' };
  if (entity !== 'Invoice' && entity !== 'CreditMemo') return kept;
  const form = change.find(entity, id);
  if (form === undefined) throw objectNotFound();
  const root = rootOf(change, referenceOf(form, 'CustomerRef'));
  if (root !== rootOf(change, textOf(customer, 'Id'))) {
    refuse(
      '620',
      `Transaction could not be linked : The Txn Id ${id} belongs to another customer.`,
      '',
    );
  }
  return kept;
}

function rootOf(change: ChangeSet, customerId: string | undefined, depth = 0): string | undefined {
  const customer = customerId === undefined ? undefined : change.find('Customer', customerId);
  const parentId = referenceOf(customer, 'ParentRef');
  return parentId === undefined || depth > 5 ? customerId : rootOf(change, parentId, depth + 1);
}

function givenTo(payment: JsonObject | undefined, to: Application | undefined): Decimal {
  const same = applicationsOf(payment).filter(
    ({ entity, id }) => entity === to?.entity && id === to.id,
  );
  return sumOf(same.map(({ amount }) => amount));
}

/** The odd rendering of three name-value pairs that recorded payments carry. */
function describeForm(form: JsonObject, given: Decimal): JsonObject {
  const pair = (name: string, value: string): Json => ({
    name: '{http://schema.intuit.com/finance/v3}NameValue',
    declaredType: 'com.intuit.schema.finance.v3.NameValue',
    scope: 'javax.xml.bind.JAXBElement$GlobalScope',
    value: { Name: name, Value: value },
    nil: false,
    globalScope: true,
    typeSubstituted: false,
  });
  const number = textOf(form, 'DocNumber');
  return {
    any: [
      pair('txnId', textOf(form, 'Id') ?? ''),
      pair('txnOpenBalance', amountOf(form, 'Balance').plus(given).toFixed(2)),
      ...(number === undefined ? [] : [pair('txnReferenceNumber', number)]),
    ],
  };
}

/** Undeposited Funds unless told otherwise (quickbooks.md §7.6). */
function depositAccount(change: ChangeSet, body: JsonObject): JsonObject | undefined {
  const sent = resolve(change, body, 'DepositToAccountRef', 'Account');
  if (sent !== undefined) return { value: sent.id };
  const undeposited = change
    .all('Account')
    .find((account) => textOf(account, 'AccountSubType') === 'UndepositedFunds');
  return undeposited === undefined ? undefined : { value: textOf(undeposited, 'Id') ?? '' };
}

function paymentMethod(change: ChangeSet, body: JsonObject): JsonObject | undefined {
  const method = resolve(change, body, 'PaymentMethodRef', 'PaymentMethod');
  return method === undefined ? undefined : { value: method.id };
}

/** Takes one invoice out of a payment; the money stays with the customer, unapplied. */
export function unlinkInvoice(change: ChangeSet, paymentId: string, invoiceId: string): void {
  reduceApplication(change, paymentId, invoiceId, undefined);
}

/** Lowers what a payment gives to an invoice by an amount, or by all of it. */
export function reduceApplication(
  change: ChangeSet,
  paymentId: string,
  invoiceId: string,
  by: Decimal | undefined,
): Decimal {
  const payment = change.find('Payment', paymentId);
  if (payment === undefined) return zero;
  const isOf = (line: JsonObject): boolean =>
    listOf(line, 'LinkedTxn').some(
      (link) => textOf(link, 'TxnId') === invoiceId && textOf(link, 'TxnType') === 'Invoice',
    );
  const lines = listOf(payment, 'Line');
  const given = sumOf(lines.filter(isOf).map((line) => amountOf(line, 'Amount')));
  const taken = by === undefined ? given : Decimal.min(by, given);
  const left = given.minus(taken);
  const kept = lines.flatMap((line) => {
    if (!isOf(line)) return [line];
    return left.isZero() ? [] : [{ ...line, Amount: left.toNumber() }];
  });
  const unapplied = amountOf(payment, 'UnappliedAmt').plus(taken).toNumber();
  const changed = { ...payment, UnappliedAmt: unapplied, Line: kept };
  applyPayment(change, paymentId, applicationsOf(payment), applicationsOf(changed));
  change.touch('Payment', changed);
  return taken;
}
