import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createServer } from 'node:net';
import path from 'node:path';
import { expect, test } from 'vitest';
import { judgeDatabase } from '#main/doctor-findings.ts';
import type { FigureName, figureMeanings } from '#ports/figures.ts';

const program = path.resolve(import.meta.dirname, '../../src/main/doctor.ts');
const sound = {
  PATH: process.env['PATH'] ?? '',
  LEDGERBRIDGE_DEMO: '0',
  PORT: '0',
  LEDGERBRIDGE_SECRET_KEY: Buffer.alloc(32).toString('base64'),
  LEDGERBRIDGE_PUBLIC_URL: 'https://bridge.example.com',
  QUICKBOOKS_CLIENT_ID: 'client',
  QUICKBOOKS_CLIENT_SECRET: 'secret',
  QUICKBOOKS_WEBHOOK_VERIFIER: 'verifier',
  QUICKBOOKS_ENVIRONMENT: 'production',
};

async function doctor(planted: Readonly<Record<string, string>>): Promise<string> {
  const child = spawn(process.execPath, [program], { env: { ...sound, ...planted } });
  let said = '';
  child.stdout.on('data', (chunk: Buffer) => (said += chunk.toString()));
  child.stderr.on('data', (chunk: Buffer) => (said += chunk.toString()));
  const [code] = await once(child, 'close');
  return `${String(code)}: ${said}`;
}

test('finds nothing wrong with a sound configuration', async () => {
  expect(await doctor({})).toBe('0: Nothing wrong was found.\n');
});

test.each([
  ['a key of the wrong length', { LEDGERBRIDGE_SECRET_KEY: 'c2hvcnQ=' }, /SECRET_KEY.*32 bytes/],
  ['no webhook verifier', { QUICKBOOKS_WEBHOOK_VERIFIER: '' }, /QUICKBOOKS_WEBHOOK_VERIFIER/],
  ['an address without TLS', { LEDGERBRIDGE_PUBLIC_URL: 'http://b.example' }, /not https/],
  ['an address with a path', { LEDGERBRIDGE_PUBLIC_URL: 'https://b.example/x' }, /has a path/],
  [
    'sandbox and production mixed up',
    { QUICKBOOKS_API_BASE_URL: 'https://sandbox-quickbooks.api.intuit.com' },
    /wrong books/,
  ],
  [
    'a database that is away',
    { DATABASE_URL: 'postgresql://u:hidden-word@127.0.0.1:1/none' },
    /does not answer/,
  ],
])('finds %s', async (_name, planted, says) => {
  const said = await doctor(planted);
  expect(said).toMatch(/^1: - /);
  expect(said).toMatch(says);
  expect(said).not.toContain('hidden-word');
});

test('finds a port that is taken', async () => {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  const port = typeof address === 'object' && address !== null ? address.port : 0;
  expect(await doctor({ PORT: String(port) })).toContain(`Port ${port} is taken`);
  server.close();
});

const reached = {
  kind: 'reached',
  version: 180_001,
  settingsOff: [],
  clockOffMs: 0,
  hasPendingMigrations: false,
  figures: null,
} as const;

const nothing = {
  pending_oldest_seconds: null,
  pending_links: null,
  conflicts_open: null,
  dead_letters_open: null,
  drifts_open: null,
  writes_uncertain: null,
  write_uncertain_oldest_seconds: null,
  companies_active: null,
  companies_needs_reconnect: null,
  companies_throttled: null,
  companies_breaker_open: null,
  token_expiry_seconds: null,
  stream_lag_seconds: null,
  leases_live: null,
  links_interrupted: null,
  quickbooks_reads_month: null,
} as const satisfies Record<keyof typeof figureMeanings, null>;
const figuresWith = (name: FigureName, value: number) => ({
  ...nothing,
  [name]: value,
});

test.each([
  ['an old PostgreSQL', { version: 140_009 }, /version 14; LedgerBridge needs 15/],
  ['fsync switched off', { settingsOff: ['fsync'] }, /fsync = off/],
  ['a clock that is off', { clockOffMs: -9_000 }, /-9 s off/],
  ['no worker', { figures: figuresWith('pending_oldest_seconds', 600) }, /no worker takes it up/],
  ['a token about to end', { figures: figuresWith('token_expiry_seconds', 200_000) }, /in 2 days/],
  ['lapsed access', { figures: figuresWith('companies_needs_reconnect', 1) }, /lost their access/],
  ['migrations that wait', { hasPendingMigrations: true }, /behind this version/],
])('finds %s in what the database says', (_name, planted, says) => {
  expect(judgeDatabase(reached)).toEqual([]);
  const [finding] = judgeDatabase({ ...reached, ...planted });
  expect(finding?.problem).toMatch(says);
});
