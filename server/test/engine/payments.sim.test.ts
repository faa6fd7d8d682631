import { describe, expect, test } from 'vitest';
import { z } from 'zod';
import { plainInvoice } from '../support/companies.ts';
import { conflictsOf, counterpartOf, linkOf, soldLines } from '../support/ledger.ts';
import {
  balances,
  editPaymentThere,
  givenThere,
  moneyHere,
  payHere,
  payThere,
  paymentsThere,
  paymentWrites,
} from '../support/money.ts';
import { operatorOf } from '../support/operator.ts';
import { editThere, pair, type Pair } from '../support/pair.ts';

const today = new Date().toISOString().slice(0, 10);
const inSync = async (both: Pair) =>
  expect(await linkOf(both.world, both.id)).toMatchObject({ status: 'IN_SYNC' });

describe('a payment recorded internally', () => {
  test('is recorded in QuickBooks over its invoice, marked with its id', async () => {
    const both = await pair();

    const id = await payHere(both, '50.00', { date: '2026-11-20' });
    await both.world.drainUntilSettled();

    expect(await paymentsThere(both.world)).toMatchObject([
      {
        TotalAmt: 50,
        TxnDate: '2026-11-20',
        PrivateNote: `LedgerBridge ${id}`,
        Line: [{ Amount: 50, LinkedTxn: [{ TxnId: both.quickbooksId, TxnType: 'Invoice' }] }],
      },
    ]);
    expect(await balances(both)).toEqual([58, 58]);
    expect(await paymentWrites(both)).toEqual({ here: [], there: ['create'] });
    await inSync(both);
    expect(await both.world.brokenAudit()).toEqual([]);
  });

  test('and changed there follows, and taken back there goes from QuickBooks', async () => {
    const both = await pair();
    const paymentId = await payHere(both, '50.00');
    await both.world.drainUntilSettled();

    await both.world.invoicing.human({ action: 'edit-payment', paymentId, amount: '30.00' });
    await both.world.drainUntilSettled();
    expect(await givenThere(both)).toEqual([30]);
    expect(await balances(both)).toEqual([78, 78]);

    await both.world.invoicing.human({ action: 'unpay', paymentId });
    await both.world.drainUntilSettled();
    expect(await paymentsThere(both.world)).toEqual([]);
    expect(await balances(both)).toEqual([108, 108]);
    expect(await paymentWrites(both)).toEqual({ here: [], there: ['create', 'update', 'delete'] });
    await inSync(both);
  });

  test('before its invoice ever crossed comes after it', async () => {
    const both = await pair({}, {});
    const { world } = both;
    const { id } = await world.invoicing.human({
      action: 'create',
      invoice: plainInvoice({ number: 'INV-NEW' }),
    });
    await payHere({ ...both, id }, '8.00');
    await payHere({ ...both, id }, '100.00');
    await world.drainUntilSettled();

    const { quickbooksId } = await linkOf(world, id);
    expect(await balances({ world, id, quickbooksId: quickbooksId ?? '' })).toEqual([0, 0]);
    expect(await linkOf(world, id)).toMatchObject({ status: 'IN_SYNC' });
  });
});

describe('a payment method that only one side has', () => {
  const methods = z.array(z.looseObject({ Id: z.string(), Name: z.string() }));

  test('holds no money: the payment crosses without it, it is noted, and later payments carry what a person maps it to', async () => {
    const both = await pair();
    const { world } = both;
    const cash = methods.parse(await world.quickbooks.all('PaymentMethod')).find(isCash);
    const renamed = {
      action: 'edit',
      entity: 'PaymentMethod',
      id: cash?.Id,
      set: { Name: 'Till' },
    };
    await world.quickbooks.human(renamed);

    await payHere(both, '50.00', { method: 'cash' });
    await world.drainUntilSettled();
    const [first] = await paymentsThere(world);
    expect(first).toMatchObject({ TotalAmt: 50 });
    expect(first?.PaymentMethodRef).toBeUndefined();
    await inSync(both);
    const [noted] = await notedMethods(both);
    expect(noted).toMatchObject({ status: 'MISSING', internalName: 'Cash' });

    await operatorOf(world).mapReference({
      referenceId: noted?.id ?? '',
      expectedVersion: noted?.version ?? 0,
      counterpartId: cash?.Id ?? null,
    });
    await payHere(both, '8.00', { method: 'cash' });
    await world.drainUntilSettled();
    const carried = (await paymentsThere(world)).find(({ TotalAmt }) => TotalAmt === 8);
    expect(carried).toMatchObject({ PaymentMethodRef: { value: cash?.Id } });
    expect(await balances(both)).toEqual([50, 50]);
  });

  const isCash = ({ Name }: { readonly Name: string }) => Name === 'Cash';

  const notedMethods = ({ world }: Pair) =>
    world.rows(
      z.object({
        id: z.string(),
        version: z.number(),
        status: z.string(),
        internalName: z.string().nullable(),
      }),
      `SELECT id, version, status, internal_name AS "internalName" FROM reference WHERE kind = 'PAYMENT_METHOD'`,
    );
});

