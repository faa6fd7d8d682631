import { afterAll, beforeAll, expect, test } from 'vitest';
import type { JsonObject } from '../../../simulator/quickbooks/json.ts';
import {
  at,
  codeOf,
  idOf,
  listIn,
  objectIn,
  saleLine,
  startSimulator,
  type Running,
} from './running-simulator.ts';

let simulator: Running;
beforeAll(async () => {
  simulator = await startSimulator();
});
afterAll(() => simulator.close());

async function invoice(amount: number, customerId = '2'): Promise<string> {
  const seen = await simulator.post('/invoice', {
    CustomerRef: { value: customerId },
    Line: [saleLine(amount)],
  });
  return idOf(objectIn(seen.body, 'Invoice'));
}

async function read(entity: string, id: string): Promise<JsonObject> {
  const seen = await simulator.get(`/${entity.toLowerCase()}/${id}`);
  return objectIn(seen.body, entity);
}

const line = (amount: number, TxnId: string): JsonObject => ({
  Amount: amount,
  LinkedTxn: [{ TxnId, TxnType: 'Invoice' }],
});

async function pay(total: number, lines: readonly JsonObject[], customerId = '2') {
  return simulator.post('/payment', {
    CustomerRef: { value: customerId },
    TotalAmt: total,
    Line: lines,
  });
}

test('a payment lowers the balance and moves the time, not the token, of its invoice', async () => {
  const id = await invoice(100);
  const seen = await pay(60, [line(60, id)]);

  expect(objectIn(seen.body, 'Payment')).toMatchObject({
    TotalAmt: 60,
    UnappliedAmt: 0,
    DepositToAccountRef: { value: '6' },
  });
  expect(await read('Invoice', id)).toMatchObject({
    Balance: 40,
    TotalAmt: 100,
    SyncToken: '0',
    LinkedTxn: [{ TxnId: at(seen.body, 'Payment', 'Id'), TxnType: 'Payment' }],
  });
});

test('tokenOnPayment raises the token of the invoice too', async () => {
  await simulator.control('PUT', '/behaviour', { tokenOnPayment: true });
  const id = await invoice(100);
  await pay(10, [line(10, id)]);
  await simulator.control('PUT', '/behaviour', { tokenOnPayment: false });
  expect(await read('Invoice', id)).toMatchObject({ Balance: 90, SyncToken: '1' });
});

test('one payment pays several invoices and keeps the rest unapplied', async () => {
  const [first, second] = [await invoice(30), await invoice(20)];
  const seen = await pay(75, [line(30, first), line(20, second)]);
  expect(at(seen.body, 'Payment', 'UnappliedAmt')).toBe(25);
  expect(await read('Invoice', second)).toMatchObject({ Balance: 0 });
});

test('the customer owes what is open, and its parent sees it', async () => {
  const parentBefore = Number(at(await read('Customer', '3'), 'BalanceWithJobs'));
  const id = await invoice(100, '4');
  await pay(40, [line(40, id)], '4');
  const child = await read('Customer', '4');
  expect(child).toMatchObject({ Balance: 60, BalanceWithJobs: 60, SyncToken: '0' });
  expect(at(await read('Customer', '3'), 'BalanceWithJobs')).toBe(parentBefore + 60);
});

test.each([
  ['more than the invoice is open for', 200, 150, '6000'],
  ['more than was received', 10, 50, '6000'],
])('a payment of %s is refused whole', async (_story, total, applied, code) => {
  const id = await invoice(100);
  const seen = await pay(total, [line(applied, id)]);
  expect(codeOf(seen)).toBe(code);
  expect(await read('Invoice', id)).toMatchObject({ Balance: 100, LinkedTxn: [] });
});

test('a payment cannot be linked to the invoice of somebody else', async () => {
  const id = await invoice(100, '9');
  expect(codeOf(await pay(10, [line(10, id)], '2'))).toBe('620');
});

test('a person changes, takes back and voids payments; balances follow', async () => {
  const id = await invoice(100);
  const paid = await simulator.human({ action: 'pay', invoices: [{ id, amount: '60.00' }] });
  const paymentId = String(at(paid, 'id'));
  await simulator.human({ action: 'edit-payment', id: paymentId, amount: 25 });
  expect(await read('Invoice', id)).toMatchObject({ Balance: 75 });
  expect(await read('Payment', paymentId)).toMatchObject({ TotalAmt: 25, SyncToken: '1' });

  await simulator.human({ action: 'unpay', id: paymentId });
  expect(await read('Invoice', id)).toMatchObject({ Balance: 100, LinkedTxn: [] });

  const again = await simulator.human({ action: 'pay', invoices: [{ id }] });
  const { ask } = simulator.client();
  const voided = await ask('voidPayment', { Id: at(again, 'id'), SyncToken: '0' });
  expect(voided).toMatchObject({ TotalAmt: 0, UnappliedAmt: 0, PrivateNote: 'Voided' });
  expect(await read('Invoice', id)).toMatchObject({ Balance: 100 });
});

