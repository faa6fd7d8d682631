import { describe, expect, test } from 'vitest';
import { known, lineOf, unknown } from '../support/companies.ts';
import { conflictsOf, counterpartOf, eventsOf, linkOf, writesOf } from '../support/ledger.ts';
import {
  editHere,
  editThere,
  idOf,
  internally,
  internalWrites,
  pair,
  type Pair,
} from '../support/pair.ts';

const inShadow = async (both: Pair): Promise<Pair> => {
  await both.world.pool.query(`UPDATE company SET mode = 'SHADOW'`);
  return both;
};

const lastNote = async ({ world, id }: Pair) =>
  (await eventsOf(world, id)).at(-1)?.history.at(-1)?.note;

async function nothingWritten(both: Pair): Promise<void> {
  expect(await internalWrites(both)).toEqual([]);
  expect(await writesOf(both.world)).toEqual(['Invoice create']);
}

describe('in shadow mode', () => {
  test('both sides are compared in the same terms: one customer chosen on both is no conflict', async () => {
    const both = await inShadow(await pair());
    const theirs = await idOf(both.world, 'Customer', 'Amberwood Dental Group');

    await editThere(both, { CustomerRef: { value: theirs } });
    await editHere(both, { customer: { id: known.otherCustomer } });
    await both.world.drainUntilSettled();

    expect(await conflictsOf(both.world, both.id)).toEqual([]);
    expect(await linkOf(both.world, both.id)).toMatchObject({ status: 'IN_SYNC' });
    await nothingWritten(both);
  });

  test('an edit is planned in the words of the real plan and written nowhere', async () => {
    const both = await inShadow(await pair());

    await editThere(both, { CustomerMemo: { value: 'Theirs' } });
    await editHere(both, { lines: [lineOf('4', '50')] });
    await both.world.drainUntilSettled();

    expect(await lastNote(both)).toMatch(
      /^Planned, not written: Internal invoicing changed a line; .* QuickBooks changed the note to the customer/,
    );
    await nothingWritten(both);
  });

  test('a record that QuickBooks lacks is named and not made', async () => {
    const both = await inShadow(await pair());

    await editHere(both, { customer: { id: unknown.customer } });
    await both.world.drainUntilSettled();

    expect(await lastNote(both)).toMatch(
      /^Planned, not written: .*the customer.* Before it Kestrel Boat Yard would be made in QuickBooks\.$/,
    );
    await nothingWritten(both);
  });

  test('closed books are said in the plan and leave no dead letter', async () => {
    const both = await inShadow(await pair());
    await both.world.quickbooks.human({ action: 'close-books', through: '2026-11-30' });
    await both.world.pool.query(
      `UPDATE company SET quickbooks_facts = jsonb_set(quickbooks_facts, '{readAt}', '0')`,
    );

    await editHere(both, { poNumber: 'PO-1' });
    await both.world.drainUntilSettled();

    expect(await lastNote(both)).toMatch(/^Planned, not written: The books are closed through/);
    expect(await linkOf(both.world, both.id)).toMatchObject({ status: 'IN_SYNC' });
  });

  test('what was planned crosses once the company is live', async () => {
    const both = await inShadow(await pair());
    await editThere(both, { CustomerMemo: { value: 'Theirs' } });
    await both.world.drainUntilSettled();

    await both.world.pool.query(`UPDATE company SET mode = 'LIVE'`);
    await editHere(both, { poNumber: 'PO-1' });
    await both.world.drainUntilSettled();

    expect(await internally(both)).toMatchObject({ customerMemo: 'Theirs' });
    expect(await counterpartOf(both.world, both.id)).toMatchObject({ PONumber: 'PO-1' });
  });
});

describe('a linked invoice dated before go-live', () => {
  const beforeGoLive = async (): Promise<Pair> => {
    const both = await pair({ customerMemo: 'Before' });
    await both.world.pool.query(`UPDATE company SET go_live_date = '2026-12-01'`);
    return both;
  };

  test('is never written when either side changes it, and says why', async () => {
    const both = await beforeGoLive();

    await editThere(both, { CustomerMemo: { value: 'Theirs' } });
    await editHere(both, { poNumber: 'PO-1' });
    await both.world.drainUntilSettled();

    await nothingWritten(both);
    expect(await linkOf(both.world, both.id)).toMatchObject({
      status: 'IN_SYNC',
      reason: expect.stringMatching(/dated 2026-11-20, before go-live on 2026-12-01/),
    });
  });

  test('opens no conflict that nobody could settle when both sides change one field', async () => {
    const both = await beforeGoLive();

    await editThere(both, { CustomerMemo: { value: 'Theirs' } });
    await editHere(both, { customerMemo: 'Ours' });
    await both.world.drainUntilSettled();

    expect(await conflictsOf(both.world, both.id)).toEqual([]);
    await nothingWritten(both);
  });

  test('is not voided by a void of the other side', async () => {
    const both = await beforeGoLive();

    await both.world.invoicing.human({ action: 'void', id: both.id });
    await both.world.drainUntilSettled();

    await nothingWritten(both);
  });

  test('keeps the change open: it crosses when go-live is moved before its date', async () => {
    const both = await beforeGoLive();
    await editThere(both, { CustomerMemo: { value: 'Theirs' } });
    await both.world.drainUntilSettled();

    await both.world.pool.query(`UPDATE company SET go_live_date = '2026-11-01'`);
    await editHere(both, { poNumber: 'PO-1' });
    await both.world.drainUntilSettled();

    expect(await internally(both)).toMatchObject({ customerMemo: 'Theirs', poNumber: 'PO-1' });
    expect(await linkOf(both.world, both.id)).toMatchObject({ reason: 'Both sides agree.' });
  });
});
