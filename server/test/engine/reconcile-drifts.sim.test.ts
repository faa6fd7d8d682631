import { describe, expect, test } from 'vitest';
import { drainCompany } from '#sync/drain-company.ts';
import { takeForward } from '../support/bulk.ts';
import { plainInvoice } from '../support/companies.ts';
import { counterpartOf, deadLettersOf, intentsOf, linkOf, writesOf } from '../support/ledger.ts';
import { payThere } from '../support/money.ts';
import { operatorOf } from '../support/operator.ts';
import { memo, pairByPoll, pollUntilSettled, startSilentWorld } from '../support/polls.ts';
import { driftsOf, reconcileUntilSettled, startDay } from '../support/reconciles.ts';
import type { World } from '../support/world.ts';

const makeInQuickbooks = async (world: World, more: object) => {
  const [customer] = await world.quickbooks.all('Customer');
  const [item] = await world.quickbooks.all('Item');
  return world.quickbooks.human({
    action: 'create',
    entity: 'Invoice',
    body: {
      CustomerRef: { value: customer?.['Id'] },
      TxnDate: '2026-11-20',
      Line: [
        {
          DetailType: 'SalesItemLineDetail',
          Amount: 100,
          SalesItemLineDetail: { ItemRef: { value: item?.['Id'] }, Qty: 1, UnitPrice: 100 },
        },
      ],
      ...more,
    },
  });
};

/** Accepts the only drift that is open. */
async function acceptOpen(world: World): Promise<void> {
  const open = (await driftsOf(world)).filter(({ status }) => status === 'OPEN');
  expect(open).toHaveLength(1);
  for (const { id, version } of open)
    await operatorOf(world).acceptDrift({
      driftId: id,
      expectedVersion: version,
      reason: 'Agreed with the customer.',
    });
}

/** Repairs every open drift of the newest run, in bulk. */
async function repairOpen(world: World, runId: string, expectedCount: number): Promise<void> {
  await operatorOf(world).repairDrifts({ reconcileRunId: runId, driftIds: null, expectedCount });
  await takeForward(world.pool, expectedCount);
  await world.drainUntilSettled();
  await world.drain();
}

test('an invoice made in QuickBooks waits for a person; accepted, it explains the residual and is not raised again', async () => {
  const world = await startSilentWorld();
  await pairByPoll(world);
  await makeInQuickbooks(world, {});

  const found = await reconcileUntilSettled(world);

  expect(found).toMatchObject({
    status: 'DRIFT_FOUND',
    residual: [{ reason: 'unlinked', amount: '-100.00', invoiceCount: 1 }],
  });
  expect(await driftsOf(world)).toMatchObject([{ kind: 'MISSING_INTERNALLY', status: 'OPEN' }]);
  await acceptOpen(world);

  expect(await reconcileUntilSettled(world)).toMatchObject({
    status: 'CLEAN',
    residual: [{ reason: 'accepted', amount: '-100.00' }],
  });
  expect(await driftsOf(world)).toMatchObject([{ kind: 'MISSING_INTERNALLY', status: 'ACCEPTED' }]);
});

test('a second document of an invoice holds both, voids none, and lets go once a person has voided it', async () => {
  const world = await startSilentWorld();
  const { id } = await pairByPoll(world);
  const before = await writesOf(world);
  const twin = await makeInQuickbooks(world, { PrivateNote: `LedgerBridge ${id}` });

  expect(await reconcileUntilSettled(world)).toMatchObject({
    residual: [{ reason: 'suspected duplicate', amount: '-100.00' }],
  });

  expect(await driftsOf(world)).toMatchObject([
    { kind: 'SUSPECTED_DUPLICATE', status: 'OPEN', internalId: id, quickbooksId: twin.id },
  ]);
  expect(await linkOf(world, id)).toMatchObject({ status: 'PAUSED' });
  expect(await writesOf(world)).toEqual(before);

  await world.quickbooks.human({ action: 'void', entity: 'Invoice', id: twin.id });
  await reconcileUntilSettled(world);
  expect(await driftsOf(world)).toMatchObject([{ status: 'REPAIRED' }]);
  expect(await linkOf(world, id)).toMatchObject({ status: 'IN_SYNC' });
});

