import { describe, expect, test } from 'vitest';
import { AccessLapsed, TokenServerFailed } from '../../../src/adapters/quickbooks/oauth.ts';
import { countingOAuth, heldTokens, json, realClock, tokensNamed } from './doubles.ts';
import {
  create,
  limits,
  means,
  recordedInvoice,
  systemBefore,
  type Reply,
} from './system-under-test.ts';

describe('access', () => {
  const expired = {
    fault: {
      type: 'AUTHENTICATION',
      error: [{ code: '3200', message: 'message=AuthenticationFailed' }],
    },
  };

  test('a token that is not taken is renewed once and the same bytes go again', async () => {
    const parts = means();
    const { accounting, received } = await systemBefore(
      (request, response) =>
        request.authorization === 'Bearer first-access'
          ? json(response, 401, expired)
          : json(response, 200, { Invoice: recordedInvoice }),
      parts,
    );

    const outcome = await accounting.write(create, limits);

    expect(outcome.ok).toBe(true);
    expect(received().map(({ authorization }) => authorization)).toEqual([
      'Bearer first-access',
      'Bearer new-1-access',
    ]);
    expect(received().map(({ body }) => body)).toEqual([create.body, create.body]);
    expect(received().map(({ url }) => url.searchParams.get('requestid'))).toEqual([
      create.requestId,
      create.requestId,
    ]);
    expect(parts.credentials.held()?.accessToken).toBe('new-1-access');
  });

  test('the next call uses the renewed token', async () => {
    const { accounting, received } = await systemBefore((request, response) =>
      request.authorization === 'Bearer first-access'
        ? json(response, 401, expired)
        : json(response, 200, { Invoice: recordedInvoice }),
    );

    await accounting.readInvoice('1', limits);
    await accounting.readInvoice('1', limits);

    expect(received().at(-1)?.authorization).toBe('Bearer new-1-access');
  });

  test('a token about to end is renewed before it is used', async () => {
    const soon = { ...tokensNamed('first'), accessExpiresAt: realClock.now() };
    const parts = { ...means(), credentials: heldTokens(soon) };
    const { accounting, received } = await systemBefore(
      (_, response) => json(response, 200, { Invoice: recordedInvoice }),
      parts,
    );

    await accounting.readInvoice('1', limits);

    expect(received().map(({ authorization }) => authorization)).toEqual(['Bearer new-1-access']);
  });

  test('a fresh token that is not taken either means that access lapsed', async () => {
    const parts = means();
    const { accounting } = await systemBefore((_, response) => json(response, 401, expired), parts);

    expect(await accounting.readInvoice('1', limits)).toMatchObject({
      failure: { kind: 'access-lapsed' },
    });
    expect(parts.oauth.refreshed()).toBe(1);
  });

  test('a dead refresh token means that access lapsed, a token server that is down does not', async () => {
    const refused = (_: unknown, response: Parameters<Reply>[1]) => json(response, 401, expired);
    const failing = (error: Error) => ({
      ...means(),
      oauth: countingOAuth(async () => {
        throw error;
      }),
    });
    const dead = await systemBefore(refused, failing(new AccessLapsed('dead')));
    const down = await systemBefore(refused, failing(new TokenServerFailed('down')));

    expect(await dead.accounting.readInvoice('1', limits)).toMatchObject({
      failure: { kind: 'access-lapsed' },
    });
    expect(await down.accounting.readInvoice('1', limits)).toMatchObject({
      failure: { kind: 'not-sent' },
    });
  });

  test('a company that is not connected calls nobody', async () => {
    const { accounting, received } = await systemBefore(() => undefined, {
      credentials: heldTokens(null),
    });

    expect(await accounting.readInvoice('1', limits)).toMatchObject({
      failure: { kind: 'access-lapsed' },
    });
    expect(received()).toHaveLength(0);
  });

  test('no failure shows a token or a payload', async () => {
    const answers: Reply[] = [
      (_, response) => json(response, 500, 'broken'),
      (_, response) => json(response, 401, expired),
      (_, response) => response.socket?.destroy(),
    ];
    for (const reply of answers) {
      const { accounting } = await systemBefore(reply);
      const outcome = JSON.stringify(await accounting.write(create, limits));

      expect(outcome).not.toContain('access"');
      expect(outcome).not.toContain('first-access');
      expect(outcome).not.toContain('2026-11-20');
    }
  });
});
