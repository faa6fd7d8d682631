import { mkdtempSync, readFileSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, describe, expect, test } from 'vitest';
import { readConfig } from '../../src/main/config.ts';

const dir = mkdtempSync(path.join(tmpdir(), 'ledgerbridge-config-'));
afterAll(() => rmSync(dir, { recursive: true, force: true }));

const linesOf = (variables: Record<string, string>): readonly string[] => {
  const outcome = readConfig({ LEDGERBRIDGE_DATA_DIR: dir, ...variables });
  return outcome.ok ? [] : outcome.lines;
};

const configOf = (variables: Record<string, string>) => {
  const outcome = readConfig({ LEDGERBRIDGE_DATA_DIR: dir, ...variables });
  if (!outcome.ok) throw new Error(outcome.lines.join('\n'));
  return outcome.config;
};

const real = {
  DATABASE_URL: 'postgresql://u:p@db.example/ledgerbridge',
  LEDGERBRIDGE_SECRET_KEY: Buffer.alloc(32, 7).toString('base64'),
  QUICKBOOKS_CLIENT_ID: 'client',
  QUICKBOOKS_CLIENT_SECRET: 'very-secret',
  QUICKBOOKS_WEBHOOK_VERIFIER: 'verifier',
};

describe('a wrong environment', () => {
  test.each([
    ['PORT', 'eighty', 'takes a port, 0 to 65535'],
    ['PORT', '70000', 'takes a port, 0 to 65535'],
    ['LEDGERBRIDGE_ROLE', 'boss', 'takes all, api or worker'],
    ['LEDGERBRIDGE_DEMO', 'yes', 'takes 0 or 1'],
    ['QUICKBOOKS_ENVIRONMENT', 'prod', 'takes production or sandbox'],
    ['LEDGERBRIDGE_LOG_LEVEL', 'loud', 'takes trace, debug, info, warn, error or fatal'],
    ['QUICKBOOKS_API_BASE_URL', 'not a url', 'takes an http:// or https:// address'],
    ['QUICKBOOKS_COMMIT_WAIT_SECONDS', '-1', 'takes a whole number, 0 to 3600'],
  ])('says in one line that %s got %s and what it takes', (name, value, takes) => {
    expect(linesOf({ [name]: value })).toEqual([`${name}: got ${JSON.stringify(value)}, ${takes}`]);
  });

  test.each([
    ['LEDGERBRIDGE_SECRET_KEY', 'c2hvcnQ='],
    ['LEDGERBRIDGE_BOOTSTRAP_API_KEY', 'lb_guess-me'],
    ['DATABASE_URL', 'mysql://user:hunter2@host/db'],
  ])('never repeats the value of %s', (name, value) => {
    const lines = linesOf({ [name]: value });
    expect(
      lines.some((line) => line.startsWith(`${name}: got a value that is not shown, takes`)),
    ).toBe(true);
    expect(lines.join()).not.toContain(value);
  });

  test('is told whole, one line for each variable', () => {
    expect(linesOf({ PORT: 'x', HOST: '', LEDGERBRIDGE_ROLE: 'y' })).toHaveLength(2);
  });

  test('names every credential that is missing when the demo is off', () => {
    expect(linesOf({ LEDGERBRIDGE_DEMO: '0' }).map((line) => line.split(':')[0])).toEqual([
      'LEDGERBRIDGE_SECRET_KEY',
      'QUICKBOOKS_CLIENT_ID',
      'QUICKBOOKS_CLIENT_SECRET',
      'QUICKBOOKS_WEBHOOK_VERIFIER',
    ]);
  });

  test.each([
    [{ LEDGERBRIDGE_DEMO: '1', QUICKBOOKS_ENVIRONMENT: 'production' }],
    [{ LEDGERBRIDGE_DEMO: '1', QUICKBOOKS_CLIENT_ID: 'client' }],
  ])('refuses the demo beside anything real: %o', (variables) => {
    expect(linesOf(variables)).toEqual([expect.stringContaining('set LEDGERBRIDGE_DEMO=0')]);
  });
});

describe('a right environment', () => {
  test('without any variable is the demo on this machine', () => {
    expect(configOf({})).toMatchObject({
      demo: true,
      role: 'all',
      port: 4000,
      publicUrl: 'http://127.0.0.1:4000',
      allowPrivateAddresses: true,
    });
  });

  test('with a database and an Intuit app is not the demo, and goes to Intuit', () => {
    const config = configOf(real);
    expect(config).toMatchObject({ demo: false, allowPrivateAddresses: false });
    expect(config.quickbooks.apiBaseUrl).toBe('https://sandbox-quickbooks.api.intuit.com');
    expect(configOf({ ...real, QUICKBOOKS_ENVIRONMENT: 'production' }).quickbooks.apiBaseUrl).toBe(
      'https://quickbooks.api.intuit.com',
    );
  });

  test('lets a single endpoint be replaced', () => {
    const { quickbooks } = configOf({ ...real, QUICKBOOKS_TOKEN_URL: 'http://127.0.0.1:9/token' });
    expect(quickbooks.tokenUrl).toBe('http://127.0.0.1:9/token');
    expect(quickbooks.authorizeUrl).toBe('https://appcenter.intuit.com/connect/oauth2');
  });

  test('keeps the demo’s own key in the data folder, for its owner alone, and finds it again', () => {
    const first = configOf({}).secretKey;
    expect(configOf({}).secretKey).toEqual(first);
    expect(first).toHaveLength(32);
    expect(statSync(path.join(dir, 'secret-key')).mode & 0o077).toBe(0);
    expect(readFileSync(path.join(dir, 'secret-key'), 'utf8')).toBe(first.toString('base64'));
  });
});
