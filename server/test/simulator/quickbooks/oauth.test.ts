import { afterAll, beforeEach, expect, test } from 'vitest';
import { textOf } from '../../../simulator/quickbooks/json.ts';
import { at, call, startSimulator, type Running } from './running-simulator.ts';

const simulator: Running = await startSimulator();
afterAll(() => simulator.close());
beforeEach(async () => {
  await simulator.control('POST', '/reset', {});
});

const redirect = 'http://127.0.0.1:1/callback';

const tokenEndpoint = `${simulator.url}/oauth2/v1/tokens/bearer`;
const basic = `Basic ${Buffer.from('simulator-client:simulator-secret').toString('base64')}`;

function refresh(refreshToken: string, headers: Record<string, string> = {}) {
  return call(tokenEndpoint, {
    method: 'POST',
    headers: {
      authorization: basic,
      'content-type': 'application/x-www-form-urlencoded',
      ...headers,
    },
    body: new URLSearchParams({
      grant_type: 'refresh_token',
      refresh_token: refreshToken,
    }).toString(),
  });
}

function read(accessToken: string, realm = '9130000000000001') {
  return call(`${simulator.url}/v3/company/${realm}/customer/1`, {
    headers: { authorization: `Bearer ${accessToken}`, accept: 'application/json' },
  });
}

async function consent(query: string): Promise<URL> {
  const response = await fetch(
    `${simulator.url}/connect/oauth2?client_id=simulator-client&response_type=code&scope=com.intuit.quickbooks.accounting&redirect_uri=${encodeURIComponent(redirect)}&${query}`,
    { redirect: 'manual' },
  );
  expect(response.status).toBe(302);
  return new URL(response.headers.get('location') ?? '');
}

test('a code is good once', async () => {
  const back = await consent('state=x&auto=1');
  expect(back.searchParams.get('realmId')).toBe('9130000000000001');
  const exchange = () =>
    call(tokenEndpoint, {
      method: 'POST',
      headers: { authorization: basic },
      body: `grant_type=authorization_code&code=${back.searchParams.get('code')}&redirect_uri=${encodeURIComponent(redirect)}`,
    });
  const first = await exchange();
  expect(first.body).toMatchObject({ expires_in: 3600, x_refresh_token_expires_in: 8_726_400 });
  expect(first.body).not.toHaveProperty('realmId');
  expect((await exchange()).status).toBe(400);
});

test('a person may say no, and sees a page to say it on', async () => {
  expect((await consent('deny=1')).searchParams.get('error')).toBe('access_denied');
  const page = await fetch(
    `${simulator.url}/connect/oauth2?client_id=simulator-client&response_type=code&redirect_uri=${encodeURIComponent(redirect)}`,
  );
  expect(await page.text()).toContain('auto=1&amp;realm=9130000000000001');
  expect((await fetch(`${simulator.url}/connect/oauth2?client_id=stranger`)).status).toBe(400);
});

test('an access token dies after an hour, with the lower-case envelope', async () => {
  const { accessToken } = await simulator.connect();
  expect((await read(accessToken)).status).toBe(200);
  await simulator.control('PUT', '/clock', { advanceMs: 3_600_000 });
  const seen = await read(accessToken);
  expect(seen.status).toBe(401);
  expect(seen.headers.get('www-authenticate')).toBe('Bearer realm="Intuit", error="invalid_token"');
  expect(seen.body).toMatchObject({
    warnings: null,
    fault: {
      type: 'AUTHENTICATION',
      error: [
        {
          message: 'message=AuthenticationFailed; errorCode=003200; statusCode=401',
          code: '3200',
          element: null,
        },
      ],
    },
    batchItemResponse: [],
    requestId: null,
  });
  expect(at(seen.body, 'fault', 'error', 0, 'detail')).toMatch(/^Token expired: /);
  expect(typeof seen.body['time']).toBe('number');
});

test('a token of another realm is 403, a short one malformed', async () => {
  const { accessToken } = await simulator.connect('9130000000000002');
  const forbidden = await read(accessToken);
  expect([
    forbidden.status,
    at(forbidden.body, 'fault', 'error', 0, 'code'),
    at(forbidden.body, 'fault', 'type'),
  ]).toEqual([403, '3100', 'SERVICE']);
  const malformed = await read('short');
  expect(at(malformed.body, 'fault', 'error', 0, 'detail')).toBe(
    'Malformed bearer token: too short or too long',
  );
});

