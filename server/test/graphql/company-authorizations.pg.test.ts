import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { z } from 'zod';
import { startBridge, type Bridge } from './bridge.ts';
import { actionsOf, askAnew, countOf, globalId, makeKey, seedBooks } from './requests.ts';

let bridge: Bridge;

beforeAll(async () => {
  bridge = await startBridge();
});

afterAll(async () => {
  await bridge.close();
});

describe('startCompanyAuthorization', () => {
  const start = `mutation Do($input: StartCompanyAuthorizationInput!) { result: startCompanyAuthorization(input: $input) { __typename
    ... on StartCompanyAuthorizationSuccess { replayed authorizationUrl } ... on ValidationError { issues { path } } } }`;

  test('makes a new address for a repeat with the same key', async () => {
    const { companyId } = await seedBooks(bridge);
    const idempotencyKey = randomUUID();
    const input = { companyId: globalId('Company', companyId), returnPath: '/', idempotencyKey };

    const answers = [await bridge.ask(start, { input }), await bridge.ask(start, { input })];

    const results = answers.map(({ data }) =>
      z.object({ replayed: z.boolean(), authorizationUrl: z.string() }).parse(data?.['result']),
    );
    expect(results.map(({ replayed }) => replayed)).toEqual([false, true]);
    expect(new Set(results.map(({ authorizationUrl }) => authorizationUrl)).size).toBe(2);
    expect(await actionsOf(bridge, companyId)).toEqual(['COMPANY_CHANGED']);
  });

  test.each(['https://evil.example', '//evil.example', '/\\evil.example', 'companies'])(
    'refuses %j as a way back',
    async (returnPath) => {
      const { companyId } = await seedBooks(bridge);
      const input = { companyId: globalId('Company', companyId), returnPath };

      expect(await askAnew(bridge, 'startCompanyAuthorization', input)).toMatchObject({
        code: 'VALIDATION',
        issues: [{ path: ['returnPath'] }],
      });
    },
  );

  test('a state is taken up once, within its time, by a key that still may', async () => {
    const { companyId } = await seedBooks(bridge);
    const input = { companyId: globalId('Company', companyId), returnPath: '/' };
    const stateFor = async (headers?: Record<string, string>) => {
      const { data } = await bridge.ask(
        start,
        { input: { ...input, idempotencyKey: randomUUID() } },
        headers,
      );
      const { authorizationUrl } = z
        .object({ authorizationUrl: z.string() })
        .parse(data?.['result']);
      return new URL(authorizationUrl).searchParams.get('state') ?? '';
    };
    const take = (given: string, nonce: string | null) => bridge.authorizations.take(given, nonce);
    const why = (reason: string) => ({ kind: 'refused', why: reason });

    const state = await stateFor();
    const both = await Promise.all([take(state, null), take(state, null)]);
    expect(both.map(({ kind }) => kind).toSorted()).toEqual(['refused', 'taken']);
    expect(await take(state, null)).toEqual(why('used'));

    const [id, mark = ''] = (await stateFor()).split('.');
    expect(await take(`${id}.${mark.slice(1)}${mark.slice(0, 1)}`, null)).toEqual(why('forged'));
    expect(await take(`${randomUUID()}.${mark}`, null)).toEqual(why('forged'));
    expect(await take('', null)).toEqual(why('forged'));

    const old = await stateFor();
    await bridge.pool.query(
      `UPDATE company_authorization SET expires_at = clock_timestamp() WHERE id = $1`,
      [old.split('.')[0]],
    );
    expect(await take(old, null)).toEqual(why('expired'));

    const key = await makeKey(bridge, ['ADMIN'], null);
    const ended = await stateFor(key);
    await bridge.pool.query(
      `UPDATE api_client SET revoked_at = now() WHERE id = (SELECT api_client_id FROM company_authorization WHERE id = $1)`,
      [ended.split('.')[0]],
    );
    expect(await take(ended, null)).toEqual(why('no-rights'));
  });

  test('begun in a session, a state counts in that browser alone', async () => {
    const { companyId } = await seedBooks(bridge);
    const key = await makeKey(bridge, ['ADMIN'], null);
    const own = { 'content-type': 'application/json', 'x-ledgerbridge-csrf': '1' };
    const signedIn = await fetch(`${bridge.url}/session`, {
      method: 'POST',
      headers: own,
      body: JSON.stringify({ apiKey: key.authorization.replace('Bearer ', '') }),
    });
    const session = signedIn.headers.get('set-cookie')?.split(';')[0] ?? '';

    const begun = await fetch(`${bridge.url}/oauth/quickbooks/connect?companyId=${companyId}`, {
      headers: { cookie: session },
      redirect: 'manual',
    });

    expect(begun.status).toBe(302);
    const cookie = begun.headers.get('set-cookie') ?? '';
    expect(cookie).toMatch(/^ledgerbridge_connecting=[\w-]{43}; Path=\/; HttpOnly; SameSite=Lax/);
    const nonce = /=([\w-]+);/.exec(cookie)?.[1] ?? '';
    const location = new URL(begun.headers.get('location') ?? '');
    const state = location.searchParams.get('state') ?? '';
    const take = (given: string, nonce: string | null) => bridge.authorizations.take(given, nonce);
    expect(await take(state, null)).toEqual({ kind: 'refused', why: 'other-browser' });
    expect(await take(state, 'x'.repeat(43))).toEqual({ kind: 'refused', why: 'other-browser' });
    expect(await take(state, nonce)).toMatchObject({ kind: 'taken' });
  });

  test('over HTTP needs the scope ADMIN and a company', async () => {
    const { companyId } = await seedBooks(bridge);
    const operator = await makeKey(bridge, ['OPERATE'], null);
    const admin = await makeKey(bridge, ['ADMIN'], null);
    const at = `${bridge.url}/oauth/quickbooks/connect?companyId=`;
    const statusOf = async (url: string, headers = {}) =>
      (await fetch(url, { headers, redirect: 'manual' })).status;

    expect(await statusOf(`${at}${companyId}`)).toBe(401);
    expect(await statusOf(`${at}${companyId}`, operator)).toBe(403);
    expect(await statusOf(`${at}${randomUUID()}`, admin)).toBe(400);
    expect(await statusOf(`${at}${companyId}`, admin)).toBe(302);
  });
});

