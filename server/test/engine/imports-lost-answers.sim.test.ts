import { describe, expect, test } from 'vitest';
import { drainCompany } from '#sync/drain-company.ts';
import { plainInvoice } from '../support/companies.ts';
import { writesOf } from '../support/ledger.ts';
import {
  booksWritten,
  importing,
  internalInvoices,
  linksOf,
  makeThere,
  onlyLink,
} from '../support/imports.ts';
import { until } from '../simulator/control/until.ts';
import type { World } from '../support/world.ts';

/** What becomes of the answer to the import, and whether it did what was asked nonetheless. */
const losses = [
  { effect: 'drop-before', params: {} },
  { effect: 'drop-after', params: {} },
  { effect: 'fault-after', params: { status: 500 } },
  { effect: 'fault-after', params: { status: 502, body: 'html' } },
  { effect: 'commit-late', params: { delayMs: 300 } },
  { effect: 'status', params: { status: 503 } },
] as const;

const onImport = { operation: 'create', entity: 'invoice' };

async function expectImportedOnce(world: World): Promise<void> {
  const invoices = await internalInvoices(world);
  expect(invoices).toHaveLength(1);
  expect(await booksWritten(world)).toEqual(['invoice create']);
  expect(await onlyLink(world)).toMatchObject({
    status: 'IN_SYNC',
    internalId: invoices[0]?.id ?? null,
  });
  expect(await writesOf(world)).toEqual([]);
  const { rows } = await world.pool.query(
    `SELECT count(DISTINCT id)::int AS made FROM intent WHERE side = 'INTERNAL' AND state = 'ACKNOWLEDGED'`,
  );
  expect(rows).toEqual([{ made: 1 }]);
  expect(await world.brokenAudit()).toEqual([]);
}

async function isOnItsWay(world: World): Promise<boolean> {
  const { rowCount } = await world.pool.query(`SELECT 1 FROM intent WHERE side = 'INTERNAL'`);
  return rowCount === 1;
}

describe('an import whose answer is lost', () => {
  test.each(losses)('by $effect $params happens once', async ({ effect, params }) => {
    const world = await importing();
    await world.invoicing.faults([{ match: onImport, effect, params, times: 1 }]);
    await makeThere(world);
    await world.drainUntilSettled();

    await expectImportedOnce(world);
  });

  test('settles by its reference though its own news came first, and QuickBooks gets nothing', async () => {
    const world = await importing();
    await world.invoicing.faults([
      { match: onImport, effect: 'drop-after', times: 1 },
      { match: { operation: 'query' }, effect: 'status', params: { status: 503 }, times: 3 },
    ]);
    await makeThere(world);
    await world.drain();
    // The news of inv_… is there, and nobody knows yet that it is ours.
    await world.told();
    await world.drain();
    expect(await linksOf(world)).toHaveLength(1);
    expect(await onlyLink(world)).toMatchObject({ internalId: null });

    await world.timePasses();
    await world.drainUntilSettled();
    await expectImportedOnce(world);
  });

  test('by a worker that died is driven to its end by its successor', async () => {
    const world = await importing();
    await world.invoicing.faults([
      { match: onImport, effect: 'latency', params: { ms: 400 }, times: 1 },
    ]);
    await makeThere(world);
    await world.told();
    const dying = new AbortController();
    const first = world.drain(dying.signal);
    await until('the import to be on its way', () => isOnItsWay(world));
    dying.abort();
    await first;
    await Promise.all(
      ['second', 'third'].map((name) =>
        drainCompany(world.engine, world.companyId, name, new AbortController().signal),
      ),
    );
    await world.drainUntilSettled();

    await expectImportedOnce(world);
  });
});

describe('our own create in QuickBooks', () => {
  test.each(['drop-after', 'fault-after', 'commit-late'])(
    'lost by %s comes back as news and is never imported',
    async (effect) => {
      const world = await importing();
      await world.quickbooks.faults([
        {
          match: { operation: 'create', entity: 'Invoice' },
          effect,
          params: { delayMs: 300 },
          times: 1,
        },
      ]);
      await world.invoicing.human({ action: 'create', invoice: plainInvoice() });
      await world.drainUntilSettled();

      expect(await linksOf(world)).toMatchObject([{ status: 'IN_SYNC' }]);
      expect(await writesOf(world)).toEqual(['Invoice create']);
      expect(await internalInvoices(world)).toHaveLength(1);
      expect(await booksWritten(world)).toEqual([]);
    },
  );

  test('refused and yet done is found by its marker in the news, whether the company imports or not', async () => {
    for (const imports of [true, false]) {
      const world = await importing();
      await world.pool.query('UPDATE company SET import_from_quickbooks = $1', [imports]);
      await world.quickbooks.faults([
        {
          match: { operation: 'create', entity: 'Invoice' },
          effect: 'fault-after',
          params: { status: 400, code: '2020' },
          times: 1,
        },
      ]);
      await world.invoicing.human({ action: 'create', invoice: plainInvoice() });
      await world.drainUntilSettled();

      expect(await linksOf(world)).toMatchObject([{ status: 'IN_SYNC' }]);
      expect(await writesOf(world)).toEqual(['Invoice create']);
      expect(await internalInvoices(world)).toHaveLength(1);
    }
  });
});
