import type { ChangeSet } from './change-set.ts';
import { requireOpenBooks } from './closed-books.ts';
import { toCurrencyReference, homeCurrency } from './company-settings.ts';
import { missing, objectNotFound, refuse } from './fault-bodies.ts';
import { compact, listOf, objectOf, textOf, without, type JsonObject } from './json.ts';
import { amountOf, sumOf } from './money.ts';
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
  const cashBack = amountOf(objectOf(body, 'CashBack'), 'Amount');
  return compact({
    ...without(body, 'Id', 'SyncToken', 'MetaData', 'status'),
    DepositToAccountRef: toReference('Account', account.object),
    TotalAmt: gross.minus(cashBack).toNumber(),
    domain: 'QBO',
    sparse: false,
    Id: id,
    SyncToken: textOf(earlier, 'SyncToken') ?? '0',
    MetaData: earlier?.['MetaData'] ?? {},
    TxnDate: date,
    CurrencyRef: body['CurrencyRef'] ?? toCurrencyReference(homeCurrency(change)),
    Line: lines.map((line, index) => ({ Id: String(index + 1), LineNum: index + 1, ...line })),
  });
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
