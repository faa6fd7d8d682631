import { expect, test } from 'vitest';
import { z } from 'zod';
import { takeForward } from '../support/bulk.ts';
import { lineOf, plainInvoice } from '../support/companies.ts';
import { writesOf } from '../support/ledger.ts';
import { operatorOf } from '../support/operator.ts';
import { callsDuring, memo, startSilentWorld } from '../support/polls.ts';
import {
  driftsOf,
  goOn,
  newestRun,
  reconcileUntilSettled,
  startDay,
} from '../support/reconciles.ts';
import type { World } from '../support/world.ts';

const invoicesCount = 1_020;
const goLiveDate = '2026-01-15';

/** A year of invoices, the oldest first: most of one line, some dearer, some of a customer QuickBooks does not know yet. */
async function makeAYear(world: World): Promise<void> {
  const start = Date.parse('2025-11-21');
  const numbers = Array.from({ length: invoicesCount }, (_, number) => number);
  for (let at = 0; at < invoicesCount; at += 30) {
    await Promise.all(
      numbers.slice(at, at + 30).map((number) => {
        const day = new Date(start + Math.floor((number * 365) / invoicesCount) * 86_400_000);
        const invoice = plainInvoice({
          issueDate: day.toISOString().slice(0, 10),
          customer: { id: number % 7 === 0 ? 'cus_9' : 'cus_1' },
          lines: [lineOf(String(1 + (number % 5)), '19.99')],
        });
        return world.invoicing.human({ action: 'create', invoice });
      }),
    );
  }
}

const linked = z.object({ id: z.string(), internalId: z.string(), quickbooksId: z.string() });

/** Linked invoices dated from go-live on, or before it, oldest first. */
const linksDated = (world: World, before: boolean) =>
  world.rows(
    linked,
    `SELECT k.id, k.internal_id AS "internalId", k.quickbooks_id AS "quickbooksId" FROM link k JOIN observation o ON o.id = k.internal_observation_id
     WHERE ((o.content->>'issueDate') < $1) = $2 ORDER BY o.content->>'issueDate', k.internal_id`,
    [goLiveDate, before],
  );

const bundle = {
  Amount: 40,
  DetailType: 'GroupLineDetail',
  GroupLineDetail: {
    GroupItemRef: { value: '1' },
    Quantity: 1,
    Line: [
      {
        Amount: 40,
        DetailType: 'SalesItemLineDetail',
        SalesItemLineDetail: {
          ItemRef: { value: '1' },
          Qty: 1,
          UnitPrice: 40,
          TaxCodeRef: { value: 'NON' },
        },
      },
    ],
  },
};

const quickbooksInvoice = z.looseObject({
  Id: z.string(),
  DocNumber: z.string().optional(),
  CustomerRef: z.object({ value: z.string() }),
  TxnDate: z.string(),
  Line: z.array(z.looseObject({ DetailType: z.string() })),
  TxnTaxDetail: z.unknown(),
});

/** Fifty things that people did and nobody told of, of every kind a reconcile knows. */
async function seedDiscrepancies(world: World): Promise<void> {
  const links = [...(await linksDated(world, false))];
  const old = await linksDated(world, true);
  const documents = z.array(quickbooksInvoice).parse(await world.quickbooks.all('Invoice'));
  const byId = new Map(documents.map((document) => [document.Id, document]));
  const take = (count: number) => links.splice(0, count);
  for (const { quickbooksId } of take(10))
    await world.quickbooks.human(memo(quickbooksId, 'Theirs'));
  for (const { internalId: id } of take(8))
    await world.invoicing.human({ action: 'edit', id, set: { lines: [lineOf('4', '50')] } });
  for (const { quickbooksId: id } of take(4))
    await world.quickbooks.human({ action: 'void', entity: 'Invoice', id });
  for (const { internalId: id } of take(4)) await world.invoicing.human({ action: 'void', id });
  for (let made = 0; made < 6; made += 1)
    await world.invoicing.human({ action: 'create', invoice: plainInvoice() });
  for (const { quickbooksId } of take(5)) {
    const { CustomerRef, Line } = byId.get(quickbooksId) ?? {};
    const body = {
      CustomerRef,
      TxnDate: '2026-11-19',
      Line: sold(Line),
      DocNumber: `Q-${quickbooksId}`,
    };
    await world.quickbooks.human({ action: 'create', entity: 'Invoice', body });
  }
  for (const { quickbooksId, internalId } of take(4)) {
    const { CustomerRef, Line } = byId.get(quickbooksId) ?? {};
    const PrivateNote = `LedgerBridge ${internalId}`;
    const body = { CustomerRef, TxnDate: '2026-11-19', Line: sold(Line), PrivateNote };
    await world.quickbooks.human({ action: 'create', entity: 'Invoice', body });
  }
  for (const { quickbooksId: id } of take(4))
    await world.quickbooks.human({ action: 'delete', entity: 'Invoice', id });
  for (const { quickbooksId: id } of take(2)) {
    const set = { Line: [...sold(byId.get(id)?.Line), bundle] };
    await world.quickbooks.human({ action: 'edit', entity: 'Invoice', id, set });
  }
  for (const { quickbooksId } of old.slice(0, 3))
    await world.quickbooks.human(memo(quickbooksId, 'Theirs'));
}

