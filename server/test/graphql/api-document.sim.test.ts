import { execFile } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import process from 'node:process';
import { setTimeout as sleep } from 'node:timers/promises';
import { promisify } from 'node:util';
import { expect, onTestFinished, test } from 'vitest';
import { toCompanyId } from '#core/brand.ts';
import { drainCompany } from '#sync/drain-company.ts';
import { apiKey, serveWorld } from '../support/api.ts';
import { childEnvironment } from '../support/child-environment.ts';
import { plainInvoice } from '../support/companies.ts';
import { startWorld, type World } from '../support/world.ts';

const run = promisify(execFile);
const root = path.resolve(import.meta.dirname, '../../..');
const page = readFileSync(path.join(root, 'docs/api.md'), 'utf8');
const snippets = [...page.matchAll(/^```(bash|typescript)\n(.*?)^```/gms)].map(
  ([, language = '', text = '']) => ({ language, text }),
);
const secondsMax = 30;

/** A part of what each snippet prints, in the order of the page. */
const expected = [
  /"name":"Acme Books","status":"ACTIVE"/,
  /"number":"INV-7001","status":"IN_SYNC"/,
  /"totalCount":0.*"deadLetterGroups":\[\]/,
  /"StartReconcileSuccess","replayed":false/,
  /^DEGRADED None has come yet;.*^\[.*"number":"INV-7001".*^LIVE$/ms,
  /^\{"stats":\{"__typename":"Stats"\}\}$/m,
  /^event: next\ndata: \{"data":\{"syncEvents":\{"cursor":/m,
  /INV-7001/,
  /"nodes":\[\{"at":.*"hasNextPage":/,
];

/** Runs a snippet as a reader would, beside the packages of the project. */
async function output(
  { language, text }: (typeof snippets)[number],
  world: World,
  url: string,
  folder: string,
) {
  const env = {
    ...childEnvironment(),
    LEDGERBRIDGE_URL: url,
    LEDGERBRIDGE_KEY: apiKey,
    INVOICING_URL: world.invoicing.url,
    INVOICING_TOKEN: 'simulator-invoicing-token',
    INVOICING_SECRET: `whsec_${Buffer.from('simulator-webhook-secret').toString('base64')}`,
    CONSENT: '&auto=1&realm=9130000000000002',
    CURSOR_FILE: path.join(folder, 'cursor.txt'),
    STOP_AFTER: '1',
  };
  const options = { env, timeout: secondsMax * 1_000 };
  if (language === 'bash') return (await run('bash', ['-euc', text], options)).stdout;
  const file = path.join(folder, 'snippet.ts');
  writeFileSync(file, text);
  return (await run(process.execPath, [file], options)).stdout;
}

/** Drains every company there is, as a worker would, until told to stop. */
async function workUntil({ pool, engine }: World, stop: AbortSignal): Promise<void> {
  while (!stop.aborted) {
    const { rows } = await pool.query<{ id: string }>('SELECT id FROM company');
    for (const { id } of rows) await drainCompany(engine, toCompanyId(id), 'test-worker', stop);
    await sleep(50);
  }
}

test('every snippet of docs/api.md does what the page says, on a running bridge', async () => {
  const world = await startWorld();
  const { url } = await serveWorld(world);
  const done = new AbortController();
  onTestFinished(() => done.abort());
  const folder = mkdtempSync(path.join(root, 'server/test/.api-document-'));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  await world.invoicing.human({ action: 'create', invoice: plainInvoice({ number: 'INV-7001' }) });
  await world.drainUntilSettled();
  await expect
    .poll(async () => {
      const { rows } = await world.pool.query<{ count: number }>(
        'SELECT count(*)::int AS count FROM stream_event WHERE position IS NULL',
      );
      return rows;
    })
    .toEqual([{ count: 0 }]);
  // The consumer goes on from where the reader was: before everything.
  const early = await fetch(`${url}/graphql`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', authorization: `Bearer ${apiKey}` },
    body: JSON.stringify({ query: '{ syncEvents(first: 1) { pageInfo { endCursor } } }' }),
  });
  const cursor = /"endCursor":"([^"]+)"/.exec(await early.text())?.[1] ?? '';
  writeFileSync(path.join(folder, 'cursor.txt'), cursor);

  const working = workUntil(world, done.signal);

  expect(snippets.length).toBe(expected.length);
  for (const [index, snippet] of snippets.entries()) {
    expect(await output(snippet, world, url, folder), snippet.text).toMatch(
      expected[index] ?? /never/,
    );
  }

  done.abort();
  await working;

  expect(readFileSync(path.join(folder, 'cursor.txt'), 'utf8')).not.toBe(cursor);
});
