import { spawn } from 'node:child_process';
import { once } from 'node:events';
import path from 'node:path';
import process from 'node:process';
import { expect, test } from 'vitest';
import { csvLine } from '../../command/export.ts';
import { apiKey, serveWorld } from '../support/api.ts';
import { childEnvironment } from '../support/child-environment.ts';
import { plainInvoice } from '../support/companies.ts';
import { quickBooksInvoices } from '../support/ledger.ts';
import { startWorkerProcess } from '../support/worker-process.ts';
import { startWorld } from '../support/world.ts';

const program = path.resolve(import.meta.dirname, '../../command/main.ts');

/** Runs `ledgerbridge` as a person does, against that API. */
async function run(url: string, args: readonly string[], key: string = apiKey) {
  const child = spawn(process.execPath, [program, ...args], {
    env: { ...childEnvironment(), LEDGERBRIDGE_URL: url, LEDGERBRIDGE_API_KEY: key },
  });
  let [out, err] = ['', ''];
  child.stdout.on('data', (part: Buffer) => (out += part.toString('utf8')));
  child.stderr.on('data', (part: Buffer) => (err += part.toString('utf8')));
  const [code]: unknown[] = await once(child, 'close');
  return { code, out, err };
}

/** A company with two invoices across and one dead letter, its API and its worker. */
async function openBooks() {
  const world = await startWorld({ rings: true });
  const refuse = {
    match: { entity: 'Invoice', operation: 'create' },
    effect: 'status',
    params: { status: 400, code: '6070' },
  };
  await world.invoicing.human({ action: 'create', invoice: plainInvoice() });
  await world.invoicing.human({ action: 'create', invoice: plainInvoice() });
  await world.drainUntilSettled();
  await world.quickbooks.faults([refuse]);
  await world.invoicing.human({ action: 'create', invoice: plainInvoice() });
  await world.drainUntilSettled();
  await world.quickbooks.faults([]);
  // Whoever corrected the cause may send it round again.
  await world.pool.query(`UPDATE dead_letter SET reason = 'RETRIES_EXHAUSTED'`);
  const { url } = await serveWorld(world);
  await startWorkerProcess(world);
  const [company] = await world.pool
    .query<{ name: string }>('SELECT name FROM company')
    .then(({ rows }) => rows);
  if (company === undefined) throw new Error('a world without a company');
  return { world, url, name: company.name };
}

test('tells how things stand, replays what died, reconciles, verifies the trail and takes the books out', async () => {
  const { world, url, name } = await openBooks();

  const before = await run(url, ['status']);
  expect(before.out).toContain('1 DEAD_LETTERED');
  const companies = await run(url, ['companies', '--json']);
  expect(JSON.parse(companies.out)).toMatchObject([{ name, status: 'ACTIVE', mode: 'LIVE' }]);

  const meant = await run(url, ['replay']);
  expect(meant.out).toMatch(
    /^1 dead letter of .*\nNothing was done\. Add --yes to replay them\.\n$/s,
  );
  expect(await quickBooksInvoices(world)).toHaveLength(2);
  const replayed = await run(url, ['replay', '--company', name, '--per-minute', '500', '--yes']);
  expect(replayed).toMatchObject({
    code: 0,
    out: expect.stringContaining('SUCCEEDED: 1 of 1'),
    err: '',
  });
  await world.settled();
  expect(await quickBooksInvoices(world)).toHaveLength(3);

  const reconciled = await run(url, ['reconcile', name]);
  expect(reconciled).toMatchObject({ code: 0, out: expect.stringContaining('The books agree.') });

  const verified = await run(url, ['verify-audit']);
  expect(verified.code).toBe(0);
  expect(verified.out).toMatch(new RegExp(`^${name}: intact, \\d+ entries, head [0-9a-f]{64}\\n$`));
  await world.pool.query(
    `ALTER TABLE audit_entry DISABLE TRIGGER USER;
     UPDATE audit_entry SET content = jsonb_set(content, '{summary}', '"nothing happened"') WHERE sequence = 2`,
  );
  const broken = await run(url, ['verify-audit', '--company', name]);
  expect(broken).toMatchObject({ code: 1, out: expect.stringContaining('BROKEN at') });

  const books = await run(url, ['export', 'invoices', name]);
  expect(books.out.trim().split('\r\n')).toHaveLength(4);
  expect(books.out).toMatch(/IN_SYNC/);
  const period = ['--from', '2020-01-01', '--to', '2030-01-01'];
  const proof = await run(url, ['export', 'evidence', name, ...period]);
  expect(JSON.parse(proof.out)).toMatchObject({
    controlTotals: [{ internalCount: 3, quickbooksCount: 3, difference: { amount: '0.00' } }],
  });
});

test('makes a key, lists it and revokes it; what is refused is said in words, and ends with 1', async () => {
  const world = await startWorld();
  const { url } = await serveWorld(world);

  const made = await run(url, ['keys', 'create', 'Dashboard', '--scopes', 'READ']);
  const key = made.out.trim();
  expect(key).toMatch(/^lb_[\w-]{43}$/);
  expect((await run(url, ['companies'], key)).code).toBe(0);
  const refused = await run(url, ['keys', 'create', 'Other'], key);
  expect(refused).toMatchObject({ code: 1, out: '' });
  expect(refused.err).toBe('Your key does not hold the right that this needs.\n');

  const listed = await run(url, ['keys', 'list']);
  expect(listed.out).toMatch(/lb_\S+…\s+Dashboard\s+READ\s+all/);
  expect(listed.out).not.toContain(key);
  await run(url, ['keys', 'revoke', key.slice(0, 10)]);
  const locked = await run(url, ['companies'], key);
  expect(locked.code).toBe(1);
  expect(locked.err).toMatch(/^The key is not accepted\./);
});

test('where nothing answers, without a key, and misused, one sentence says so', async () => {
  const nowhere = await run('http://127.0.0.1:9', ['status']);
  expect(nowhere).toMatchObject({ code: 1, out: '' });
  expect(nowhere.err).toBe('No bridge answers at http://127.0.0.1:9. Is an api running there?\n');

  expect((await run('http://127.0.0.1:9', ['status'], '')).err).toMatch(
    /^Set LEDGERBRIDGE_API_KEY/,
  );
  expect((await run('http://127.0.0.1:9', ['replay', '--wildly'])).code).toBe(2);
  expect((await run('http://127.0.0.1:9', ['dance'])).code).toBe(2);
});

test.each([
  [['a', 'b'], 'a,b\r\n'],
  [['say "hi"', 'two\nlines', 'a,b'], '"say ""hi""","two\nlines","a,b"\r\n'],
  [['=1+1', '@x', '+x', '-1.50', '-x'], `'=1+1,'@x,'+x,-1.50,'-x\r\n`],
])('writes %j as a line that no spreadsheet calculates', (cells, line) => {
  expect(csvLine(cells)).toBe(line);
});
