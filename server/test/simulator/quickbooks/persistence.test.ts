import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { cpuMs } from '../../support/cpu-time.ts';
import type { JsonObject } from '../../../simulator/quickbooks/json.ts';
import {
  at,
  demoRealm,
  idOf,
  listIn,
  objectIn,
  saleLine,
  startSimulator,
  type Running,
} from './running-simulator.ts';
import { WebhookEndpoint } from './webhook-endpoint.ts';

let dataDir: string;
let running: Running | undefined;
beforeEach(() => {
  dataDir = fs.mkdtempSync(path.join(os.tmpdir(), 'quickbooks-simulator-'));
});
afterEach(async () => {
  await running?.close();
  running = undefined;
  fs.rmSync(dataDir, { recursive: true });
});

async function start(more: object = {}): Promise<Running> {
  await running?.close();
  running = await startSimulator({ dataDir, ...more });
  return running;
}

const counts = async (simulator: Running) =>
  at(await simulator.control('GET', '/webhooks'), 'counts');

const state = (simulator: Running) => simulator.control('GET', `/realms/${demoRealm}/state`);

test('companies, tokens, request ids, mutations and knobs outlive a restart', async () => {
  const before = await start();
  const body = { CustomerRef: { value: '1' }, Line: [saleLine(7)] };
  const created = await before.post('/invoice?requestid=r1', body);
  await before.human({
    action: 'pay',
    invoices: [{ id: idOf(objectIn(created.body, 'Invoice')) }],
  });
  await before.control('PUT', '/behaviour', { tokenOnPayment: true });
  const [stateBefore, mutationsBefore] = [await state(before), await before.mutations()];

  const after = await start();
  expect(await state(after)).toEqual(stateBefore);
  expect(await after.mutations()).toEqual(mutationsBefore);
  expect(await after.control('GET', '/behaviour')).toMatchObject({ tokenOnPayment: true });
  const headers = { authorization: `Bearer ${before.accessToken}` };
  const replay = await after.company('POST', '/invoice?requestid=r1', body, headers);
  expect(replay.text).toBe(created.text);
  expect(await after.mutations()).toHaveLength(mutationsBefore.length);
});

test('what nobody has acknowledged is told after a restart, first things first, then never again', async () => {
  const endpoint = new WebhookEndpoint();
  endpoint.status = () => 500;
  const before = await start();
  await before.control('PUT', '/webhooks', { url: await endpoint.listen() });
  const body = { CustomerRef: { value: '1' }, Line: [saleLine(7)] };
  for (const _number of [1, 2, 3]) await before.post('/invoice', body);
  await expect.poll(() => endpoint.received.length, { timeout: 25_000 }).toBe(1);
  const [refused] = endpoint.events;

  endpoint.status = () => 200;
  const after = await start();
  await expect.poll(() => endpoint.events.length, { timeout: 25_000 }).toBe(4);
  const told = endpoint.events.slice(1);
  expect(told[0], 'the same event, with the same id').toEqual(refused);
  expect(told.map((event) => event['intuitentityid'])).toEqual(['1', '2', '3']);
  await expect.poll(() => counts(after), { timeout: 25_000 }).toMatchObject({ acknowledged: 3 });

  const third = await start();
  await third.post('/invoice', body);
  await expect.poll(() => counts(third), { timeout: 25_000 }).toMatchObject({ acknowledged: 1 });
  expect(endpoint.events).toHaveLength(5);
  endpoint.close();
});

test('an app that comes up after the simulator is told at once when it says where it listens', async () => {
  const late = new WebhookEndpoint();
  const before = await start();
  await before.control('PUT', '/webhooks', { url: 'http://127.0.0.1:1/nobody' });
  await before.post('/payment', { CustomerRef: { value: '1' }, TotalAmt: 1 });

  const after = await start();
  await expect.poll(() => counts(after), { timeout: 25_000 }).toMatchObject({ failedAttempts: 1 });
  await after.control('PUT', '/webhooks', { url: await late.listen() });
  await expect.poll(() => late.types, { timeout: 25_000 }).toEqual(['qbo.payment.created.v1']);
  late.close();
});

