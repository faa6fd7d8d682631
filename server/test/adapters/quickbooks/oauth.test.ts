import { afterEach, describe, expect, test } from 'vitest';
import { toInstant } from '#core/brand.ts';
import {
  AccessLapsed,
  createQuickBooksOAuth,
  TokenServerFailed,
} from '../../../src/adapters/quickbooks/oauth.ts';
import { json, listen, realClock, tokensNamed, type Listener } from './doubles.ts';

const open: Listener[] = [];
afterEach(async () => {
  await Promise.all(open.splice(0).map((listener) => listener.close()));
});

const now = toInstant(1_800_000_000_000);
const fresh = {
  token_type: 'bearer',
  access_token: 'a2',
  refresh_token: 'r2',
  expires_in: 3_600,
  x_refresh_token_expires_in: 8_726_400,
};

async function oauthBefore(reply: Parameters<typeof listen>[0]) {
  const listener = await listen(reply);
  open.push(listener);
  const oauth = createQuickBooksOAuth({
    clientId: 'the-client',
    clientSecret: 'the-secret',
    redirectUri: 'http://127.0.0.1:4000/oauth/quickbooks/callback',
    authorizeUrl: `${listener.url}/connect/oauth2`,
    tokenUrl: `${listener.url}/tokens`,
    revokeUrl: `${listener.url}/revoke`,
    environment: 'sandbox',
    clock: { ...realClock, now: () => now },
  });
  return { oauth, received: listener.received };
}

const held = { ...tokensNamed('x'), refreshToken: 'r1' };

test('the way to consent names the app, the scope and where to come back', async () => {
  const { oauth } = await oauthBefore(() => undefined);

  const url = new URL(oauth.authorizationUrl('signed-state'));

  expect(url.pathname).toBe('/connect/oauth2');
  expect(Object.fromEntries(url.searchParams)).toEqual({
    response_type: 'code',
    client_id: 'the-client',
    redirect_uri: 'http://127.0.0.1:4000/oauth/quickbooks/callback',
    scope: 'com.intuit.quickbooks.accounting',
    state: 'signed-state',
  });
});

test('a code is traded for tokens with their ends', async () => {
  const { oauth, received } = await oauthBefore((_, response) => json(response, 200, fresh));

  const tokens = await oauth.exchange('the code/+', '42');

  expect(tokens).toEqual({
    accessToken: 'a2',
    refreshToken: 'r2',
    previousRefreshToken: null,
    accessExpiresAt: now + 3_600_000,
    refreshExpiresAt: now + 8_726_400_000,
  });
  const [request] = received;
  expect(Object.fromEntries(new URLSearchParams(request?.body))).toEqual({
    grant_type: 'authorization_code',
    code: 'the code/+',
    redirect_uri: 'http://127.0.0.1:4000/oauth/quickbooks/callback',
  });
  expect(request?.authorization).toBe(`Basic ${btoa('the-client:the-secret')}`);
});

describe('a refresh', () => {
  test('keeps the value before a rotation, and only then', async () => {
    const rotated = await oauthBefore((_, response) => json(response, 200, fresh));
    const sticky = await oauthBefore((_, response) =>
      json(response, 200, { ...fresh, refresh_token: 'r1' }),
    );

    expect(await rotated.oauth.refresh(held)).toMatchObject({
      refreshToken: 'r2',
      previousRefreshToken: 'r1',
    });
    expect(await sticky.oauth.refresh(held)).toMatchObject({
      refreshToken: 'r1',
      previousRefreshToken: null,
    });
  });

  test('tries the previous value once when the newest is dead', async () => {
    const { oauth, received } = await oauthBefore((request, response) =>
      request.body.includes('refresh_token=r0')
        ? json(response, 200, fresh)
        : json(response, 400, { error: 'invalid_grant' }),
    );

    expect(await oauth.refresh({ ...held, previousRefreshToken: 'r0' })).toMatchObject({
      accessToken: 'a2',
    });
    expect(received).toHaveLength(2);
  });

  test('with a dead token means that access lapsed', async () => {
    const { oauth } = await oauthBefore((_, response) =>
      json(response, 400, { error: 'invalid_grant', error_description: 'Incorrect token r1' }),
    );

    await expect(oauth.refresh(held)).rejects.toThrow(AccessLapsed);
    await expect(oauth.refresh(held)).rejects.not.toThrow('r1');
  });

  test.each([
    [400, { error: 'invalid_client' }],
    [401, { error: 'invalid_client' }],
    [500, {}],
    [200, { nothing: true }],
  ])('answered with %i %j is not the token’s fault and is not sent twice', async (status, body) => {
    const { oauth, received } = await oauthBefore((_, response) => json(response, status, body));

    await expect(oauth.refresh(held)).rejects.toThrow(TokenServerFailed);
    expect(received).toHaveLength(1);
  });

  test('whose answer is lost is not sent twice', async () => {
    const { oauth, received } = await oauthBefore((_, response) => response.socket?.destroy());

    await expect(oauth.refresh(held)).rejects.toThrow(TokenServerFailed);
    expect(received).toHaveLength(1);
  });
});

describe('giving back', () => {
  test('sends the token', async () => {
    const { oauth, received } = await oauthBefore((_, response) => response.end());

    await oauth.revoke('r1');

    expect(received[0]?.url.pathname).toBe('/revoke');
    expect(received[0]?.body).toContain('r1');
  });

  test('a token that is dead already is fine', async () => {
    const { oauth } = await oauthBefore((_, response) => {
      response.statusCode = 400;
      response.end();
    });

    await expect(oauth.revoke('r1')).resolves.toBeUndefined();
  });
});

test('two apps in one process keep to their own servers', async () => {
  const one = await oauthBefore((_, response) =>
    json(response, 200, { ...fresh, access_token: '1' }),
  );
  const two = await oauthBefore((_, response) =>
    json(response, 200, { ...fresh, access_token: '2' }),
  );

  const tokens = await Promise.all([one.oauth.refresh(held), two.oauth.refresh(held)]);

  expect(tokens.map(({ accessToken }) => accessToken)).toEqual(['1', '2']);
});
