import type { ChangeSet } from './change-set.ts';
import { requireOpenBooks } from './closed-books.ts';
import { hasMultiCurrency, homeCurrency, toCurrencyReference } from './company-settings.ts';
import { missing, objectNotFound, refuse } from './fault-bodies.ts';
import { compact, listOf, objectOf, textOf, without, type JsonObject } from './json.ts';
import { amountOf, Decimal, sumOf, toCents, toDecimal } from './money.ts';
import { resolve, toReference } from './references.ts';
import type { FormWish } from './sales-forms.ts';

/** Money brought to the bank. Its payments are marked and cannot change any more (6540, quickbooks.md §4.2). */
export function settleDeposit(change: ChangeSet, { body, earlier }: FormWish): JsonObject {
  const account = resolve(change, body, 'DepositToAccountRef', 'Account');
  if (account === undefined) throw missing('DepositToAccountRef');
  const lines = listOf(body, 'Line');
  if (lines.length === 0) throw missing('Line');

  const id = textOf(earlier, 'Id') ?? change.nextId('Deposit');
  const date = textOf(body, 'TxnDate') ?? change.today;
  requireOpenBooks(change, date, textOf(earlier, 'TxnDate'));
  for (const paymentId of paymentsOf(earlier)) mark(change, paymentId, id, false);
  for (const paymentId of paymentsOf(body)) mark(change, paymentId, id, true);

  const gross = sumOf(lines.map((line) => amountOf(line, 'Amount')));
  const cashBack = settleCashBack(change, objectOf(body, 'CashBack'));
  const total = gross.minus(amountOf(cashBack, 'Amount'));
  const rate = hasMultiCurrency(change)
    ? (toDecimal(body['ExchangeRate']) ?? new Decimal(1))
    : undefined;
  return compact({
    ...without(body, 'Id', 'SyncToken', 'MetaData', 'status'),
    DepositToAccountRef: toReference('Account', account.object),
    CashBack: cashBack,
    TotalAmt: total.toNumber(),
    HomeTotalAmt: rate === undefined ? undefined : toCents(total.times(rate)).toNumber(),
    domain: 'QBO',
    sparse: false,
    Id: id,
    SyncToken: textOf(earlier, 'SyncToken') ?? '0',
    MetaData: earlier?.['MetaData'] ?? {},
    TxnDate: date,
    CurrencyRef: body['CurrencyRef'] ?? toCurrencyReference(homeCurrency(change)),
    ExchangeRate: rate?.toNumber(),
    Line: lines.map((line, index) => settleLine(change, line, index + 1)),
  });
}

/** What of the money goes into another account at once. */
function settleCashBack(
  change: ChangeSet,
  cashBack: JsonObject | undefined,
): JsonObject | undefined {
  const account = resolve(change, cashBack, 'AccountRef', 'Account')?.object;
  if (account === undefined) return cashBack;
  return { ...cashBack, AccountRef: toReference('Account', account) };
}

/** A line that is no payment says itself where its money comes from; the names of both references are filled in. */
function settleLine(change: ChangeSet, line: JsonObject, number: number): JsonObject {
  const numbered = { Id: String(number), LineNum: number, ...line };
  const detail = objectOf(line, 'DepositLineDetail');
  if (detail === undefined) return numbered;
  const account = resolve(change, detail, 'AccountRef', 'Account')?.object;
  const method = resolve(change, detail, 'PaymentMethodRef', 'PaymentMethod')?.object;
  const named = compact({
    ...detail,
    AccountRef: account === undefined ? undefined : toReference('Account', account),
    PaymentMethodRef: method === undefined ? undefined : toReference('PaymentMethod', method),
  });
  return { ...numbered, DepositLineDetail: named };
}

/** Deletes a deposit: its payments can change again. */
export function deleteDeposit(change: ChangeSet, earlier: JsonObject): void {
  requireOpenBooks(change, textOf(earlier, 'TxnDate'));
  const id = textOf(earlier, 'Id') ?? '';
  for (const paymentId of paymentsOf(earlier)) mark(change, paymentId, id, false);
  change.remove('Deposit', id);
}

function paymentsOf(deposit: JsonObject | undefined): readonly string[] {
  const links = listOf(deposit, 'Line').flatMap((line) => listOf(line, 'LinkedTxn'));
  return links.flatMap((link) =>
    textOf(link, 'TxnType') === 'Payment' ? (textOf(link, 'TxnId') ?? []) : [],
  );
}

function mark(change: ChangeSet, paymentId: string, depositId: string, isDeposited: boolean): void {
  const payment = change.find('Payment', paymentId);
  if (payment === undefined) {
    if (isDeposited) throw objectNotFound();
    return;
  }
  const links = listOf(payment, 'LinkedTxn');
  const isElsewhere = links.some(
    (link) => textOf(link, 'TxnType') === 'Deposit' && textOf(link, 'TxnId') !== depositId,
  );
  if (isDeposited && isElsewhere) {
    refuse(
      '6540',
      'Deposited Transaction cannot be changed : This payment is in another deposit.',
      '',
    );
  }
  const others = links.filter((link) => textOf(link, 'TxnId') !== depositId);
  const mine = isDeposited ? [{ TxnId: depositId, TxnType: 'Deposit' }] : [];
  const next = [...others, ...mine];
  change.touch('Payment', compact({ ...payment, LinkedTxn: next.length === 0 ? undefined : next }));
}
