import { spawn } from 'node:child_process';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { createInvoicingSimulator } from '../../../simulator/invoicing/server.ts';
import { childEnvironment } from '../../support/child-environment.ts';
import { until } from '../control/until.ts';
import { plainInvoice, smallCompany, startWorld, token } from './world.ts';

const headers = { authorization: `Bearer ${token}` };

function freshDirectory(): string {
  const directory = fs.mkdtempSync(path.join(os.tmpdir(), 'invoicing-'));
  onTestFinished(() => fs.rmSync(directory, { recursive: true, force: true }));
  return directory;
}

test('what happened survives a restart: invoices, tombstones, keys, mutations, listener', async () => {
  const dataDir = freshDirectory();
  const first = await startWorld({ dataDir }, smallCompany);
  await first.control('PUT', 'webhooks', { url: 'http://127.0.0.1:9/hook' });
  await first.post('/invoices', { ...plainInvoice, externalRef: 'r1' }, { key: 'k1' });
  await first.human({ action: 'pay', id: 'inv_1', amount: '8' });
  await first.human({ action: 'unpay', paymentId: 'pay_1' });
  await first.newInvoice();
  await first.human({ action: 'delete', id: 'inv_2' });
  const { url: firstUrl } = first;
  const stateBefore = JSON.stringify((await first.control('GET', 'state')).body);
  const mutationsBefore = await first.mutations();
  await first.simulator.close();

  const second = await startWorld({ dataDir });

  const stateAfter = JSON.stringify((await second.control('GET', 'state')).body);
  expect(stateAfter.replaceAll(second.url, firstUrl)).toBe(stateBefore);
  expect(await second.mutations()).toEqual(mutationsBefore);
  expect((await second.get('/payments/pay_1')).status).toBe(410);
  expect((await second.get('/invoices/inv_2')).status).toBe(410);
  expect((await second.control('GET', 'webhooks')).body['url']).toBe('http://127.0.0.1:9/hook');

  const again = await second.post(
    '/invoices',
    { ...plainInvoice, externalRef: 'r1' },
    { key: 'k1' },
  );
  expect([again.status, again.headers.get('idempotency-replayed')]).toEqual([201, 'true']);
  const next = await second.post('/invoices', plainInvoice, { key: 'k3' });
  expect(next.body).toMatchObject({ id: 'inv_3', number: 'INV-20003' });
});

test('the process starts by its environment, survives SIGKILL with its state, and ends on SIGTERM', async () => {
  const dataDir = freshDirectory();
  const first = await startProcess(dataDir);
  const posted = await fetch(`${first.url}/_control/human`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ action: 'create', invoice: plainInvoice }),
  });
  expect(await posted.json()).toEqual({ id: 'inv_31', version: '1' });
  first.child.kill('SIGKILL');
  await first.ended;

  const second = await startProcess(dataDir);
  const read = await fetch(`${second.url}/invoices/inv_31`, { headers });
  expect(read.status).toBe(200);

  second.child.kill('SIGTERM');
  expect(await second.ended).toBe(0);
});

test('a wrong environment value is named before anything listens', async () => {
  const { child, ended, errors } = run({ SIMULATOR_INVOICING_PORT: 'many' });
  onTestFinished(() => void child.kill('SIGKILL'));
  expect(await ended).toBe(1);
  expect(errors()).toContain('SIMULATOR_INVOICING_PORT');
});

test('a folder of recorded objects is loaded as it is', async () => {
  const seedDir = freshDirectory();
  const invoice = {
    id: 'inv_7',
    customer: { id: 'c', displayName: 'C' },
    issueDate: '2026-01-02',
    lines: [{ id: 'l1', amount: '10.00' }],
    subtotal: '10.00',
    taxTotal: '0.83',
    total: '10.83',
    balanceDue: '10.83',
  };
  fs.writeFileSync(path.join(seedDir, 'Invoice.json'), JSON.stringify([invoice]));
  fs.writeFileSync(
    path.join(seedDir, 'Customer.json'),
    JSON.stringify([{ id: 'c', displayName: 'C' }]),
  );

  const world = await startWorld({ seedDir });

  expect((await world.get('/invoices/inv_7')).body).toMatchObject(invoice);
  expect((await world.get('/customers')).list('customers')).toHaveLength(1);
  expect((await world.get('/items')).list('items')).toEqual([]);
  expect((await world.get('/terms')).list('terms')).not.toEqual([]);
});

test.each([
  ['[{"id": 7}]', 'invoices[0].id'],
  ['nonsense', 'is not JSON'],
])('a folder that cannot be read is refused with the reason: %s', async (text, reason) => {
  const seedDir = freshDirectory();
  fs.writeFileSync(path.join(seedDir, 'Invoice.json'), text);
  await expect(createInvoicingSimulator({ seedDir })).rejects.toThrow(reason);
});

test('an empty folder is refused rather than taken for a company', async () => {
  await expect(createInvoicingSimulator({ seedDir: freshDirectory() })).rejects.toThrow(
    'Invoice.json',
  );
});

function run(env: Record<string, string>) {
  const main = path.resolve(import.meta.dirname, '../../../simulator/invoicing/main.ts');
  const child = spawn(process.execPath, [main], { env: { ...childEnvironment(), ...env } });
  let output = '';
  let errors = '';
  child.stdout.on('data', (chunk: Buffer) => (output += chunk.toString()));
  child.stderr.on('data', (chunk: Buffer) => (errors += chunk.toString()));
  const ended = new Promise<number | null>((resolve) => child.once('exit', resolve));
  return { child, ended, output: () => output, errors: () => errors };
}

async function startProcess(dataDir: string) {
  const started = run({ SIMULATOR_INVOICING_PORT: '0', LEDGERBRIDGE_DATA_DIR: dataDir });
  onTestFinished(() => void started.child.kill('SIGKILL'));
  const url = await until(
    'the address',
    () => /"url":"([^"]+)"/.exec(started.output())?.[1],
    10_000,
  );
  return { ...started, url };
}
