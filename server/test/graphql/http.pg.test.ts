import { getIntrospectionQuery, GraphQLError } from 'graphql';
import { auditServer } from 'graphql-http';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { adminKey, startBridge, type Bridge } from './bridge.ts';
import { seedCompany } from './seed.ts';

let bridge: Bridge;

/** What a resolver of ours fails with; null where it does not. */
let fault: unknown = null;
let companyId: string;

beforeAll(async () => {
  bridge = await startBridge({
    checkConnection: async () => {
      if (fault !== null) throw fault;
      return [];
    },
  });
  companyId = await seedCompany(bridge.prisma);
});

afterAll(async () => {
  await bridge.close();
});

/** As many as graphql-http 1.23.1 has (api-and-web.md §1.1). */
const auditsOfGraphqlHttp = 61;

test('every audit of GraphQL over HTTP is green', async () => {
  const results = await auditServer({
    url: `${bridge.url}/graphql`,
    fetchFn: (url: string, init: RequestInit = {}) => {
      const headers = new Headers(init.headers);
      headers.set('authorization', `Bearer ${adminKey}`);
      return fetch(url, { ...init, headers });
    },
  });
  const failed = results.filter((result) => result.status !== 'ok');

  expect(results).toHaveLength(auditsOfGraphqlHttp);
  expect(failed.map((result) => `${result.id} ${result.name}`)).toEqual([]);
});

describe('every answer', () => {
  test('names its correlation id in the extensions and in the header', async () => {
    const response = await bridge.post({ query: '{ viewer { scopes } }' });
    const body: unknown = await response.json();

    const correlationId = response.headers.get('x-correlation-id');
    expect(correlationId).toMatch(/^[0-9a-f-]{36}$/);
    expect(body).toMatchObject({ extensions: { correlationId, cost: { requested: 1 } } });
  });

  test('that is an error carries a code and the correlation id', async () => {
    const { errors, status } = await bridge.ask('{ viewer { nonsense } }');

    expect(status).toBe(400);
    expect(errors?.[0]?.extensions).toMatchObject({ code: 'GRAPHQL_VALIDATION_FAILED' });
    expect(errors?.[0]?.extensions['correlationId']).toMatch(/^[0-9a-f-]{36}$/);
  });
});

test('a failure of ours says nothing of itself but the id under which it is logged', async () => {
  const id = await seedCompany(bridge.prisma, 'Broken');
  await bridge.pool.query(
    `INSERT INTO link (id, company_id, internal_id, status_reason, changed_at, base_internal)
     VALUES (gen_random_uuid(), $1, 'inv_broken', 'x', now(), '{"secret": "inside"}')`,
    [id],
  );
  const { errors } = await bridge.ask('{ invoices { nodes { base { number } } } }');
  const correlationId = String(errors?.[0]?.extensions['correlationId']);

  expect(errors?.[0]?.extensions['code']).toBe('INTERNAL_SERVER_ERROR');
  expect(errors?.[0]?.message).toBe(
    `Something went wrong on our side. Quote ${correlationId} when you ask about it.`,
  );
  expect(bridge.log.facts.some(({ about }) => about['correlationId'] === correlationId)).toBe(true);
  await bridge.pool.query('DELETE FROM link WHERE company_id = $1', [id]);
});

const secret = 'lb_a-secret-that-stands-in-a-message';
const refused = new Error(`401 for token ${secret}`);

test.each([
  ['an error', refused],
  ['an error with a cause', new Error('The call failed.', { cause: refused })],
  ['an error of the library around another', new GraphQLError(secret, { originalError: refused })],
  ['a text', `no answer to ${secret}`],
  ['an object', { message: secret, token: secret }],
])(
  'a resolver that fails with %s answers a code and an id, never a secret',
  async (_what, thrown) => {
    fault = thrown;
    const id = Buffer.from(`Company:${companyId}`).toString('base64');
    const query = `{ connectionChecks(companyId: "${id}") { title } }`;
    const response = await bridge.post({ query });
    const text = await response.text();
    fault = null;

    const correlationId = response.headers.get('x-correlation-id');
    expect(JSON.parse(text)).toMatchObject({
      errors: [
        {
          path: ['connectionChecks'],
          message: expect.stringContaining(`Quote ${correlationId}`),
          extensions: { code: 'INTERNAL_SERVER_ERROR', correlationId },
        },
      ],
    });
    expect(text).not.toContain(secret);
    expect([...response.headers.values()].join()).not.toContain(secret);
  },
);

test('introspection is served and costs next to nothing', async () => {
  const { data, extensions } = await bridge.ask(getIntrospectionQuery());

  expect(data).toMatchObject({ __schema: { queryType: { name: 'Query' } } });
  expect(extensions).toMatchObject({ cost: { requested: 1 } });
});

test('a browser gets GraphiQL, whole and without another host', async () => {
  const response = await fetch(`${bridge.url}/graphql`, { headers: { accept: 'text/html' } });
  const page = await response.text();

  expect(response.status).toBe(200);
  expect(response.headers.get('content-security-policy')).toContain("default-src 'none'");
  expect(page).toContain('YogaGraphiQL.renderYogaGraphiQL');
  expect(page.match(/<(?:script|link)[^>]+(?:src|href)="https?:/g)).toBeNull();
});

test('a body over 1 MiB is refused', async () => {
  const response = await bridge.post({ query: `{ viewer { scopes } } # ${'x'.repeat(1_100_000)}` });

  expect(response.status).toBe(413);
});