describe('a payment recorded in QuickBooks', () => {
  test('is recorded internally, changed and taken back with it', async () => {
    const both = await pair();
    const { world, quickbooksId } = both;

    const id = await payThere(world, [{ id: quickbooksId, amount: 40 }], { date: '2026-11-19' });
    await world.drainUntilSettled();
    expect((await moneyHere(both)).payments).toMatchObject([
      { amount: '40.00', date: '2026-11-19' },
    ]);

    await world.quickbooks.human({ action: 'edit-payment', id, amount: 60 });
    await editPaymentThere(world, id, { TxnDate: '2026-11-18', PaymentRefNum: 'CHK 7' });
    await world.drainUntilSettled();
    expect((await moneyHere(both)).payments).toMatchObject([
      { amount: '60.00', date: '2026-11-18', reference: 'CHK 7' },
    ]);

    await world.quickbooks.human({ action: 'unpay', id });
    await world.drainUntilSettled();
    expect((await moneyHere(both)).payments).toEqual([]);
    expect(await balances(both)).toEqual([108, 108]);
    expect((await paymentWrites(both)).there).toEqual([]);
    await inSync(both);
  });

  test('over three invoices gives a payment to each, and loses one line when one is taken back', async () => {
    const first = await pair();
    const { world } = first;
    const others: Pair[] = [];
    for (const _ of [1, 2]) {
      const { id } = await world.invoicing.human({ action: 'create', invoice: plainInvoice() });
      await world.drainUntilSettled();
      others.push({ world, id, quickbooksId: (await linkOf(world, id)).quickbooksId ?? '' });
    }
    const all = [first, ...others];

    const id = await payThere(
      world,
      all.map(({ quickbooksId }, place) => ({ id: quickbooksId, amount: 10 + place })),
    );
    await world.drainUntilSettled();
    for (const [place, one] of all.entries()) {
      expect((await moneyHere(one)).payments).toMatchObject([{ amount: `${10 + place}.00` }]);
      expect(await balances(one)).toEqual([98 - place, 98 - place]);
    }
    const { rows } = await world.pool.query(
      `SELECT stage_history->-1->>'note' AS note FROM outbox_event WHERE subject_id = $1 AND subject_kind = 'payment' AND link_id IS NULL`,
      [id],
    );
    expect(rows).toEqual([{ note: 'Passed on to 3 invoices.' }]);

    const [, second] = all;
    if (second === undefined) throw new Error('there are three');
    const [payment] = (await moneyHere(second)).payments;
    await world.invoicing.human({ action: 'unpay', paymentId: payment?.id });
    await world.drainUntilSettled();
    expect(await paymentsThere(world)).toMatchObject([{ TotalAmt: 33, UnappliedAmt: 11 }]);
    for (const one of all) {
      const [here, there] = await balances(one);
      expect(here).toBe(there);
    }
  });
});

test('an invoice lowered below what was paid takes its payment down first, as QuickBooks did', async () => {
  const both = await pair();
  await payHere(both, '100.00');
  await both.world.drainUntilSettled();
  const [first] = soldLines(await counterpartOf(both.world, both.id));
  const detail = z.record(z.string(), z.unknown()).parse(first?.['SalesItemLineDetail']);

  await editThere(both, {
    Line: [{ ...first, Amount: 50, SalesItemLineDetail: { ...detail, Qty: 1 } }],
  });
  await both.world.drainUntilSettled();

  expect(await moneyHere(both)).toMatchObject({ total: '54.00', payments: [{ amount: '54.00' }] });
  expect(await paymentsThere(both.world)).toMatchObject([{ TotalAmt: 100, UnappliedAmt: 46 }]);
  expect(await balances(both)).toEqual([0, 0]);
});