const sold = (lines: readonly { readonly DetailType: string }[] | undefined) =>
  (lines ?? []).filter(({ DetailType }) => DetailType === 'SalesItemLineDetail');

/** How many drifts of each kind stand where. */
async function tally(world: World): Promise<Readonly<Record<string, number>>> {
  const drifts = await driftsOf(world);
  const groups = Map.groupBy(drifts, ({ kind, status }) => `${kind} ${status}`);
  return Object.fromEntries([...groups].map(([name, all]) => [name, all.length]));
}

/** A thousand creates, each written down, sent, answered and settled over HTTP. */
const aYearMs = 150_000;

test(
  'a year of a company agrees to the cent at the price of two reads, and fifty discrepancies are all found and settled',
  { timeout: 2 * aYearMs },
  async () => {
    const world = await startSilentWorld();
    const operator = operatorOf(world);
    await makeAYear(world);

    // Nobody told of a single one: the first sweep finds them all and the main path creates them.
    const first = await reconcileUntilSettled(world, aYearMs);
    expect(first).toMatchObject({ driftCount: invoicesCount });
    expect(await tally(world)).toEqual({ 'MISSING_IN_QUICKBOOKS REPAIRED': invoicesCount });
    expect((await writesOf(world, 'Invoice')).length).toBe(invoicesCount);

    // Agreement: nothing is written, and QuickBooks is read a page at a time. The worker is stopped in the middle of it.
    const written = (await writesOf(world)).length;
    const calls = await callsDuring(world, async () => {
      await startDay(world);
      const stopping = new AbortController();
      const asked = world.invoicing.requests();
      const before = (await asked).length;
      const drained = world.drain(stopping.signal);
      await expect
        .poll(async () => (await world.invoicing.requests()).length, { timeout: 20_000 })
        .toBeGreaterThan(before);
      stopping.abort();
      await drained;
      await goOn(world);
    });
    const agreed = await newestRun(world);
    expect(agreed).toMatchObject({
      status: 'CLEAN',
      compared: invoicesCount,
      matched: invoicesCount,
      residual: [],
      controlTotals: [
        { currency: 'USD', internalCount: invoicesCount, quickbooksCount: invoicesCount },
      ],
    });
    const [totals] = agreed.controlTotals;
    expect(totals?.internalTotal).toBe(totals?.quickbooksTotal);
    expect((await writesOf(world)).length).toBe(written);
    expect(calls.filter((call) => call === 'query').length).toBeLessThanOrEqual(3);
    expect(calls.filter((call) => call !== 'query')).toEqual([]);
    await world.pool.query('DELETE FROM drift');

    await world.pool.query('UPDATE company SET go_live_date = $1', [goLiveDate]);
    await seedDiscrepancies(world);
    const found = await reconcileUntilSettled(world);

    expect(found).toMatchObject({ status: 'DRIFT_FOUND', driftCount: 50 });
    expect(await tally(world)).toEqual({
      'FIELD_MISMATCH REPAIRED': 26,
      'MISSING_IN_QUICKBOOKS REPAIRED': 6,
      'MISSING_INTERNALLY OPEN': 5,
      'SUSPECTED_DUPLICATE OPEN': 4,
      'BROKEN_LINK OPEN': 4,
      'UNEXPLAINED_TOTAL OPEN': 2,
      'BEFORE_GO_LIVE OPEN': 3,
    });
    const open = (await driftsOf(world)).filter(({ status }) => status === 'OPEN');
    const lost = open.filter(({ kind }) => kind === 'BROKEN_LINK').map(({ id }) => id);
    await operator.repairDrifts({ reconcileRunId: found.id, driftIds: lost, expectedCount: 4 });
    await takeForward(world.pool, lost.length);
    for (const { id, version, kind } of open)
      if (kind !== 'BROKEN_LINK')
        await operator.acceptDrift({ driftId: id, expectedVersion: version, reason: 'Looked at.' });
    await world.drainUntilSettled();
    await world.drain();
    expect(await tally(world)).toEqual({
      'FIELD_MISMATCH REPAIRED': 26,
      'MISSING_IN_QUICKBOOKS REPAIRED': 6,
      'MISSING_INTERNALLY ACCEPTED': 5,
      'SUSPECTED_DUPLICATE ACCEPTED': 4,
      'BROKEN_LINK REPAIRED': 4,
      'UNEXPLAINED_TOTAL ACCEPTED': 2,
      'BEFORE_GO_LIVE ACCEPTED': 3,
    });

    const last = await reconcileUntilSettled(world);
    expect(last).toMatchObject({ status: 'CLEAN', driftCount: 0 });
    expect(last.residual.map(({ reason }) => reason)).toEqual(['accepted']);
    expect(await world.brokenAudit()).toEqual([]);
  },
);
