import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { z } from 'zod';
import { startBridge, type Bridge } from './bridge.ts';
import { globalId } from './requests.ts';
import { seedCompany } from './seed.ts';

let bridge: Bridge;
let mine: string;
let theirs: string;

beforeAll(async () => {
  bridge = await startBridge();
  mine = globalId('Company', await seedCompany(bridge.prisma, 'Mine'));
  theirs = globalId('Company', await seedCompany(bridge.prisma, 'Theirs'));
});
afterAll(() => bridge.close());

const made = z.object({
  result: z.object({
    __typename: z.string(),
    replayed: z.boolean().optional(),
    secret: z.string().nullish(),
    apiClient: z
      .object({
        id: z.string(),
        keyPrefix: z.string(),
        scopes: z.array(z.string()),
        companies: z.array(z.object({ name: z.string() })).nullable(),
        revokedAt: z.string().nullable(),
      })
      .optional(),
    issues: z.array(z.object({ path: z.array(z.string()), message: z.string() })).optional(),
    code: z.string().optional(),
  }),
});

const shown = `id keyPrefix scopes companies { name } revokedAt`;
const problems = `... on MutationError { code } ... on ValidationError { issues { path message } }`;
const create = `mutation Make($input: CreateApiClientInput!) { result: createApiClient(input: $input) { __typename
  ... on CreateApiClientSuccess { replayed secret apiClient { ${shown} } } ${problems} } }`;
const revoke = `mutation Take($input: RevokeApiClientInput!) { result: revokeApiClient(input: $input) { __typename
  ... on RevokeApiClientSuccess { replayed apiClient { ${shown} } } ... on MutationError { code } } }`;

const bearer = (key: string | null | undefined) => ({ authorization: `Bearer ${key ?? ''}` });

async function ask(document: string, input: object, headers?: Record<string, string>) {
  const { data } = await bridge.ask(
    document,
    { input: { idempotencyKey: randomUUID(), ...input } },
    headers,
  );
  return made.parse(data).result;
}

const reader = { displayName: 'Reports', scopes: ['READ'] };

describe('an API client that is made', () => {
  test('has a key that works, shown once and stored as a hash alone', async () => {
    const idempotencyKey = randomUUID();
    const first = await ask(create, { ...reader, companyIds: [mine], idempotencyKey });
    const again = await ask(create, { ...reader, companyIds: [mine], idempotencyKey });

    expect(first).toMatchObject({
      replayed: false,
      apiClient: { scopes: ['READ'], companies: [{ name: 'Mine' }] },
    });
    expect(again).toMatchObject({ replayed: true, secret: null });
    expect(again.apiClient?.id).toBe(first.apiClient?.id);
    const { data } = await bridge.ask('{ companies { nodes { name } } }', {}, bearer(first.secret));
    expect(data).toEqual({ companies: { nodes: [{ name: 'Mine' }] } });
    const { rows } = await bridge.pool.query('SELECT * FROM api_client, idempotency_key');
    expect(JSON.stringify(rows)).not.toContain(first.secret);
  });

  test('is told on the system’s audit chain', async () => {
    const { apiClient } = await ask(create, { displayName: 'Told', scopes: ['READ'] });
    const { rows } = await bridge.pool.query(
      `SELECT chain, action, summary, subject_id FROM audit_entry ORDER BY at DESC LIMIT 1`,
    );

    expect(globalId('ApiClient', rows[0].subject_id)).toBe(apiClient?.id);
    expect(rows[0]).toMatchObject({
      chain: 'system',
      action: 'API_CLIENT_CHANGED',
      summary: 'Bootstrap administrator made the API client “Told” with READ for all companies.',
    });
  });

  test('is made once by 50 parallel repeats', async () => {
    const input = { ...reader, idempotencyKey: randomUUID() };
    const answers = await Promise.all(Array.from({ length: 50 }, () => ask(create, input)));

    expect(new Set(answers.map(({ apiClient }) => apiClient?.id)).size).toBe(1);
    expect(answers.filter(({ secret }) => typeof secret === 'string')).toHaveLength(1);
  });

  test.each([
    ['no name', { displayName: ' ', scopes: ['READ'] }, ['displayName']],
    ['no right', { displayName: 'x', scopes: [] }, ['scopes']],
    ['no company', { ...reader, companyIds: [] }, ['companyIds']],
    ['an unknown company', { ...reader, companyIds: ['nonsense'] }, ['companyIds', '0']],
  ])('with %s is refused, and the place is named', async (_what, input, path) => {
    expect(await ask(create, input)).toMatchObject({ code: 'VALIDATION', issues: [{ path }] });
  });
});

