import { describe, expect, test } from 'vitest';
import { z } from 'zod';
import { known, plainInvoice } from '../support/companies.ts';
import { writesOf } from '../support/ledger.ts';
import { operatorOf } from '../support/operator.ts';
import { idOf } from '../support/pair.ts';
import { reconcileUntilSettled } from '../support/reconciles.ts';
import {
  booksWritten,
  importing,
  internalInvoices,
  linksOf,
  makeThere,
  onlyLink,
} from '../support/imports.ts';
import { startWorld, type World } from '../support/world.ts';

describe('an invoice made in QuickBooks', () => {
  test('is made in internal invoicing once, with its number, and its own echo makes nothing', async () => {
    const world = await importing();
    const id = await makeThere(world);
    await world.drainUntilSettled();

    const { internalId } = await onlyLink(world);
    expect(await onlyLink(world)).toMatchObject({ status: 'IN_SYNC', quickbooksId: id });
    expect(await internalInvoices(world)).toMatchObject([
      {
        id: internalId,
        number: 'QB-77',
        externalRef: `quickbooks:${world.quickbooks.realm}:${id}`,
        customer: { id: known.customer },
        customerMemo: 'Made there',
        total: '100.00',
        lines: [{ item: { id: known.item }, quantity: '2', unitPrice: '50.00' }],
      },
    ]);
    expect(await booksWritten(world)).toEqual(['invoice create']);
    expect(await writesOf(world)).toEqual([]);
    expect(await world.brokenAudit()).toEqual([]);
  });

  test('and then edited on either side crosses like any other', async () => {
    const world = await importing();
    const id = await makeThere(world);
    await world.drainUntilSettled();
    const { internalId } = await onlyLink(world);

    await world.invoicing.human({
      action: 'edit',
      id: internalId,
      set: { customerMemo: 'Edited here' },
    });
    await world.quickbooks.human({
      action: 'edit',
      entity: 'Invoice',
      id,
      set: { PrivateNote: 'Edited there' },
    });
    await world.drainUntilSettled();

    expect(await internalInvoices(world)).toMatchObject([
      { customerMemo: 'Edited here', privateNote: 'Edited there' },
    ]);
    expect(await writesOf(world)).toEqual(['Invoice update']);
    expect(await onlyLink(world)).toMatchObject({ status: 'IN_SYNC' });
  });

  test('is left alone, with the reason, where the company does not import', async () => {
    const world = await startWorld({ quickbooksTells: true });
    await makeThere(world);
    await world.drainUntilSettled();

    expect(await linksOf(world)).toEqual([]);
    expect(await internalInvoices(world)).toEqual([]);
  });

  test.each([
    ['dated before go-live', { TxnDate: '2026-10-31' }, /before go-live on 2026-11-01/],
    ['voided before it was imported', null, /cancelled in QuickBooks before/],
  ])('%s is left alone', async (_what, more, reason) => {
    const world = await importing({ goLiveDate: '2026-11-01' });
    const id = await makeThere(world, more ?? {});
    if (more === null) await world.quickbooks.human({ action: 'void', entity: 'Invoice', id });
    await world.drainUntilSettled();

    expect(await onlyLink(world)).toMatchObject({
      status: 'UNLINKED',
      reason: expect.stringMatching(reason),
    });
    expect(await internalInvoices(world)).toEqual([]);
  });

  test('and deleted before it was imported leaves nothing behind', async () => {
    const world = await importing();
    const id = await makeThere(world);
    await world.quickbooks.human({ action: 'delete', entity: 'Invoice', id });
    await world.drainUntilSettled();

    expect(await internalInvoices(world)).toEqual([]);
    expect(await booksWritten(world)).toEqual([]);
  });

  test('that nobody told of is imported by the poll, once', async () => {
    const world = await importing({ quickbooksTells: false });
    await makeThere(world);
    await world.poll();
    await world.drainUntilSettled();
    await world.poll();
    await world.drainUntilSettled();

    expect(await internalInvoices(world)).toHaveLength(1);
    expect(await onlyLink(world)).toMatchObject({ status: 'IN_SYNC' });
  });

  test('for a customer and with an item that only QuickBooks has brings them along', async () => {
    const world = await importing();
    const customer = await world.quickbooks.human({
      action: 'create',
      entity: 'Customer',
      body: { DisplayName: 'Harborview Cafe Supply' },
    });
    await makeThere(world, { CustomerRef: { value: customer.id } });
    await world.drainUntilSettled();

    expect(await booksWritten(world)).toEqual(['customer create', 'invoice create']);
    expect(await internalInvoices(world)).toMatchObject([
      { customer: { displayName: 'Harborview Cafe Supply' } },
    ]);
  });

  test('waits for a person where the customer may not be made, and goes on when it is paired', async () => {
    const world = await importing();
    await world.invoicing.faults([
      {
        match: { operation: 'create', entity: 'customer' },
        effect: 'status',
        params: { status: 405 },
      },
    ]);
    const customer = await world.quickbooks.human({
      action: 'create',
      entity: 'Customer',
      body: { DisplayName: 'Harborview Cafe Supply' },
    });
    await makeThere(world, { CustomerRef: { value: customer.id } });
    await world.drainUntilSettled();
    expect(await onlyLink(world)).toMatchObject({
      status: 'DEAD_LETTERED',
      reason: expect.stringMatching(/does not let the bridge make it/),
    });

    await world.pool.query(
      `UPDATE reference SET internal_id = $1, internal_name = 'Kestrel', status = 'MATCHED' WHERE quickbooks_id = $2`,
      ['cus_9', customer.id],
    );
    await world.drain();
    await world.drainUntilSettled();
    expect(await internalInvoices(world)).toMatchObject([{ customer: { id: 'cus_9' } }]);
    expect(await onlyLink(world)).toMatchObject({ status: 'IN_SYNC' });
  });

  test('with lines that internal invoicing cannot hold is not imported with a wrong total', async () => {
    const world = await importing();
    await makeThere(world, {
      Line: [
        { Amount: 40, DetailType: 'DescriptionOnly', Description: 'Note only' },
        {
          Amount: 100,
          DetailType: 'SalesItemLineDetail',
          SalesItemLineDetail: {
            ItemRef: { value: await idOf(world, 'Item', 'Desk Lamp') },
            Qty: 2,
            UnitPrice: 50,
          },
        },
      ],
    });
    await world.drainUntilSettled();

    expect(await onlyLink(world)).toMatchObject({
      status: 'DEAD_LETTERED',
      reason: expect.stringMatching(/lines that internal invoicing cannot hold/),
    });
    expect(await internalInvoices(world)).toEqual([]);

    // A full comparison calls it what it is, not in flight for ever; once discarded it stays so.
    const reasons = async () =>
      (await reconcileUntilSettled(world)).residual.map((one) => one.reason);
    expect(await reasons()).toContain('dead letter');
    expect(await reasons()).not.toContain('in flight');
    await discardAll(world);
    expect(await reasons()).not.toContain('in flight');
    expect(await reasons()).toContain('accepted');
    expect(await internalInvoices(world)).toEqual([]);
  });

  test('under a number that an internal invoice has waits for a person: it may be the same one', async () => {
    const world = await importing({ mode: 'SHADOW' });
    await world.invoicing.human({
      action: 'create',
      invoice: plainInvoice({ number: 'QB-77', customer: { id: known.otherCustomer } }),
    });
    await world.drainUntilSettled();
    await world.pool.query(`UPDATE company SET mode = 'LIVE'`);
    await makeThere(world);
    await world.drainUntilSettled();

    expect((await linksOf(world)).map(({ status, reason }) => [status, reason])).toContainEqual([
      'DEAD_LETTERED',
      expect.stringMatching(/already has an invoice QB-77/),
    ]);
    expect(await booksWritten(world)).toEqual([]);
  });

  test('is only planned in shadow mode', async () => {
    const world = await importing({ mode: 'SHADOW' });
    await makeThere(world);
    await world.drainUntilSettled();

    expect(await onlyLink(world)).toMatchObject({
      status: 'UNLINKED',
      reason: expect.stringMatching(/^Planned, not written: It was made in QuickBooks/),
    });
    expect(await booksWritten(world)).toEqual([]);
  });
});

/** A person discards every dead letter there is. */
async function discardAll(world: World): Promise<void> {
  const letters = await world.rows(
    z.object({ id: z.string(), version: z.number() }),
    `SELECT id, version FROM dead_letter WHERE status = 'OPEN'`,
  );
  for (const { id, version } of letters)
    await operatorOf(world).discardDeadLetter({
      deadLetterId: id,
      expectedVersion: version,
      reason: 'It stays in QuickBooks.',
    });
}
