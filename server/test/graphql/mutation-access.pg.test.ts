import { randomUUID } from 'node:crypto';
import { createClient } from 'graphql-ws';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { WebSocket } from 'ws';
import { adminKey, startBridge, type Bridge } from './bridge.ts';
import {
  actionsOf,
  askAnew,
  documents,
  inputs,
  makeKey,
  seedBooks,
  type Mutation,
} from './requests.ts';

let bridge: Bridge;

beforeAll(async () => {
  bridge = await startBridge();
});

afterAll(async () => {
  await bridge.close();
});

const ask = (mutation: Mutation, input: object, headers?: Record<string, string>) =>
  askAnew(bridge, mutation, input, headers);
const all = Object.keys(documents).filter((name): name is Mutation => name in documents);

describe.each(all)('%s', (mutation) => {
  test('needs the scope OPERATE', async () => {
    const { companyId, input } = await inputs[mutation](bridge);
    const before = await actionsOf(bridge, companyId);
    const reader = await makeKey(bridge, ['READ'], null);

    const { errors, status } = await bridge.ask(
      documents[mutation],
      { input: { ...input, idempotencyKey: randomUUID() } },
      reader,
    );

    expect(status).toBe(403);
    expect(errors?.[0]?.extensions['code']).toBe('FORBIDDEN');
    expect(await actionsOf(bridge, companyId)).toEqual(before);
  });

  test('does not find what lies outside the key’s companies', async () => {
    const { companyId, input } = await inputs[mutation](bridge);
    const { companyId: mine } = await seedBooks(bridge);
    const before = await actionsOf(bridge, companyId);
    const limited = await makeKey(bridge, ['READ', 'OPERATE', 'ADMIN'], [mine]);

    // A selection finds nothing out there, so its number is another one.
    const isSelecting = mutation === 'replayDeadLetters' || mutation === 'resolveConflicts';
    const isUnnamed = mutation === 'createApiClient' || mutation === 'startCompanyAuthorization';
    const code = isSelecting ? 'COUNT_MISMATCH' : isUnnamed ? 'VALIDATION' : 'NOT_FOUND';
    expect(await ask(mutation, input, limited)).toMatchObject({ code, retryable: false });
    expect(await actionsOf(bridge, companyId)).toEqual(before);
  });

  test('is not served over the socket', async () => {
    const { companyId, input } = await inputs[mutation](bridge);
    const before = await actionsOf(bridge, companyId);
    const client = createClient({
      url: `${bridge.url.replace('http', 'ws')}/graphql`,
      webSocketImpl: WebSocket,
      connectionParams: { authorization: `Bearer ${adminKey}` },
    });
    const refused = await new Promise((resolve) => {
      const variables = { input: { ...input, idempotencyKey: randomUUID() } };
      client.subscribe(
        { query: documents[mutation], variables },
        { next: resolve, error: resolve, complete: () => resolve('complete') },
      );
    });
    await client.dispose();

    expect(refused).toMatchObject([{ message: 'Only subscriptions are served over the socket.' }]);
    expect(await actionsOf(bridge, companyId)).toEqual(before);
  });
});

test.each(['too short', 'with a ü in it and long enough'])(
  'a key that is no key (%s) is refused before anything is done',
  async (idempotencyKey) => {
    const { input } = await inputs.syncInvoiceNow(bridge);
    const { errors, status } = await bridge.ask(documents.syncInvoiceNow, {
      input: { ...input, idempotencyKey },
    });

    expect(status).toBe(400);
    expect(errors?.[0]?.message).toContain('IdempotencyKey must look like');
  },
);

test.each([
  'replayDeadLetter',
  'discardDeadLetter',
  'setInvoicePaused',
  'unlinkInvoice',
  'setCompanyPaused',
] as const)(
  '%s with an old version does nothing and returns the object as it is now',
  async (mutation) => {
    const { companyId, input } = await inputs[mutation](bridge);
    const [id] = Object.values(input);

    const answer = await ask(mutation, { ...input, expectedVersion: 7 });

    expect(answer).toMatchObject({
      __typename: 'StaleVersionError',
      code: 'STALE_VERSION',
      retryable: true,
      currentVersion: 1,
      current: { id, version: 1 },
    });
    expect(await actionsOf(bridge, companyId)).toEqual([]);
  },
);