describe('disconnectCompany', () => {
  test('takes the tokens away, leaves one to give back, and ends whoever holds the lease', async () => {
    const name = `Books ${randomUUID()}`;
    const { companyId } = await seedBooks(bridge, name);
    const sealed = Buffer.from(bridge.secrets.seal('refresh-token'));
    await bridge.pool.query(
      `INSERT INTO quickbooks_credential (company_id, access_token, refresh_token, access_expires_at, refresh_expires_at)
       VALUES ($1, $2, $2, now(), now())`,
      [companyId, sealed],
    );
    await bridge.pool.query(
      `INSERT INTO company_lease (company_id, epoch, holder, expires_at) VALUES ($1, 4, 'worker', now() + interval '1 minute')`,
      [companyId],
    );

    const result = await askAnew(bridge, 'disconnectCompany', {
      companyId: globalId('Company', companyId),
      expectedVersion: 1,
      confirmName: name,
    });

    expect(result).toMatchObject({ company: { status: 'DISCONNECTED', version: 2 } });
    const of = (table: string) =>
      countOf(bridge, `FROM ${table} WHERE company_id = $1`, [companyId]);
    expect(await of('quickbooks_credential')).toBe(0);
    expect(await of('token_revocation')).toBe(1);
    expect(
      await countOf(
        bridge,
        `FROM company_lease WHERE company_id = $1 AND epoch = 5 AND holder IS NULL`,
        [companyId],
      ),
    ).toBe(1);
    expect(await actionsOf(bridge, companyId)).toEqual(['COMPANY_CHANGED']);
    expect(await of('link')).toBe(1);

    const again = await askAnew(bridge, 'disconnectCompany', {
      companyId: globalId('Company', companyId),
      expectedVersion: 2,
      confirmName: name,
    });
    expect(again).toMatchObject({ code: 'ILLEGAL_STATE', retryable: false });
  });

  test('needs the name of the company', async () => {
    const { companyId } = await seedBooks(bridge);

    const result = await askAnew(bridge, 'disconnectCompany', {
      companyId: globalId('Company', companyId),
      expectedVersion: 1,
      confirmName: 'Books',
    });

    expect(result).toMatchObject({ code: 'VALIDATION', issues: [{ path: ['confirmName'] }] });
    expect(await actionsOf(bridge, companyId)).toEqual([]);
  });
});
