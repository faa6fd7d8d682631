import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { createConnectionStates } from '#adapters/postgres/connection-states.ts';
import { checkConnection } from '#sync/check-connection.ts';
import { plainInvoice, unknown } from '../support/companies.ts';
import { createWorld, type World } from '../support/world.ts';

let world: World;

beforeAll(async () => {
  world = await createWorld({ mode: 'SHADOW', goLiveDate: '2026-11-01' });
  await world.invoicing.human({ action: 'create', invoice: plainInvoice({ number: 'CHECK-1' }) });
  await world.told();
}, 60_000);

afterAll(() => world.close());

beforeEach(async () => {
  await world.quickbooks.faults([]);
  await world.invoicing.faults([]);
});

const check = async () => {
  const found = await checkConnection(
    world.engine,
    createConnectionStates(world.pool),
    world.companyId,
  );
  if (found === null) throw new Error('the company is gone');
  return found;
};

/** Whether QuickBooks can be called at all, and internal invoicing. */
const answers = {
  quickbooks: 'QuickBooks answers and grants access',
  internal: 'Internal invoicing answers and accepts our token',
} as const;

const everything = (effect: string, params: object = {}) => [{ match: {}, effect, params }];
const bookOf = async (sql: string): Promise<void> => void (await world.pool.query(sql));

describe('what is found about both sides', () => {
  test('both answer: that is said, worst first, and nothing is written or counted against the company', async () => {
    const found = await check();

    expect(found).toEqual(
      expect.arrayContaining([
        expect.objectContaining({ title: answers.quickbooks, state: 'OK', fix: null }),
        expect.objectContaining({ title: answers.internal, state: 'OK', fix: null }),
        expect.objectContaining({ title: 'One invoice is read by its id', state: 'OK' }),
        expect.objectContaining({ title: 'Webhooks of QuickBooks', state: 'DEGRADED' }),
      ]),
    );
    const order = ['DOWN', 'DEGRADED', 'OK'];
    const states = found.map(({ state }) => order.indexOf(state));
    expect(states).toEqual(states.toSorted((one, other) => one - other));
    for (const { state, fix } of found) expect(fix === null).toBe(state === 'OK');
    expect(await world.quickbooks.mutations()).toEqual([]);
  });

  test.each([
    ['cannot be reached', everything('drop-before')],
    ['is down', everything('status', { status: 503 })],
    ['answers with a page of HTML', everything('status', { status: 502, body: 'html' })],
    ['throttles', everything('status', { status: 429, retryAfter: 60 })],
  ])('QuickBooks %s: a plain finding, and the next look is free again', async (_, rules) => {
    await world.quickbooks.faults(rules);

    expect(await check()).toContainEqual({
      side: 'quickbooks',
      title: answers.quickbooks,
      state: 'DOWN',
      finding: expect.stringMatching(/^It did not: ./),
      fix: 'Look at the status of QuickBooks and try again.',
    });

    await world.quickbooks.faults([]);
    expect(await check()).toContainEqual(
      expect.objectContaining({ title: answers.quickbooks, state: 'OK' }),
    );
  });

  test.each([
    ['cannot be reached', everything('drop-before'), /can be reached from here/],
    ['is down', everything('status', { status: 503 }), /can be reached from here/],
    ['refuses our token', everything('status', { status: 401 }), /^Give a token/],
  ])('internal invoicing %s: a plain finding that says what to do', async (_, rules, fix) => {
    await world.invoicing.faults(rules);

    const found = await check();

    expect(found[0]).toEqual({
      side: 'internal',
      title: answers.internal,
      state: 'DOWN',
      finding: expect.stringMatching(/^It did not: ./),
      fix: expect.stringMatching(fix),
    });
    expect(found).toContainEqual(
      expect.objectContaining({ title: answers.quickbooks, state: 'OK' }),
    );
  });

  test('closed books, clocks that are off, access that runs out and records without a counterpart are found as they are', async () => {
    await world.quickbooks.human({ action: 'close-books', through: '2026-11-15' });
    await world.quickbooks.advance(60_000);
    await world.invoicing.advance(-60_000);
    await world.invoicing.human({
      action: 'create',
      invoice: plainInvoice({ number: 'CHECK-2', customer: { id: unknown.customer } }),
    });
    await world.drainUntilSettled();
    await bookOf(
      `UPDATE quickbooks_credential SET refresh_expires_at = clock_timestamp() + interval '9 days 1 hour'`,
    );

    const found = new Map(
      (await check()).map((one) => [`${one.side ?? 'bridge'}: ${one.title}`, one.finding]),
    );

    expect(Object.fromEntries(found)).toMatchObject({
      'quickbooks: Closed books':
        'The books are closed through 2026-11-15; nothing dated up to then is written.',
      'quickbooks: Clocks agree': expect.stringMatching(
        /^Its clock is (5|6)\d\.\d s from ours, so/,
      ),
      'internal: Clocks agree': expect.stringMatching(/^Its clock is (5|6)\d\.\d s from ours, so/),
      'quickbooks: Access to QuickBooks lasts': 'It runs out in 9 days unless it is renewed.',
      'bridge: Customers are matched': '1 has a counterpart, 1 has none yet.',
      'quickbooks: Sales tax': 'There is a tax code for whole invoices.',
      'internal: Webhooks reach us': 'The last one came less than a minute ago.',
    });
    await world.quickbooks.advance(-60_000);
    await world.invoicing.advance(60_000);
  });

  test('while a worker has the company QuickBooks is not called', async () => {
    const lease = await world.engine.store.acquireLease(world.companyId, 'a worker', 600_000);
    if (lease === null) throw new Error('the lease is held');
    const before = (await world.quickbooks.requests()).length;

    const found = await check();

    expect(found).toContainEqual(
      expect.objectContaining({
        title: answers.quickbooks,
        state: 'OK',
        finding: expect.stringMatching(/^A worker is busy/),
      }),
    );
    expect(await world.quickbooks.requests()).toHaveLength(before);
    await bookOf('UPDATE company_lease SET expires_at = clock_timestamp()');
  });

  test('while QuickBooks wants to be left alone it is not called', async () => {
    await bookOf(`UPDATE company SET throttled_until = clock_timestamp() + interval '1 hour'`);
    const before = (await world.quickbooks.requests()).length;

    expect(await check()).toContainEqual(
      expect.objectContaining({
        title: answers.quickbooks,
        state: 'DEGRADED',
        fix: 'Wait a few minutes and look again.',
      }),
    );
    expect(await world.quickbooks.requests()).toHaveLength(before);
    await bookOf('UPDATE company SET throttled_until = NULL');
  });

  test('access that was taken away: a person is asked to connect again, and it works once they have', async () => {
    await world.quickbooks.disconnect();

    expect(await check()).toContainEqual({
      side: 'quickbooks',
      title: answers.quickbooks,
      state: 'DOWN',
      finding: expect.stringMatching(/^It did not: ./),
      fix: 'Connect the company to QuickBooks, as an administrator of both.',
    });

    await bookOf(`UPDATE company SET status = 'NEEDS_RECONNECT'`);
    expect(await check()).toContainEqual(
      expect.objectContaining({
        title: answers.quickbooks,
        state: 'DOWN',
        finding: 'Access to QuickBooks lapsed, so no call is made.',
      }),
    );
    await world.connect();
    expect(await check()).toContainEqual(
      expect.objectContaining({ title: answers.quickbooks, state: 'OK' }),
    );
  });
});
