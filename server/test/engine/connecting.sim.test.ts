import { randomUUID } from 'node:crypto';
import { expect, onTestFinished, test } from 'vitest';
import { keyIssuer } from '#adapters/postgres/api-keys.ts';
import { createChangeRequests } from '#adapters/postgres/change-requests.ts';
import { systemClock } from '#adapters/system/clock.ts';
import { toCompanyId, toCorrelationId } from '#core/brand.ts';
import { authorizationOf } from '#main/authorization.ts';
import { compose } from '#main/compose.ts';
import { readConfig } from '#main/config.ts';
import type { Caller } from '#ports/access.ts';
import { createActions } from '#sync/actions.ts';
import { drainCompany } from '#sync/drain-company.ts';
import { giveBackNext } from '#sync/give-back-tokens.ts';
import { startWorld, type World } from '../support/world.ts';

const firstRealm = '9130000000000001';
const secondRealm = '9130000000000002';
const quiet = { debug: () => {}, info: () => {}, warn: () => {}, error: () => {} };

/** An administrator with a key, who makes, connects and disconnects companies without a browser (http.md §1). */
async function administratorOf(world: World) {
  const read = readConfig(world.environment);
  if (!read.ok) throw new Error(read.lines.join());
  const composition = compose(read.config, world.databaseUrl, quiet);
  onTestFinished(() => composition.pool.end());
  const { engine, pool, administration } = composition;
  const doorbell = { ring: () => undefined };
  const actions = createActions({
    requests: createChangeRequests(pool, { announce: () => undefined }, systemClock),
    doorbell,
    ids: engine.ids,
    digest: engine.digest,
    keys: keyIssuer,
    administration,
  });
  const id = randomUUID();
  await pool.query(
    `INSERT INTO api_client (id, display_name, scopes, key_prefix, key_hash) VALUES ($1, 'Ada', '{ADMIN}', 'lb_', 'hash of a key')`,
    [id],
  );
  const ada: Caller = {
    kind: 'client',
    id,
    name: 'Ada',
    scope: 'ADMIN',
    companyIds: null,
    documents: 'open',
    sessionId: null,
  };
  const asked = <Input>(input: Input) => ({
    caller: ada,
    idempotencyKey: engine.ids.next(),
    correlationId: toCorrelationId(engine.ids.next()),
    input,
  });
  const routes = authorizationOf(read.config, composition, actions, doorbell, quiet);
  const makeCompany = async (name: string) => {
    const outcome = await actions.createCompany(
      asked({
        name,
        invoicingBaseUrl: world.invoicing.url,
        invoicingToken: 'simulator-invoicing-token',
        invoicingWebhookSecret: `whsec_${Buffer.from('simulator-webhook-secret').toString('base64')}`,
      }),
    );
    if (outcome.kind !== 'done') throw new Error(JSON.stringify(outcome));
    return toCompanyId(outcome.touched.subjectId);
  };
  /** Follows the address to the consent page and back; answers what came along. */
  const consent = async (companyId: string, realm: string) => {
    const { authorizationUrl } = await routes.start(ada, { companyId, returnPath: '/companies' });
    const page = await fetch(`${authorizationUrl}&auto=1&realm=${realm}`, { redirect: 'manual' });
    const query = new URL(page.headers.get('location') ?? '').searchParams;
    return {
      state: query.get('state') ?? '',
      code: query.get('code'),
      realmId: query.get('realmId'),
      error: query.get('error'),
      nonce: null,
    };
  };
  return { actions, asked, routes, composition, makeCompany, consent };
}

const rowOf = async ({ pool }: World, id: string) =>
  (
    await pool.query<object>(
      `SELECT status, mode, realm_id, version, go_live_date = current_date AS from_today FROM company WHERE id = $1`,
      [id],
    )
  ).rows[0];

test('a company is made and connected without a browser, and a state counts once', async () => {
  const world = await startWorld();
  const { makeCompany, consent, routes } = await administratorOf(world);
  const id = await makeCompany('Initech');

  const back = await consent(id, secondRealm);
  expect(await routes.finish({ ...back, state: `${back.state.slice(0, -2)}xx` })).toMatchObject({
    title: 'This link was not made by LedgerBridge',
  });
  expect(await routes.finish(back)).toEqual({ kind: 'connected', returnPath: '/companies' });

  const connected = { status: 'ACTIVE', mode: 'SHADOW', realm_id: secondRealm, from_today: true };
  expect(await rowOf(world, id)).toMatchObject(connected);
  expect(await world.credentials.tokens(id)).not.toBeNull();
  expect(await routes.finish(back)).toMatchObject({ title: 'This link was used already' });
  expect(await drainCompany(world.engine, id, 'test-worker', new AbortController().signal)).toBe(
    'empty',
  );
});

test('another QuickBooks company, and one that is taken, are refused by name', async () => {
  const world = await startWorld();
  const { makeCompany, consent, routes } = await administratorOf(world);
  const id = await makeCompany('Initech');

  const taken = await routes.finish(await consent(id, firstRealm));
  expect(taken).toMatchObject({ kind: 'refused', title: 'This QuickBooks company is taken' });
  expect(JSON.stringify(taken)).toMatch(/Acme Books.*Initech/);
  expect(await rowOf(world, id)).toMatchObject({
    status: 'AWAITING_AUTHORIZATION',
    realm_id: null,
  });

  const other = await routes.finish(await consent(world.companyId, secondRealm));
  expect(other).toMatchObject({ kind: 'refused', title: 'This is another QuickBooks company' });
  expect(JSON.stringify(other)).toContain(firstRealm);
  expect(await rowOf(world, world.companyId)).toMatchObject({ realm_id: firstRealm });
});

test('a disconnected company is not called any more, and its token is given back once', async () => {
  const world = await startWorld();
  const { actions, asked, composition } = await administratorOf(world);
  const { companyId } = world;
  const [company] = (
    await world.pool.query<{ version: number }>('SELECT version FROM company WHERE id = $1', [
      companyId,
    ])
  ).rows;
  const outcome = await actions.disconnectCompany(
    asked({ companyId, expectedVersion: company?.version ?? 0, confirmName: 'Acme Books' }),
  );
  expect(outcome).toMatchObject({ kind: 'done' });
  const before = (await world.quickbooks.requests()).length;

  expect(await world.poll()).toBe('not-ours');
  expect((await world.quickbooks.requests()).length).toBe(before);
  const { revocations, oauth } = composition;
  const giver = {
    revocations,
    revoke: (token: string) => oauth.revoke(token),
    clock: systemClock,
    log: quiet,
  };
  expect(await giveBackNext(giver)).toBe(true);
  expect(await giveBackNext(giver)).toBe(false);
  expect(await world.brokenAudit()).toEqual([]);
});