test('the repair of a second document voids that one alone, by a write of its own, and the invoice goes on', async () => {
  const world = await startSilentWorld();
  const { id, quickbooksId } = await pairByPoll(world);
  const twin = await makeInQuickbooks(world, { PrivateNote: `LedgerBridge ${id}` });
  const run = await reconcileUntilSettled(world);
  const [found] = await driftsOf(world);
  expect(found?.words).toContain(`A repair voids document ${twin.id} in QuickBooks`);
  const before = await writesOf(world);
  // The answer is lost: what became of the void is found out by looking.
  await world.quickbooks.faults([
    { match: { operation: 'void', entity: 'Invoice' }, effect: 'drop-after', times: 1 },
  ]);

  await repairOpen(world, run.id, 1);

  expect(await counterpartOf(world, id)).toMatchObject({ Id: quickbooksId, TotalAmt: 108 });
  const all = await world.quickbooks.all('Invoice');
  expect(all.find(({ Id }) => Id === twin.id)).toMatchObject({ TotalAmt: 0 });
  expect(await writesOf(world)).toEqual([...before, 'Invoice void']);
  expect(await driftsOf(world)).toMatchObject([{ status: 'REPAIRED' }]);
  expect(await linkOf(world, id)).toMatchObject({ status: 'IN_SYNC', quickbooksId });
  expect(await intentsOf(world, id)).toMatchObject([
    {},
    { object: 'Invoice', operation: 'VOIDED', state: 'ACKNOWLEDGED' },
  ]);
  expect(await reconcileUntilSettled(world)).toMatchObject({ status: 'CLEAN', residual: [] });
  expect(await world.brokenAudit()).toEqual([]);
});

test('a second document that money is applied to is not voided, whatever is repaired', async () => {
  const world = await startSilentWorld();
  const { id } = await pairByPoll(world);
  const twin = await makeInQuickbooks(world, { PrivateNote: `LedgerBridge ${id}` });
  await payThere(world, [{ id: twin.id, amount: 5 }]);
  const run = await reconcileUntilSettled(world);
  const before = await writesOf(world);
  const found = await driftsOf(world);
  expect(found).toMatchObject([{ kind: 'SUSPECTED_DUPLICATE', status: 'OPEN' }]);
  expect(found[0]?.words).toContain('money is applied to it');

  await repairOpen(world, run.id, 1);

  expect(await writesOf(world)).toEqual(before);
  expect(await driftsOf(world)).toEqual(found);
  expect(await linkOf(world, id)).toMatchObject({ status: 'PAUSED' });
});

test('a document gone from QuickBooks is a broken link, and its repair voids the internal one', async () => {
  const world = await startSilentWorld();
  const { id, quickbooksId } = await pairByPoll(world);
  await pairByPoll(world);
  await world.quickbooks.human({ action: 'delete', entity: 'Invoice', id: quickbooksId });

  const run = await reconcileUntilSettled(world);

  expect(run).toMatchObject({ matched: 1, residual: [{ reason: 'broken link' }] });
  expect(await driftsOf(world)).toMatchObject([{ kind: 'BROKEN_LINK', status: 'OPEN' }]);
  expect(await world.invoicing.invoice(id)).not.toMatchObject({ status: 'void' });

  await repairOpen(world, run.id, 1);
  expect(await world.invoicing.invoice(id)).toMatchObject({ status: 'void' });
  expect(await driftsOf(world)).toMatchObject([{ status: 'REPAIRED' }]);
  expect(await reconcileUntilSettled(world)).toMatchObject({ status: 'CLEAN', residual: [] });
});

test('a change of an invoice from before go-live is shown and left alone; accepted, only a later one counts', async () => {
  const world = await startSilentWorld();
  const { id, quickbooksId } = await pairByPoll(world);
  await world.pool.query(`UPDATE company SET go_live_date = '2026-12-01'`);
  await world.quickbooks.human(memo(quickbooksId, 'Theirs'));
  const before = await world.invoicing.mutations();

  await reconcileUntilSettled(world);
  expect(await driftsOf(world)).toMatchObject([{ kind: 'BEFORE_GO_LIVE', status: 'OPEN' }]);
  expect(await world.invoicing.mutations()).toEqual(before);
  await acceptOpen(world);
  expect(await reconcileUntilSettled(world)).toMatchObject({ status: 'CLEAN', matched: 1 });

  await world.quickbooks.human(memo(quickbooksId, 'Theirs again'));
  expect(await reconcileUntilSettled(world)).toMatchObject({ status: 'DRIFT_FOUND' });
  expect(await linkOf(world, id)).toMatchObject({ status: 'IN_SYNC' });
});

