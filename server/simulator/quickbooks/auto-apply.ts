import { applicationsOf, applyPayment } from './balances.ts';
import type { ChangeSet } from './change-set.ts';
import { appliesAutomatically } from './company-settings.ts';
import { listOf, referenceOf, textOf, type JsonObject } from './json.ts';
import { amountOf, Decimal } from './money.ts';
import { createPayment } from './payments.ts';

/** Uses what a customer has left over for a new invoice, when the company wants that (quickbooks.md §7.6). */
export function applyAutomatically(change: ChangeSet, invoice: JsonObject): JsonObject {
  const id = textOf(invoice, 'Id') ?? '';
  const customerId = referenceOf(invoice, 'CustomerRef');
  const current = (): JsonObject => change.find('Invoice', id) ?? invoice;
  const isTheirs = (form: JsonObject): boolean => referenceOf(form, 'CustomerRef') === customerId;

  if (appliesAutomatically(change, 'AutoApplyPayments')) {
    for (const payment of change.all('Payment').filter(isTheirs))
      usePayment(change, payment, current());
  }
  if (appliesAutomatically(change, 'AutoApplyCredit')) {
    for (const memo of change.all('CreditMemo').filter(isTheirs))
      useCredit(change, memo, current());
  }
  return current();
}

function usePayment(change: ChangeSet, payment: JsonObject, invoice: JsonObject): void {
  const used = Decimal.min(amountOf(payment, 'UnappliedAmt'), amountOf(invoice, 'Balance'));
  if (used.lessThanOrEqualTo(0)) return;
  const line = { Amount: used.toNumber(), LinkedTxn: [linkTo('Invoice', invoice)] };
  const changed = {
    ...payment,
    UnappliedAmt: amountOf(payment, 'UnappliedAmt').minus(used).toNumber(),
    Line: [...listOf(payment, 'Line'), line],
  };
  applyPayment(
    change,
    textOf(payment, 'Id') ?? '',
    applicationsOf(payment),
    applicationsOf(changed),
  );
  change.touch('Payment', changed);
}

/** A payment of zero takes from the credit memo what it gives to the invoice. */
function useCredit(change: ChangeSet, memo: JsonObject, invoice: JsonObject): void {
  const used = Decimal.min(amountOf(memo, 'RemainingCredit'), amountOf(invoice, 'Balance'));
  if (used.lessThanOrEqualTo(0)) return;
  const Amount = used.toNumber();
  createPayment(change, {
    CustomerRef: invoice['CustomerRef'] ?? null,
    TotalAmt: 0,
    Line: [
      { Amount, LinkedTxn: [linkTo('Invoice', invoice)] },
      { Amount, LinkedTxn: [linkTo('CreditMemo', memo)] },
    ],
  });
}

function linkTo(TxnType: string, form: JsonObject): JsonObject {
  return { TxnId: textOf(form, 'Id') ?? '', TxnType };
}