test('a reset forgets what was still to be told', async () => {
  const endpoint = new WebhookEndpoint();
  endpoint.status = () => 500;
  const simulator = await start();
  await simulator.control('PUT', '/webhooks', { url: await endpoint.listen() });
  const body = { CustomerRef: { value: '1' }, Line: [saleLine(7)] };
  await simulator.post('/invoice', body);
  await expect.poll(() => endpoint.received.length, { timeout: 25_000 }).toBe(1);

  endpoint.status = () => 200;
  await simulator.control('POST', '/reset', {});
  await simulator.post('/payment', { CustomerRef: { value: '1' }, TotalAmt: 1 });
  await expect
    .poll(() => endpoint.types.at(-1), { timeout: 25_000 })
    .toBe('qbo.payment.created.v1');
  expect(endpoint.types).toEqual(['qbo.invoice.created.v1', 'qbo.payment.created.v1']);
  endpoint.close();
});

test('a torn last line of the journal loses only the write it was', async () => {
  const before = await start();
  const body = { CustomerRef: { value: '1' }, Line: [saleLine(7)] };
  await before.post('/invoice', body);
  await before.close();
  running = undefined;
  const journal = path.join(dataDir, 'simulator-quickbooks', 'journal.jsonl');
  fs.appendFileSync(journal, '[["9130000000000001/Invoice","2",{"Id":"2","Tot');

  const after = await start();
  expect(listIn(await state(after), 'Invoice')).toHaveLength(1);
  const next = await after.post('/invoice', body);
  expect(objectIn(next.body, 'Invoice')).toMatchObject({ Id: '2', DocNumber: '1002' });
});

test('the same seed gives the same company', async () => {
  const one = await start({ history: true });
  const first = await state(one);
  expect(listIn(first, 'Invoice').length).toBeGreaterThan(80);
  await one.control('POST', '/reset', {});
  expect(await state(one)).toEqual(first);
  await one.control('POST', '/reset', { seed: 'another' });
  expect(await state(one)).not.toEqual(first);
});

test('a year of business holds invoices in every state', async () => {
  const invoices = listIn(await state(await start({ history: true })), 'Invoice');
  const has = (is: (invoice: JsonObject) => boolean): boolean => invoices.some(is);
  const [total, balance] = [
    (i: JsonObject) => Number(i['TotalAmt']),
    (i: JsonObject) => Number(i['Balance']),
  ];
  expect(
    has((i) => balance(i) === 0 && total(i) > 0),
    'paid',
  ).toBe(true);
  expect(
    has((i) => balance(i) > 0 && balance(i) < total(i)),
    'paid in part',
  ).toBe(true);
  expect(
    has((i) => balance(i) === total(i) && total(i) > 0),
    'open',
  ).toBe(true);
  expect(
    has((i) => i['PrivateNote'] === 'Voided'),
    'void',
  ).toBe(true);
  expect(
    has((i) => i['EmailStatus'] === 'EmailSent'),
    'sent',
  ).toBe(true);
});

test('a recorded company is loaded as it is, from a folder or a reset', async () => {
  const folder = path.join(dataDir, 'recorded');
  fs.mkdirSync(folder);
  const recorded = {
    Invoice: [
      { Id: '77', SyncToken: '3', DocNumber: 'OLD-9', TotalAmt: 1.5, Balance: 1, odd: true },
    ],
    Customer: [{ Id: '4', DisplayName: 'Recorded', Active: true, SyncToken: '0' }],
  };
  for (const [entity, objects] of Object.entries(recorded)) {
    fs.writeFileSync(path.join(folder, `${entity}.json`), JSON.stringify(objects));
  }
  const simulator = await start({ seedDir: folder });
  expect(await state(simulator)).toMatchObject(recorded);
  await simulator.control('POST', '/reset', { company: recorded });
  expect(await state(simulator)).toMatchObject(recorded);
  const next = await simulator.post('/salesreceipt', {
    Line: [saleLine(1)],
    CustomerRef: { value: '4' },
  });
  expect(next.status, 'the item of the line is not there').toBe(400);
});

test('10,000 invoices are loaded in under a second of processor time', async () => {
  const simulator = await start();
  const sample = await simulator.post('/invoice', {
    CustomerRef: { value: '1' },
    Line: [saleLine(7), saleLine(9)],
  });
  const invoice = objectIn(sample.body, 'Invoice');
  const company = {
    Invoice: Array.from({ length: 10_000 }, (_, index) => ({
      ...invoice,
      Id: String(index + 1),
      DocNumber: String(index + 1),
    })),
  };
  await simulator.control('POST', '/reset', { company });
  await simulator.close();
  running = undefined;

  const startedMs = cpuMs();
  const after = await start();
  const tookMs = cpuMs() - startedMs;
  const count = await after.query('select count(*) from Invoice');
  expect(count.body['QueryResponse']).toEqual({ totalCount: 10_000 });
  expect(tookMs).toBeLessThan(1_000);
});
