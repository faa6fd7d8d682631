import {
  applicationsOf,
  applyPayment,
  moveCustomerBalance,
  shiftCustomerBalance,
} from './balances.ts';
import type { ChangeSet } from './change-set.ts';
import { requireOpenBooks } from './closed-books.ts';
import type { EntityName } from './entities.ts';
import { refuse } from './fault-bodies.ts';
import {
  compact,
  isObject,
  listOf,
  objectOf,
  referenceOf,
  textOf,
  without,
  type Json,
  type JsonObject,
} from './json.ts';
import { voidLines } from './lines.ts';
import { amountOf, sumOf, toDecimal, zero } from './money.ts';
import { inOrder, settleForm, type FormWish } from './sales-forms.ts';
import { voidTax } from './tax.ts';

/** A new credit memo: what is left of it lowers what its customer owes (quickbooks.md §7.6). */
export function createCreditMemo(change: ChangeSet, wish: FormWish): JsonObject {
  const { form, total } = settleForm(change, wish);
  requireOpenBooks(change, textOf(form, 'TxnDate'));
  moveCustomerBalance(change, referenceOf(form, 'CustomerRef'), total.negated());
  const left = total.toNumber();
  return change.create('CreditMemo', inOrder({ ...form, RemainingCredit: left, Balance: left }));
}

/** The credit memo with new contents; what was used stays used. */
export function updateCreditMemo(
  change: ChangeSet,
  wish: FormWish,
  earlier: JsonObject,
): JsonObject {
  const { form, total } = settleForm(change, wish);
  requireOpenBooks(change, textOf(earlier, 'TxnDate'), textOf(form, 'TxnDate'));
  const used = amountOf(earlier, 'TotalAmt').minus(amountOf(earlier, 'RemainingCredit'));
  const left = total.minus(used);
  if (left.isNegative()) {
    refuse(
      '6000',
      'Business Validation Error: More of this credit has been used than would be left of it.',
      '',
    );
  }
  shiftCustomerBalance(change, {
    from: {
      customerId: referenceOf(earlier, 'CustomerRef'),
      owed: amountOf(earlier, 'TotalAmt').negated(),
    },
    to: { customerId: referenceOf(form, 'CustomerRef'), owed: total.negated() },
  });
  const open = left.toNumber();
  return inOrder(
    compact({ ...form, RemainingCredit: open, Balance: open, LinkedTxn: earlier['LinkedTxn'] }),
  );
}

/** Deletes a credit memo and takes its money back from where it was used. */
export function deleteCreditMemo(change: ChangeSet, earlier: JsonObject): void {
  requireOpenBooks(change, textOf(earlier, 'TxnDate'));
  const id = textOf(earlier, 'Id') ?? '';
  for (const link of listOf(earlier, 'LinkedTxn'))
    withdrawCredit(change, textOf(link, 'TxnId') ?? '', id);
  moveCustomerBalance(change, referenceOf(earlier, 'CustomerRef'), amountOf(earlier, 'TotalAmt'));
  change.remove('CreditMemo', id);
}

/** A payment that only passed this credit on goes with it. */
function withdrawCredit(change: ChangeSet, paymentId: string, creditMemoId: string): void {
  const payment = change.find('Payment', paymentId);
  if (payment === undefined) return;
  const usesIt = applicationsOf(payment).some(
    ({ entity, id }) => entity === 'CreditMemo' && id === creditMemoId,
  );
  if (!usesIt) return;
  if (!amountOf(payment, 'TotalAmt').isZero()) {
    refuse(
      '6000',
      'Business Validation Error: This credit is applied together with a payment. Remove it there first.',
      '',
    );
  }
  applyPayment(change, paymentId, applicationsOf(payment), []);
  change.remove('Payment', paymentId);
}

/** A sales receipt or refund receipt is paid at once; an estimate owes nothing yet. */
export function createPlainForm(change: ChangeSet, wish: FormWish): JsonObject {
  const { form } = settleForm(change, wish);
  requireOpenBooks(change, textOf(form, 'TxnDate'));
  return change.create(wish.entity, inOrder(withPlainFields(form, wish)));
}

/** The same form with new contents. */
export function updatePlainForm(
  change: ChangeSet,
  wish: FormWish,
  earlier: JsonObject,
): JsonObject {
  const { form } = settleForm(change, wish);
  requireOpenBooks(change, textOf(earlier, 'TxnDate'), textOf(form, 'TxnDate'));
  return inOrder(compact({ ...withPlainFields(form, wish), LinkedTxn: earlier['LinkedTxn'] }));
}

function withPlainFields(form: JsonObject, { entity, body }: FormWish): JsonObject {
  if (entity === 'Estimate') return { ...form, TxnStatus: body['TxnStatus'] ?? 'Pending' };
  return { ...form, Balance: 0 };
}

/** A voided sales receipt (recorded): zeros and the note. */
export function voidPlainForm(change: ChangeSet, earlier: JsonObject): JsonObject {
  requireOpenBooks(change, textOf(earlier, 'TxnDate'));
  const note = textOf(earlier, 'PrivateNote');
  return inOrder(
    compact({
      ...earlier,
      PrivateNote: note === undefined ? 'Voided' : `Voided - ${note}`,
      Line: voidLines(listOf(earlier, 'Line')),
      TxnTaxDetail:
        earlier['TxnTaxDetail'] === undefined ? undefined : voidTax(earlier['TxnTaxDetail']),
      TotalAmt: 0,
      Balance: 0,
    }),
  );
}

const madeByQuickBooks = ['Id', 'SyncToken', 'MetaData', 'domain', 'sparse', 'status'];

/**
 * A transaction LedgerBridge has no business with (bills, purchases, journal entries …): kept as sent, with Ids on
 * its lines and the sum as its total.
 */
export function settleCarriedTransaction(
  change: ChangeSet,
  {
    entity,
    body,
    earlier,
  }: { entity: EntityName; body: JsonObject; earlier: JsonObject | undefined },
): JsonObject {
  const date = textOf(body, 'TxnDate') ?? change.today;
  requireOpenBooks(change, date, textOf(earlier, 'TxnDate'));
  const lines = listOf(body, 'Line').map((line, index): JsonObject => ({
    Id: textOf(line, 'Id') ?? String(index + 1),
    LineNum: index + 1,
    ...without(line, 'Id', 'LineNum'),
  }));
  const sum = sumOf(lines.map((line) => toDecimal(line['Amount']) ?? zero));
  const total: Json | undefined =
    body['TotalAmt'] ?? (lines.length === 0 ? undefined : sum.toNumber());
  return compact({
    ...without(body, ...madeByQuickBooks),
    domain: 'QBO',
    sparse: false,
    Id: textOf(earlier, 'Id') ?? change.nextId(entity),
    SyncToken: textOf(earlier, 'SyncToken') ?? '0',
    MetaData: earlier?.['MetaData'] ?? {},
    TxnDate: date,
    CurrencyRef: isObject(body['CurrencyRef'])
      ? objectOf(body, 'CurrencyRef')
      : earlier?.['CurrencyRef'],
    Line: lines,
    TotalAmt: total,
  });
}