describe('an administrator of one company', () => {
  const administrator = async () => {
    const input = { displayName: 'Theirs alone', scopes: ['READ', 'OPERATE', 'ADMIN'] };
    const { secret, apiClient } = await ask(create, { ...input, companyIds: [theirs] });
    return { headers: bearer(secret), id: apiClient?.id };
  };

  test('grants no more than that company', async () => {
    const { headers } = await administrator();

    expect(await ask(create, reader, headers)).toMatchObject({
      issues: [{ path: ['companyIds'] }],
    });
    expect(await ask(create, { ...reader, companyIds: [mine] }, headers)).toMatchObject({
      issues: [{ path: ['companyIds', '0'] }],
    });
    expect(await ask(create, { ...reader, companyIds: [theirs] }, headers)).toMatchObject({
      apiClient: { companies: [{ name: 'Theirs' }] },
    });
  });

  test('sees and revokes only clients that see no other company', async () => {
    const { headers, id } = await administrator();
    const { apiClient: foreign } = await ask(create, { ...reader, companyIds: [mine] });
    const { data } = await bridge.ask('{ apiClients { id companies { name } } }', {}, headers);
    const names = z
      .object({ apiClients: z.array(z.object({ id: z.string(), companies: z.unknown() })) })
      .parse(data).apiClients;

    expect(names.map((client) => client.id)).toContain(id);
    expect(new Set(names.map(({ companies }) => JSON.stringify(companies)))).toEqual(
      new Set(['[{"name":"Theirs"}]']),
    );
    expect(await ask(revoke, { apiClientId: foreign?.id }, headers)).toMatchObject({
      code: 'NOT_FOUND',
    });
    const { data: seen } = await bridge.ask(`{ node(id: "${foreign?.id}") { id } }`, {}, headers);
    expect(seen).toEqual({ node: null });
  });
});

describe('a revoked client', () => {
  test('is refused at once, and revoking it again changes nothing', async () => {
    const { secret, apiClient } = await ask(create, reader);
    const first = await ask(revoke, { apiClientId: apiClient?.id });
    const again = await ask(revoke, { apiClientId: apiClient?.id });
    const { status } = await bridge.ask('{ companies { nodes { name } } }', {}, bearer(secret));

    expect(status).toBe(401);
    expect(again.apiClient?.revokedAt).toBe(first.apiClient?.revokedAt);
  });

  test('is never the last one that may administer everything', async () => {
    const { rows } = await bridge.pool.query(
      `SELECT id FROM api_client WHERE display_name = 'Bootstrap administrator'`,
    );

    expect(await ask(revoke, { apiClientId: globalId('ApiClient', rows[0].id) })).toMatchObject({
      code: 'ILLEGAL_STATE',
    });
  });
});

test.each([['READ'], ['READ', 'OPERATE']])('%s may neither make nor revoke', async (...scopes) => {
  const { secret } = await ask(create, { displayName: 'Limited', scopes });
  for (const [document, input] of [
    [create, reader],
    [revoke, { apiClientId: globalId('ApiClient', randomUUID()) }],
  ] as const) {
    const { status } = await bridge.ask(
      document,
      { input: { ...input, idempotencyKey: randomUUID() } },
      bearer(secret),
    );
    expect(status).toBe(403);
  }
});
