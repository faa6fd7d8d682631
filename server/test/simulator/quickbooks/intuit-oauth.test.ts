import OAuthClient from 'intuit-oauth';
import { afterAll, beforeEach, expect, test } from 'vitest';
import { z } from 'zod';
import { at, listIn, startSimulator, type Running } from './running-simulator.ts';

/** The whole life of tokens as intuit-oauth 4.2.5 lives it: authorize, exchange, use, refresh, rotate, expire, revoke. */

const simulator: Running = await startSimulator();
afterAll(() => simulator.close());
beforeEach(async () => {
  await simulator.control('POST', '/reset', {});
});

const realm = '9130000000000002';
const redirectUri = 'http://127.0.0.1:1/callback';
const hourMs = 3_600_000;
const dayMs = 24 * hourMs;

const pair = z.looseObject({ access_token: z.string(), refresh_token: z.string() });
const profile = z.object({ json: z.looseObject({ email: z.string() }) });

function openClient(more: object = {}): OAuthClient {
  const client = new OAuthClient({
    clientId: 'simulator-client',
    clientSecret: 'simulator-secret',
    environment: 'sandbox',
    redirectUri,
    ...more,
  });
  client.setAuthorizeURLs({
    authorizeEndpoint: `${simulator.url}/connect/oauth2`,
    tokenEndpoint: `${simulator.url}/oauth2/v1/tokens/bearer`,
    revokeEndpoint: `${simulator.url}/v2/oauth2/tokens/revoke`,
    userInfoEndpoint: `${simulator.url}/v1/openid_connect/userinfo`,
  });
  return client;
}

const tokensOf = (client: OAuthClient) => pair.parse(client.getToken());
const advance = (ms: number) => simulator.control('PUT', '/clock', { advanceMs: ms });

/** Where the browser is sent back to after consent. */
async function consentedAddress(client: OAuthClient, answer = 'auto=1'): Promise<string> {
  const scope = [OAuthClient.scopes.Accounting, OAuthClient.scopes.OpenId];
  const address = client.authorizeUri({ scope, state: 'st' });
  const response = await fetch(`${address}&${answer}&realm=${realm}`, { redirect: 'manual' });
  return response.headers.get('location') ?? '';
}

async function connected(more: object = {}): Promise<OAuthClient> {
  const client = openClient(more);
  await client.createToken(await consentedAddress(client));
  return client;
}

const readCustomer = (client: OAuthClient) =>
  client.makeApiCall({ url: `${simulator.url}/v3/company/${realm}/customer/1` });

test('consent sends the browser back with code, state and realm; a refusal with its reason', async () => {
  const client = openClient();
  const back = new URL(await consentedAddress(client));
  expect(Object.fromEntries(back.searchParams)).toEqual({
    state: 'st',
    code: expect.stringMatching(/^XAB1/),
    realmId: realm,
  });
  const refused = new URL(await consentedAddress(client, 'deny=1'));
  expect(Object.fromEntries(refused.searchParams)).toEqual({ state: 'st', error: 'access_denied' });
});

test('the code is exchanged once for tokens that open the company', async () => {
  const client = openClient();
  const back = await consentedAddress(client);
  await client.createToken(back);
  expect(client.getToken()).toMatchObject({
    token_type: 'bearer',
    expires_in: 3_600,
    x_refresh_token_expires_in: 8_726_400,
    realmId: realm,
  });
  expect(client.isAccessTokenValid()).toBe(true);
  expect(at((await readCustomer(client)).json, 'Customer', 'Id')).toBe('1');
  await expect(openClient().createToken(back)).rejects.toThrow('invalid_grant');
});

test('the profile of the user is there for a live token only', async () => {
  const client = await connected();
  expect(profile.parse(await client.getUserInfo()).json.email).toMatch(/@/);
  await advance(hourMs);
  await expect(client.getUserInfo()).rejects.toThrow(/401|Unauthorized/);
});

test('an access token expires after an hour and a refresh brings another, with the same refresh token', async () => {
  const client = await connected();
  const first = tokensOf(client);
  await advance(hourMs);
  await expect(readCustomer(client)).rejects.toMatchObject({ code: '401' });

  await client.refresh();
  const second = tokensOf(client);
  expect(second.access_token).not.toBe(first.access_token);
  expect(second.refresh_token).toBe(first.refresh_token);
  const leftSeconds = Number(second['x_refresh_token_expires_in']);
  expect(Math.abs(leftSeconds - (8_726_400 - 3_600)), 'seconds off').toBeLessThan(10);
  expect((await readCustomer(client)).status).toBe(200);
});

test('after a day the refresh token rotates, and the one before is dead at once', async () => {
  const client = await connected();
  const first = tokensOf(client);
  await advance(25 * hourMs);
  await client.refresh();
  expect(tokensOf(client).refresh_token).not.toBe(first.refresh_token);
  expect(tokensOf(client)['x_refresh_token_expires_in']).toBe(8_726_400);

  await expect(openClient().refreshUsingToken(first.refresh_token)).rejects.toMatchObject({
    message: 'invalid_grant',
    authResponse: { response: { status: 400 } },
  });
  await client.refreshUsingToken(tokensOf(client).refresh_token);
  expect((await readCustomer(client)).status).toBe(200);
});

test('a refresh token nobody used for 101 days is dead', async () => {
  const client = await connected();
  await advance(101 * dayMs);
  await expect(client.refreshUsingToken(tokensOf(client).refresh_token)).rejects.toThrow(
    'invalid_grant',
  );
});

test('the hard limit of five years is told to whoever asks', async () => {
  const asking = await connected({ includeRefreshTokenHardExpiresIn: true });
  expect(asking.getToken()).toMatchObject({ x_refresh_token_hard_expires_in: 5 * 365 * 86_400 });
});

test('a refresh whose answer got lost is sent again by the library itself, and finds its token dead', async () => {
  const client = await connected();
  await simulator.control('PUT', '/behaviour', { refreshRotation: 'every' });
  await simulator.control('PUT', '/faults', {
    rules: [{ match: { operation: 'token' }, effect: 'drop-after', times: 1 }],
  });
  const before = await tokenCalls();
  await expect(client.refreshUsingToken(tokensOf(client).refresh_token)).rejects.toThrow(
    'invalid_grant',
  );
  expect((await tokenCalls()) - before).toBe(2);
});

test.each(['access_token', 'refresh_token'] as const)(
  'revoking by %s ends the connection; doing it again is refused',
  async (kind) => {
    const client = await connected();
    const tokens = tokensOf(client);
    await client.revoke({ [kind]: tokens[kind] });

    client.setToken({ ...tokens, token_type: 'bearer', expires_in: 3_600 });
    await expect(readCustomer(client)).rejects.toMatchObject({ code: '401' });
    await expect(client.refreshUsingToken(tokens.refresh_token)).rejects.toThrow('invalid_grant');
    await expect(client.revoke({ [kind]: tokens[kind] })).rejects.toThrow('status code 400');
  },
);

test('an app with a wrong secret gets nothing', async () => {
  const client = await connected();
  const stranger = openClient({ clientSecret: 'guessed' });
  const attempt = stranger.refreshUsingToken(tokensOf(client).refresh_token);
  await expect(attempt).rejects.toThrow('invalid_client');
});

async function tokenCalls(): Promise<number> {
  const log = await simulator.control('GET', `/realms/${realm}/requests`);
  return listIn(log, 'requests').filter(({ path }) => path === '/oauth2/v1/tokens/bearer').length;
}