test('an invoice dated before go-live is not created', async () => {
  const world = await startSilentWorld({ goLiveDate: '2026-12-01' });
  await world.invoicing.human({ action: 'create', invoice: plainInvoice() });

  expect(await reconcileUntilSettled(world)).toMatchObject({
    residual: [{ reason: 'before go-live', amount: '108.00' }],
  });

  expect(await driftsOf(world)).toMatchObject([{ kind: 'MISSING_IN_QUICKBOOKS', status: 'OPEN' }]);
  expect(await writesOf(world)).toEqual([]);
});

describe('an internal invoice whose document in QuickBooks is linked to nothing', () => {
  test('is not created twice; its repair links the two and writes nothing', async () => {
    const world = await startSilentWorld();
    const { id } = await pairByPoll(world);
    const before = await writesOf(world);
    // As after a backup of the bridge was brought back.
    await world.pool.query(
      `UPDATE link SET quickbooks_id = NULL, quickbooks_observation_id = NULL, base_internal = NULL, base_quickbooks = NULL`,
    );

    const run = await reconcileUntilSettled(world);

    expect(await driftsOf(world)).toMatchObject([
      { kind: 'MISSING_IN_QUICKBOOKS', status: 'OPEN', internalId: id },
    ]);
    await repairOpen(world, run.id, 1);
    expect(await linkOf(world, id)).toMatchObject({ status: 'IN_SYNC' });
    expect(await writesOf(world)).toEqual(before);
    expect(await reconcileUntilSettled(world)).toMatchObject({ status: 'CLEAN', matched: 1 });
  });
});

test('P8, P9: what the main path could not repair is a dead letter once, and is not raised again while it stands', async () => {
  const world = await startSilentWorld();
  const { id, quickbooksId } = await pairByPoll(world);
  await world.invoicing.human({ action: 'pay', id, amount: '20' });
  await pollUntilSettled(world);
  await world.quickbooks.behaviour({ voidPaid: 'unlink' });
  await world.quickbooks.human({ action: 'void', entity: 'Invoice', id: quickbooksId });

  await reconcileUntilSettled(world);
  expect(await deadLettersOf(world, id)).toMatchObject([{ status: 'OPEN' }]);
  expect(await driftsOf(world)).toMatchObject([{ kind: 'FIELD_MISMATCH', status: 'OPEN' }]);

  expect(await reconcileUntilSettled(world)).toMatchObject({
    residual: [{ reason: 'dead letter' }],
  });
  expect(await deadLettersOf(world, id)).toHaveLength(1);
});

test('P2: one document that is not understood is one drift, and all others are compared', async () => {
  const world = await startSilentWorld();
  const poison = await pairByPoll(world);
  const other = await pairByPoll(world);
  await world.quickbooks.human(memo(other.quickbooksId, 'Theirs'));
  const { engine } = world;
  const sides: typeof engine.sides = {
    ...engine.sides,
    accounting: (...of) => {
      const accounting = engine.sides.accounting(...of);
      return {
        ...accounting,
        listInvoices: async (...asked) => {
          const page = await accounting.listInvoices(...asked);
          if (!page.ok) return page;
          const rows = page.value.rows.map((row) =>
            row.id === poison.quickbooksId
              ? { id: row.id, seen: null, problem: '$.Line: expected a list' }
              : row,
          );
          return { ...page, value: { ...page.value, rows } };
        },
      };
    },
  };
  await startDay(world);

  await drainCompany({ ...engine, sides }, world.companyId, 'test', new AbortController().signal);
  await world.drainUntilSettled();
  await world.drain();

  expect(await driftsOf(world)).toMatchObject([
    { kind: 'FIELD_MISMATCH', status: 'OPEN', quickbooksId: poison.quickbooksId },
    { kind: 'FIELD_MISMATCH', status: 'REPAIRED', quickbooksId: other.quickbooksId },
  ]);
  expect(await counterpartOf(world, other.id)).toMatchObject({ CustomerMemo: { value: 'Theirs' } });
  expect(await world.invoicing.invoice(other.id)).toMatchObject({ customerMemo: 'Theirs' });
});