test('a deposited payment cannot change before its deposit is gone', async () => {
  const id = await invoice(50);
  const paid = await simulator.human({ action: 'pay', invoices: [{ id }] });
  const deposit = await simulator.human({
    action: 'deposit',
    paymentIds: [String(at(paid, 'id'))],
  });

  const refused = await simulator.post('/payment?operation=delete', {
    Id: at(paid, 'id'),
    SyncToken: '0',
  });
  expect(codeOf(refused)).toBe('6540');
  expect(await read('Payment', String(at(paid, 'id')))).toMatchObject({
    LinkedTxn: [{ TxnId: at(deposit, 'id'), TxnType: 'Deposit' }],
    SyncToken: '0',
  });

  await simulator.human({ action: 'delete', entity: 'Deposit', id: String(at(deposit, 'id')) });
  const deleted = await simulator.post('/payment?operation=delete', {
    Id: at(paid, 'id'),
    SyncToken: '0',
  });
  expect(deleted.status).toBe(200);
});

test('the API may not void a paid invoice unless the knob says so; a person may', async () => {
  const id = await invoice(80);
  await pay(80, [line(80, id)]);
  const body = { Id: id, SyncToken: '0' };
  expect(codeOf(await simulator.post('/invoice?operation=void', body))).toBe('6000');

  await simulator.control('PUT', '/behaviour', { voidPaid: 'unlink' });
  const seen = await simulator.post('/invoice?operation=void', body);
  await simulator.control('PUT', '/behaviour', { voidPaid: 'refuse' });
  expect(objectIn(seen.body, 'Invoice')).toMatchObject({ Balance: 0, TotalAmt: 0, LinkedTxn: [] });

  const [link] = listIn(
    (await simulator.query('select * from Payment orderby Id desc maxresults 1')).body,
    'QueryResponse',
    'Payment',
  );
  expect(link).toMatchObject({ UnappliedAmt: 80, Line: [] });
});

test('an invoice made smaller than what was paid gives the rest back to the payment', async () => {
  const id = await invoice(100);
  const paid = await simulator.human({ action: 'pay', invoices: [{ id }] });
  await simulator.human({ action: 'edit', entity: 'Invoice', id, set: { Line: [saleLine(70)] } });
  expect(await read('Invoice', id)).toMatchObject({ TotalAmt: 70, Balance: 0 });
  expect(await read('Payment', String(at(paid, 'id')))).toMatchObject({
    TotalAmt: 100,
    UnappliedAmt: 30,
  });
});

test('a credit memo is used through a payment of zero that links both', async () => {
  const id = await invoice(100, '11');
  const memo = await simulator.post('/creditmemo', {
    CustomerRef: { value: '11' },
    Line: [saleLine(30)],
  });
  expect(objectIn(memo.body, 'CreditMemo')).toMatchObject({ RemainingCredit: 30, Balance: 30 });

  const used = await simulator.human({ action: 'apply-credit', invoiceId: id, amount: 20 });
  expect(at(used, 'entity')).toBe('Payment');
  expect(await read('Invoice', id)).toMatchObject({ Balance: 80 });
  expect(await read('CreditMemo', String(at(memo.body, 'CreditMemo', 'Id')))).toMatchObject({
    RemainingCredit: 10,
  });
  expect(await read('Customer', '11')).toMatchObject({ Balance: 70 });
});

test('credits and payments left over are applied to a new invoice when the company wants that', async () => {
  await simulator.human({
    action: 'edit',
    entity: 'Preferences',
    id: '1',
    set: { SalesFormsPrefs: { AutoApplyCredit: true, AutoApplyPayments: true } },
  });
  await simulator.post('/creditmemo', { CustomerRef: { value: '12' }, Line: [saleLine(15)] });
  await pay(25, [], '12');
  const seen = await simulator.post('/invoice', {
    CustomerRef: { value: '12' },
    Line: [saleLine(100)],
  });
  expect(objectIn(seen.body, 'Invoice')).toMatchObject({
    TotalAmt: 100,
    Balance: 60,
    SyncToken: '0',
  });
});