describe('payments on both sides', () => {
  test('of the same money are paired, not doubled', async () => {
    const both = await pair();

    await payHere(both, '50.00', { date: today });
    await payThere(both.world, [{ id: both.quickbooksId, amount: 50 }]);
    await both.world.drainUntilSettled();

    expect(await balances(both)).toEqual([58, 58]);
    expect(await paymentWrites(both)).toEqual({ here: [], there: [] });
    await inSync(both);
  });

  test('of different money both cross', async () => {
    const both = await pair();

    await payHere(both, '50.00');
    await payThere(both.world, [{ id: both.quickbooksId, amount: 20 }]);
    await both.world.drainUntilSettled();

    expect(await balances(both)).toEqual([38, 38]);
    expect(await paymentWrites(both)).toEqual({ here: ['create'], there: ['create'] });
    await inSync(both);
  });

  test('changed to different amounts wait for a person, and nothing is written', async () => {
    const both = await pair();
    const paymentId = await payHere(both, '50.00');
    await both.world.drainUntilSettled();
    const [{ Id: id } = { Id: '' }] = await paymentsThere(both.world);

    await both.world.invoicing.human({ action: 'edit-payment', paymentId, amount: '40.00' });
    await both.world.quickbooks.human({ action: 'edit-payment', id, amount: 30 });
    await both.world.drainUntilSettled();

    expect(await conflictsOf(both.world, both.id)).toMatchObject([
      {
        status: 'OPEN',
        fields: [
          { group: 'payment', base: '["50.00"]', internal: '["40.00"]', quickbooks: '["30.00"]' },
        ],
      },
    ]);
    expect(await paymentWrites(both)).toEqual({ here: [], there: ['create'] });
  });

  test('that together are more than is asked for wait for a person', async () => {
    const both = await pair();

    await payHere(both, '100.00');
    await payThere(both.world, [{ id: both.quickbooksId, amount: 60 }]);
    await both.world.drainUntilSettled();

    const [conflict] = await conflictsOf(both.world, both.id);
    expect(conflict?.fields).toHaveLength(2);
    expect(await paymentWrites(both)).toEqual({ here: [], there: [] });
  });

  test('removed on one side and changed on the other wait for a person', async () => {
    const both = await pair();
    const paymentId = await payHere(both, '50.00');
    await both.world.drainUntilSettled();
    const [{ Id: id } = { Id: '' }] = await paymentsThere(both.world);

    await both.world.invoicing.human({ action: 'unpay', paymentId });
    await both.world.quickbooks.human({ action: 'edit-payment', id, amount: 30 });
    await both.world.drainUntilSettled();

    expect(await conflictsOf(both.world, both.id)).toMatchObject([
      { fields: [{ base: '["50.00"]', internal: null, quickbooks: '["30.00"]' }] },
    ]);
    expect(await paymentWrites(both)).toEqual({ here: [], there: ['create'] });
  });
});

test('an invoice that was paid and then cancelled internally loses its payment, then is voided', async () => {
  const both = await pair();
  const paymentId = await payHere(both, '50.00');
  await both.world.drainUntilSettled();

  await both.world.invoicing.human({ action: 'unpay', paymentId });
  await both.world.invoicing.human({ action: 'void', id: both.id });
  await both.world.drainUntilSettled();

  expect(await paymentsThere(both.world)).toEqual([]);
  expect(await counterpartOf(both.world, both.id)).toMatchObject({ TotalAmt: 0 });
  await inSync(both);
});

test('webhooks that come twice make no payment twice', async () => {
  const both = await pair();
  const { world } = both;
  await world.invoicing.webhooks({ duplicate: 1 });
  await world.quickbooks.webhooks({ duplicate: 1 });

  await payHere(both, '20.00');
  await payThere(world, [{ id: both.quickbooksId, amount: 30 }]);
  await world.drainUntilSettled();

  expect(await paymentWrites(both)).toEqual({ here: ['create'], there: ['create'] });
  expect(await balances(both)).toEqual([58, 58]);
});

// peers.md §1.1, P7: there only invoices were reconciled, and a lost payment webhook was never made good.
test('P7: a payment whose webhook is lost crosses after the next poll, changed and removed ones as well', async () => {
  const both = await pair({}, { quickbooksTells: false });
  const { world, quickbooksId } = both;

  const id = await payThere(world, [{ id: quickbooksId, amount: 40 }]);
  await world.poll();
  await world.drainUntilSettled();
  expect((await moneyHere(both)).payments).toMatchObject([{ amount: '40.00' }]);

  await editPaymentThere(world, id, { PaymentRefNum: 'CHK 8' });
  await world.poll();
  await world.drainUntilSettled();
  expect((await moneyHere(both)).payments).toMatchObject([{ reference: 'CHK 8' }]);

  await world.quickbooks.human({ action: 'unpay', id });
  await world.poll();
  await world.drainUntilSettled();
  expect((await moneyHere(both)).payments).toEqual([]);
  await inSync(both);
});

test('a poll shows the bridge’s own payment and reads nothing for it', async () => {
  const both = await pair({}, { quickbooksTells: false });
  const { world } = both;
  await payHere(both, '40.00');
  await world.drainUntilSettled();
  const reads = async () =>
    (await world.quickbooks.requests()).filter(
      ({ method, path }) => method === 'GET' && /payment|query/.test(path),
    ).length;
  const before = await reads();

  await world.poll();
  await world.drainUntilSettled();

  expect(await reads()).toBe(before);
});
