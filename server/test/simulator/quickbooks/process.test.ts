import { spawn } from 'node:child_process';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { childEnvironment } from '../../support/child-environment.ts';
import { until } from '../control/until.ts';
import { at, call, demoRealm, listIn, saleLine } from './running-simulator.ts';

const main = path.resolve(import.meta.dirname, '../../../simulator/quickbooks/main.ts');

function run(environment: Record<string, string>) {
  const env = { ...childEnvironment(), SIMULATOR_QUICKBOOKS_PORT: '0', ...environment };
  const child = spawn(process.execPath, [main], { env });
  onTestFinished(() => void child.kill('SIGKILL'));
  let output = '';
  let errors = '';
  child.stdout.on('data', (chunk: Buffer) => (output += chunk.toString()));
  child.stderr.on('data', (chunk: Buffer) => (errors += chunk.toString()));
  const ended = new Promise<number | null>((resolve) => child.once('exit', resolve));
  const url = () => until('the address', () => /"url":"([^"]+)"/.exec(output)?.[1], 10_000);
  return { child, ended, url, errors: () => errors };
}

function freshDirectory(): string {
  const directory = fs.mkdtempSync(path.join(os.tmpdir(), 'quickbooks-'));
  onTestFinished(() => fs.rmSync(directory, { recursive: true, force: true }));
  return directory;
}

async function createInvoice(url: string, accessToken: string): Promise<void> {
  const seen = await call(`${url}/v3/company/${demoRealm}/invoice`, {
    method: 'POST',
    body: JSON.stringify({ CustomerRef: { value: '7' }, Line: [saleLine(5, {}, '3')] }),
    headers: { authorization: `Bearer ${accessToken}` },
  });
  expect(seen.status, seen.text).toBe(200);
}

const stateAt = (url: string) => call(`${url}/_control/realms/${demoRealm}/state`, {});

test('the process loads a recorded company, survives SIGKILL with all it answered for, and ends on SIGTERM', async () => {
  const seedDir = freshDirectory();
  const named = { Active: true, SyncToken: '0' };
  const company = {
    Customer: [{ Id: '7', DisplayName: 'Recorded', ...named }],
    Item: [{ Id: '3', Name: 'Thing', Type: 'Service', ...named }],
  };
  for (const [entity, objects] of Object.entries(company)) {
    fs.writeFileSync(path.join(seedDir, `${entity}.json`), JSON.stringify(objects));
  }
  const environment = {
    LEDGERBRIDGE_DATA_DIR: freshDirectory(),
    SIMULATOR_QUICKBOOKS_SEED_DIR: seedDir,
    SIMULATOR_QUICKBOOKS_LIMITS: 'none',
  };

  const first = run(environment);
  const url = await first.url();
  const { body: tokens } = await call(`${url}/_control/realms/${demoRealm}/token`, {
    method: 'POST',
  });
  for (let number = 0; number < 20; number += 1) {
    await createInvoice(url, String(at(tokens, 'accessToken')));
  }
  const before = (await stateAt(url)).body;
  expect(listIn(before, 'Customer')).toMatchObject([{ Id: '7', Balance: 100 }]);
  first.child.kill('SIGKILL');
  await first.ended;

  const second = run(environment);
  const after = await stateAt(await second.url());
  expect(after.body).toEqual(before);
  second.child.kill('SIGTERM');
  expect(await second.ended).toBe(0);
});

test.each([
  ['SIMULATOR_QUICKBOOKS_PORT', 'ninety'],
  ['SIMULATOR_QUICKBOOKS_LIMITS', 'some'],
])('a wrong %s is named with what it got before anything listens', async (name, value) => {
  const started = run({ [name]: value });
  expect(await started.ended).toBe(1);
  expect(started.errors()).toMatch(new RegExp(`^${name} is "${value}": .+\n$`));
});
