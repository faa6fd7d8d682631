import { afterAll, beforeAll, expect, test } from 'vitest';
import {
  at,
  codeOf,
  idOf,
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

const page = async (path: string): Promise<string> =>
  (await fetch(`${simulator.url}${path}`)).text();

async function submit(path: string, fields: Record<string, string>): Promise<string> {
  const response = await fetch(`${simulator.url}${path}?realm=9130000000000001`, {
    method: 'POST',
    body: new URLSearchParams(fields),
  });
  return response.text();
}

async function invoice(): Promise<string> {
  const seen = await simulator.post('/invoice', {
    CustomerRef: { value: '1' },
    PrivateNote: '<script>alert(1)</script>',
    Line: [saleLine(100, { Qty: 2, UnitPrice: 50 })],
  });
  return idOf(objectIn(seen.body, 'Invoice'));
}

const read = async (id: string) =>
  objectIn((await simulator.get(`/invoice/${id}`)).body, 'Invoice');

test('the first page lists the invoices of the company, newest first', async () => {
  await invoice();
  const text = await page('/');
  expect(text).toContain('Harbor Lane Outfitters');
  expect(text).toContain('>1001</a>');
  expect(text).toContain('Amberwood Dental Group');
});

test('what the data holds is text, never markup', async () => {
  const id = await invoice();
  const text = await page(`/page/invoices/${id}`);
  expect(text).not.toContain('<script>');
  expect(text).toContain('&lt;script&gt;');
});

test('a person edits, pays, renumbers, voids and deletes from the page', async () => {
  const id = await invoice();
  await submit(`/page/invoices/${id}/edit`, {
    due: '2027-01-31',
    memo: 'Thanks',
    note: 'n',
    'amount-1': '80.00',
  });
  expect(await read(id)).toMatchObject({
    TotalAmt: 80,
    DueDate: '2027-01-31',
    CustomerMemo: { value: 'Thanks' },
    Line: [{ Id: '1' }, {}],
  });
  await submit(`/page/invoices/${id}/renumber`, { number: 'MINE-1' });
  await submit(`/page/invoices/${id}/pay`, { amount: '30' });
  expect(await read(id)).toMatchObject({ Balance: 50, DocNumber: 'MINE-1', SyncToken: '2' });
  await submit(`/page/invoices/${id}/void`, {});
  expect(await read(id)).toMatchObject({ TotalAmt: 0, PrivateNote: 'Voided - n' });
  await submit(`/page/invoices/${id}/delete`, {});
  expect(codeOf(await simulator.get(`/invoice/${id}`))).toBe('610');
});

test('a person creates an invoice, and a refusal is said on the page', async () => {
  const made = await submit('/page/invoices', {
    customer: '2',
    item: '3',
    amount: '12.34',
    description: 'By hand',
  });
  expect(made).toContain('Done: create.');
  const latest = (await simulator.mutations()).at(-1);
  expect(latest).toMatchObject({ actor: 'human', operation: 'create' });
  expect(await submit('/page/invoices', { customer: '2', item: '3', amount: 'lots' })).toContain(
    'Invalid Number',
  );
});

test('a fault is switched on and off with a click', async () => {
  await submit('/page/faults', { preset: 'down' });
  expect((await simulator.get('/customer/1')).status).toBe(503);
  await submit('/page/faults', { preset: 'off' });
  expect((await simulator.get('/customer/1')).status).toBe(200);
  expect(at(await simulator.control('GET', '/faults'), 'rules')).toEqual([]);
});