test('a refresh token stays the same for a day, then changes, and the old one is dead at once', async () => {
  const { refreshToken } = await simulator.connect();
  const early = await refresh(refreshToken);
  expect(early.body['refresh_token']).toBe(refreshToken);

  await simulator.control('PUT', '/clock', { advanceMs: 25 * 3_600_000 });
  const late = await refresh(refreshToken);
  expect(late.body['refresh_token']).not.toBe(refreshToken);

  const dead = await refresh(refreshToken);
  expect([dead.status, dead.text, dead.headers.get('content-type')]).toEqual([
    400,
    '{"error":"invalid_grant"}',
    'application/json;charset=utf-8',
  ]);
  expect(dead.headers.get('content-length')).toBe('25');
});

test('a grace lets the old refresh token live on for a while', async () => {
  await simulator.control('PUT', '/behaviour', {
    refreshRotation: 'every',
    refreshGraceSeconds: 86_400,
  });
  const { refreshToken } = await simulator.connect();
  await refresh(refreshToken);
  expect((await refresh(refreshToken)).status).toBe(200);
  await simulator.control('PUT', '/clock', { advanceMs: 86_400_000 });
  expect((await refresh(refreshToken)).status).toBe(400);
});

test('of two refreshers at the moment of rotation one loses', async () => {
  await simulator.control('PUT', '/behaviour', { refreshRotation: 'every' });
  const { refreshToken } = await simulator.connect();
  const statuses = await Promise.all([refresh(refreshToken), refresh(refreshToken)]);
  expect(new Set(statuses.map((seen) => seen.status))).toEqual(new Set([200, 400]));
});

test('the hard limit is told when asked for, and no token outlives five years', async () => {
  const { refreshToken } = await simulator.connect();
  const asked = await refresh(refreshToken, { 'x-include-refresh-token-hard-expires-in': 'true' });
  expect(asked.body['x_refresh_token_hard_expires_in']).toBeCloseTo(5 * 365 * 86_400, -2);
  expect((await refresh(refreshToken)).body).not.toHaveProperty('x_refresh_token_hard_expires_in');

  let current = refreshToken;
  const statuses: number[] = [];
  for (let quarter = 0; quarter < 21; quarter += 1) {
    await simulator.control('PUT', '/clock', { advanceMs: 90 * 86_400_000 });
    const seen = await refresh(current);
    statuses.push(seen.status);
    current = textOf(seen.body, 'refresh_token') ?? current;
  }
  expect(statuses.slice(0, 20)).toEqual(Array.from({ length: 20 }, () => 200));
  expect(statuses[20]).toBe(400);
});

test('wrong credentials of the app are invalid_client', async () => {
  const seen = await call(tokenEndpoint, {
    method: 'POST',
    body: 'grant_type=refresh_token&client_id=simulator-client&client_secret=wrong',
  });
  expect([seen.status, seen.body['error']]).toEqual([401, 'invalid_client']);
});

test('a token answer may get lost after the tokens changed', async () => {
  await simulator.control('PUT', '/behaviour', { refreshRotation: 'every' });
  await simulator.control('PUT', '/faults', {
    rules: [{ match: { operation: 'token' }, effect: 'drop-after', times: 1 }],
  });
  const { refreshToken } = await simulator.connect();
  await expect(refresh(refreshToken)).rejects.toThrow(/fetch failed/);
  expect((await refresh(refreshToken)).status).toBe(400);
});

test('node-quickbooks refreshes and revokes', async () => {
  const pair = await simulator.connect();
  const { ask, client } = simulator.client();
  client['refreshToken'] = pair.refreshToken;
  expect(await ask('refreshAccessToken')).toMatchObject({
    refresh_token: pair.refreshToken,
    expires_in: 3600,
  });
  await ask('revokeAccess', true);
  expect((await read(pair.accessToken)).status).toBe(401);
});

test('discovery names the endpoints of this simulator', async () => {
  const seen = await call(`${simulator.url}/.well-known/openid_sandbox_configuration/`, {});
  expect(seen.body).toMatchObject({
    authorization_endpoint: `${simulator.url}/connect/oauth2`,
    token_endpoint: tokenEndpoint,
    token_endpoint_auth_methods_supported: ['client_secret_post', 'client_secret_basic'],
  });
});
