import { createClient } from 'graphql-ws';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { WebSocket } from 'ws';
import { adminKey, startBridge, type Bridge } from './bridge.ts';

let bridge: Bridge;

beforeAll(async () => {
  bridge = await startBridge();
});

afterAll(async () => {
  await bridge.close();
});

const nested = (depth: number): string =>
  depth === 0 ? 'id' : `derivedFrom { ${nested(depth - 1)} }`;
const deep = (depth: number): string =>
  `{ outboxEvents(first: 1) { nodes { ${nested(depth - 3)} } } }`;
const aliases = (count: number): string =>
  `{ ${Array.from({ length: count }, (_each, index) => `a${index}: viewer { scopes }`).join(' ')} }`;
const directives = (count: number): string =>
  `{ ${Array.from({ length: count }, () => 'viewer @include(if: true) { scopes }').join(' ')} }`;

describe('a document', () => {
  test.each([
    ['12 fields deep', deep(12)],
    ['with 20 aliases', aliases(20)],
    ['with 10 directives', directives(10)],
  ])('%s is served', async (_what, query) => {
    const { errors, status } = await bridge.ask(query);

    expect(errors).toBeUndefined();
    expect(status).toBe(200);
  });

  test.each([
    ['13 fields deep', deep(13), '13 fields deep'],
    ['with 21 aliases', aliases(21), 'at most 20 aliases'],
    ['with 11 directives', directives(11), 'at most 10 directives'],
    ['of more than 2,000 tokens', `{ ${'viewer { scopes } '.repeat(600)} }`, 'at most 2000 tokens'],
    [
      'deep through fragments',
      `{ outboxEvents(first: 1) { nodes { ...A } } }
       fragment A on OutboxEvent { ${nested(5).replace(/\bid\b/, '...B')} }
       fragment B on OutboxEvent { ${nested(6)} }`,
      'fields deep',
    ],
  ])('%s is refused', async (_what, query, message) => {
    const { errors, status } = await bridge.ask(query);

    expect(status).toBe(400);
    expect(errors?.[0]?.message).toContain(message);
  });

  test('whose fragments spread themselves is refused, not followed', async () => {
    const { errors } = await bridge.ask(
      '{ outboxEvents { nodes { ...A } } } fragment A on OutboxEvent { derivedFrom { ...A } }',
    );

    expect(errors?.[0]?.message).toContain('Cannot spread fragment');
  });
});

describe('the price of an operation', () => {
  test('is what was asked for, times what is under it, and is told', async () => {
    const { extensions } = await bridge.ask(
      '{ outboxEvents(first: 10) { nodes { attempts(first: 5) { nodes { number } } } } }',
    );

    expect(extensions).toMatchObject({
      cost: { requested: 60, budget: { limit: 20_000 } },
    });
  });

  test('counts a page whose size is left out as 50', async () => {
    const { extensions } = await bridge.ask('{ invoices { nodes { number } } }');

    expect(extensions).toMatchObject({ cost: { requested: 50 } });
  });

  test('is not raised by asking what everything is', async () => {
    const { extensions } = await bridge.ask(
      `{ __typename outboxEvents(first: 10) { __typename nodes { __typename ...Tries } } }
       fragment Tries on OutboxEvent { attempts(first: 5) { __typename nodes { __typename number } } }`,
    );

    expect(extensions).toMatchObject({ cost: { requested: 60 } });
  });

  test('over 5,000 points is refused before anything is read', async () => {
    bridge.statements.length = 0;
    const { errors } = await bridge.ask(
      '{ outboxEvents(first: 200) { nodes { attempts(first: 200) { nodes { number } } } } }',
    );

    expect(errors?.[0]?.extensions['code']).toBe('LIMIT_EXCEEDED');
    expect(bridge.statements).toEqual([]);
  });

  test('beyond the budget is 429 with Retry-After, and the budget fills again', async () => {
    const costly =
      '{ outboxEvents(first: 190) { nodes { attempts(first: 25) { nodes { number } } } } }';
    let refused: Response | null = null;
    for (let index = 0; index < 12 && refused === null; index += 1) {
      const response = await bridge.post({ query: costly });
      if (response.status !== 200) refused = response;
    }

    expect(refused?.status).toBe(429);
    expect(Number(refused?.headers.get('retry-after'))).toBeGreaterThan(0);
    expect(await refused?.json()).toMatchObject({
      errors: [{ extensions: { code: 'RATE_LIMITED' } }],
    });
  });
});

test('a refused operation leaves the other operations of its socket alone', async () => {
  const client = createClient({
    url: `${bridge.url.replace('http', 'ws')}/graphql`,
    webSocketImpl: WebSocket,
    connectionParams: { authorization: `Bearer ${adminKey}` },
    retryAttempts: 0,
  });
  const heartbeat = client.iterate({ query: 'subscription { syncEvents { __typename } }' });
  const first = await heartbeat.next();

  const refusals = [
    '{ viewer { scopes } }',
    'subscription { nonsense }',
    'subscription { syncEvents(maxBatch: 900) { __typename } }',
    'not a document',
    `subscription { syncEvents { ... on SyncEventBatch { events { invoice { crossing { ${nested(12)} } } } } } }`,
  ];
  const told = await Promise.all(
    refusals.map(async (query) => {
      try {
        const answer = await client.iterate({ query }).next();
        return answer.value?.errors?.[0]?.message ?? 'served';
      } catch (errors) {
        return Array.isArray(errors) ? String(errors[0]?.message) : String(errors);
      }
    }),
  );

  expect(told[0]).toContain('Only subscriptions');
  expect(told[1]).toContain('Cannot query field "nonsense"');
  expect(told[2]).toContain('maxBatch takes 1 to 500');
  expect(told[3]).toContain('Syntax Error');
  expect(told[4]).toContain('fields deep');
  expect(first.value?.data).toEqual({ syncEvents: { __typename: 'StreamHeartbeat' } });
  const still = await client.iterate({ query: 'subscription { stats { from } }' }).next();
  expect(still.value?.errors).toBeUndefined();
  await heartbeat.return?.();
  await client.dispose();
});
