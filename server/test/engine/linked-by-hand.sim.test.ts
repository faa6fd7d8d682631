import { describe, expect, test } from 'vitest';
import { z } from 'zod';
import { plainInvoice } from '../support/companies.ts';
import { auditOf, conflictsOf, linkOf, quickBooksInvoices, writesOf } from '../support/ledger.ts';
import { operatorOf } from '../support/operator.ts';
import { editHere, editThere, internalWrites, pair, type Pair } from '../support/pair.ts';

const note = 'Same paper invoice.';

const versioned = z.object({ id: z.string(), version: z.number() });

async function rowOf({ world, id }: Pair) {
  const [row] = await world.rows(versioned, 'SELECT id, version FROM link WHERE internal_id = $1', [
    id,
  ]);
  if (row === undefined) throw new Error(`no link of ${id}`);
  return row;
}

const linkCount = async ({ world }: Pair) =>
  (await world.rows(versioned, 'SELECT id, version FROM link')).length;

/** A pair that a person cut. */
async function cut(options: Parameters<typeof pair>[1] = {}): Promise<Pair> {
  const both = await pair({}, options);
  const { id, version } = await rowOf(both);
  await operatorOf(both.world).unlinkInvoice({ invoiceId: id, expectedVersion: version, note });
  return both;
}

const link = (both: Pair, ids: { internalId?: string; quickbooksId?: string } = {}) =>
  operatorOf(both.world).linkInvoices({
    companyId: both.world.companyId,
    internalId: both.id,
    quickbooksId: both.quickbooksId,
    note,
    ...ids,
  });

describe('an invoice that a person unlinked', () => {
  test('is written on neither side, nor created again, whatever happens to the two documents', async () => {
    const both = await cut();
    await both.world.pool.query('UPDATE company SET import_from_quickbooks = true');

    await editHere(both, { poNumber: 'PO-1' });
    await editThere(both, { CustomerMemo: { value: 'Theirs' } });
    await both.world.drainUntilSettled();

    expect(await writesOf(both.world)).toEqual(['Invoice create']);
    expect(await internalWrites(both)).toEqual([]);
    expect(await quickBooksInvoices(both.world)).toHaveLength(1);
    expect(await linkOf(both.world, both.id)).toMatchObject({
      status: 'UNLINKED',
      reason: expect.stringMatching(/A person unlinked it/),
    });
    expect(await auditOf(both.world, both.id)).toContainEqual(
      expect.objectContaining({ action: 'LINK_CHANGED' }),
    );
  });

  test('asks about every difference once it is linked again, and then crosses like any other', async () => {
    const both = await cut();
    await editThere(both, { CustomerMemo: { value: 'Theirs' } });
    await both.world.drainUntilSettled();

    await link(both);
    await both.world.drainUntilSettled();
    expect(await conflictsOf(both.world, both.id)).toMatchObject([
      { status: 'OPEN', fields: [{ group: 'customerMemo', base: null }] },
    ]);

    await editHere(both, { customerMemo: 'Theirs' });
    await editHere(both, { poNumber: 'PO-1' });
    await both.world.drainUntilSettled();
    expect(await linkOf(both.world, both.id)).toMatchObject({ status: 'IN_SYNC' });
    expect(await quickBooksInvoices(both.world)).toMatchObject([
      { PONumber: 'PO-1', CustomerMemo: { value: 'Theirs' } },
    ]);
    expect(await internalWrites(both)).toEqual([]);
  });
});

describe('linking by hand', () => {
  test('refuses what is linked already', async () => {
    const both = await pair();

    await expect(link(both, { quickbooksId: '999' })).rejects.toThrow(/linked already/);
    await expect(link(both, { internalId: 'inv_other' })).rejects.toThrow(/linked already/);
  });

  test('with an id that QuickBooks does not have stops for a person and creates nothing', async () => {
    const both = await cut();

    await link(both, { quickbooksId: '999999' });
    await both.world.drainUntilSettled();

    expect(await linkOf(both.world, both.id)).toMatchObject({ status: 'DEAD_LETTERED' });
    expect(await writesOf(both.world)).toEqual(['Invoice create']);
  });

  test('takes in what the bridge knew of the QuickBooks invoice alone', async () => {
    const both = await cut();
    const { world } = both;
    await world.pool.query(`UPDATE company SET mode = 'SHADOW', import_from_quickbooks = true`);
    await world.pool.query('UPDATE link SET unlinked_from = NULL');
    await editThere(both, { PrivateNote: 'Made by hand' });
    await world.drainUntilSettled();
    const { id } = await world.invoicing.human({ action: 'create', invoice: plainInvoice() });
    await world.drainUntilSettled();

    expect(await linkCount(both)).toBe(3);

    await link(both, { internalId: id });
    await world.drainUntilSettled();

    expect(await linkCount(both)).toBe(2);
    expect(await linkOf(world, id)).toMatchObject({
      status: expect.stringMatching(/IN_SYNC|CONFLICT/),
    });
    expect(await writesOf(world)).toEqual(['Invoice create']);
  });
});
