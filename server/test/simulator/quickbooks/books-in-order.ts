import { expect } from 'vitest';
import {
  listOf,
  objectOf,
  referenceOf,
  textOf,
  type JsonObject,
} from '../../../simulator/quickbooks/json.ts';
import { listIn } from './running-simulator.ts';

const cents = (value: unknown): number => Math.round(Number(value ?? 0) * 100);
const sum = (values: readonly number[]): number =>
  values.reduce((total, value) => total + value, 0);
const isOf = (type: string) => (line: JsonObject) => line['DetailType'] === type;

/**
 * Checks what must hold in any company whose history began empty: totals follow from lines, balances from payments and
 * credits, customers owe the sum, tokens count the changes.
 */
export function expectBooksInOrder(state: JsonObject, mutations: readonly JsonObject[]): void {
  const [invoices, payments, memos, customers] = [
    'Invoice',
    'Payment',
    'CreditMemo',
    'Customer',
  ].map((entity) => listIn(state, entity));
  for (const form of [...(invoices ?? []), ...(memos ?? [])]) expectTotal(form);
  for (const invoice of invoices ?? []) {
    expect(cents(invoice['Balance']), `balance of invoice ${textOf(invoice, 'Id')}`).toBe(
      cents(invoice['TotalAmt']) - given(payments ?? [], 'Invoice', invoice),
    );
  }
  for (const memo of memos ?? []) {
    expect(cents(memo['RemainingCredit']), `credit left of ${textOf(memo, 'Id')}`).toBe(
      cents(memo['TotalAmt']) - given(payments ?? [], 'CreditMemo', memo),
    );
  }
  for (const payment of payments ?? []) expectPayment(payment);
  for (const customer of customers ?? []) {
    const owed =
      owedBy(customer, invoices ?? []) -
      owedBy(customer, payments ?? []) -
      owedBy(customer, memos ?? []);
    expect(cents(customer['Balance']), `balance of customer ${textOf(customer, 'Id')}`).toBe(owed);
  }
  expectTokens(state, mutations);
  expectLinksMeet(invoices ?? [], payments ?? []);
}

function expectTotal(form: JsonObject): void {
  const lines = listOf(form, 'Line');
  const sold = lines.filter(
    (line) => isOf('SalesItemLineDetail')(line) || isOf('GroupLineDetail')(line),
  );
  const discounts = lines.filter(isOf('DiscountLineDetail'));
  const amount = (list: readonly JsonObject[]): number =>
    sum(list.map((line) => cents(line['Amount'])));
  const tax = cents(objectOf(form, 'TxnTaxDetail')?.['TotalTax']);
  const isVoided =
    textOf(form, 'PrivateNote')?.startsWith('Voided') === true && cents(form['TotalAmt']) === 0;
  if (isVoided) return;
  expect(cents(form['TotalAmt']), `total of ${textOf(form, 'Id')}`).toBe(
    amount(sold) - amount(discounts) + tax,
  );
  const subtotal = lines.find(isOf('SubTotalLineDetail'));
  expect(cents(subtotal?.['Amount'])).toBe(amount(sold));
  const ids = lines.flatMap((line) => textOf(line, 'Id') ?? []);
  expect(new Set(ids).size).toBe(ids.length);
}

function given(payments: readonly JsonObject[], type: string, form: JsonObject): number {
  const lines = payments.flatMap((payment) => listOf(payment, 'Line'));
  const mine = lines.filter((line) =>
    listOf(line, 'LinkedTxn').some(
      (link) => link['TxnType'] === type && link['TxnId'] === form['Id'],
    ),
  );
  return sum(mine.map((line) => cents(line['Amount'])));
}

function expectPayment(payment: JsonObject): void {
  const signed = listOf(payment, 'Line').map((line) => {
    const type = textOf(listOf(line, 'LinkedTxn')[0], 'TxnType');
    const amount = cents(line['Amount']);
    if (type === 'CreditMemo') return -amount;
    return type === 'Invoice' ? amount : 0;
  });
  expect(cents(payment['UnappliedAmt']), `unapplied of ${textOf(payment, 'Id')}`).toBe(
    cents(payment['TotalAmt']) - sum(signed),
  );
  expect(cents(payment['UnappliedAmt'])).toBeGreaterThanOrEqual(0);
}

function owedBy(customer: JsonObject, forms: readonly JsonObject[]): number {
  const theirs = forms.filter((form) => referenceOf(form, 'CustomerRef') === customer['Id']);
  return sum(theirs.map((form) => cents(form['TotalAmt'])));
}

function expectTokens(state: JsonObject, mutations: readonly JsonObject[]): void {
  expect(mutations.map((mutation) => mutation['seq'])).toEqual(
    mutations.map((_, index) => index + 1),
  );
  const last = new Map<string, unknown>();
  for (const mutation of mutations) {
    last.set(`${textOf(mutation, 'entity')}/${textOf(mutation, 'id')}`, mutation['syncToken']);
  }
  for (const [key, token] of last) {
    const [entity = '', id] = key.split('/');
    const object = listIn(state, entity).find((candidate) => candidate['Id'] === id);
    if (object !== undefined) expect(object['SyncToken'], `token of ${key}`).toBe(token);
  }
}

function expectLinksMeet(invoices: readonly JsonObject[], payments: readonly JsonObject[]): void {
  for (const invoice of invoices) {
    for (const link of listOf(invoice, 'LinkedTxn').filter(
      (candidate) => candidate['TxnType'] === 'Payment',
    )) {
      const payment = payments.find((candidate) => candidate['Id'] === link['TxnId']);
      expect(
        payment,
        `payment ${textOf(link, 'TxnId')} of invoice ${textOf(invoice, 'Id')}`,
      ).toBeDefined();
    }
  }
}
