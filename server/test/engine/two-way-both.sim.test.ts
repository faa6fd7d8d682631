import { describe, expect, test } from 'vitest';
import { lineOf } from '../support/companies.ts';
import { conflictsOf, counterpartOf, linkOf, writesOf } from '../support/ledger.ts';
import { editHere, editThere, internally, internalWrites, pair } from '../support/pair.ts';

describe('edits on both sides', () => {
  test('of different fields merge without a question, in one attempt with one write to each side', async () => {
    const both = await pair();

    await editThere(both, { CustomerMemo: { value: 'Theirs' } });
    const set = { lines: [lineOf('4', '50')] };
    await editHere(both, set);
    await both.world.drainUntilSettled();

    expect(await internally(both)).toMatchObject({ customerMemo: 'Theirs', total: '216.00' });
    expect(await counterpartOf(both.world, both.id)).toMatchObject({
      CustomerMemo: { value: 'Theirs' },
      TotalAmt: 216,
    });
    expect(await internalWrites(both)).toEqual(['update']);
    expect(await writesOf(both.world)).toEqual(['Invoice create', 'Invoice update']);
    expect(await conflictsOf(both.world, both.id)).toEqual([]);
    const { rows } = await both.world.pool.query(
      `SELECT count(DISTINCT side)::int AS sides FROM intent GROUP BY attempt_id ORDER BY 1`,
    );
    expect(rows).toEqual([{ sides: 1 }, { sides: 2 }]);
  });

  test('that are equal converge and nothing is written', async () => {
    const both = await pair();

    await editThere(both, { CustomerMemo: { value: 'The same' }, DueDate: '2027-01-31' });
    const set = { customerMemo: 'The same', dueDate: '2027-01-31' };
    await editHere(both, set);
    await both.world.drainUntilSettled();

    expect(await internalWrites(both)).toEqual([]);
    expect(await writesOf(both.world)).toEqual(['Invoice create']);
    expect(await conflictsOf(both.world, both.id)).toEqual([]);
    expect(await linkOf(both.world, both.id)).toMatchObject({ status: 'IN_SYNC' });
  });

  test('of one field wait for a person while the rest crosses both ways', async () => {
    const both = await pair({ customerMemo: 'Before' });

    await editThere(both, { CustomerMemo: { value: 'Theirs' }, PrivateNote: 'Theirs' });
    const set = { customerMemo: 'Ours', poNumber: 'PO-1' };
    await editHere(both, set);
    await both.world.drainUntilSettled();

    expect(await internally(both)).toMatchObject({
      customerMemo: 'Ours',
      privateNote: 'Theirs',
    });
    expect(await counterpartOf(both.world, both.id)).toMatchObject({
      CustomerMemo: { value: 'Theirs' },
      PONumber: 'PO-1',
    });
    expect(await conflictsOf(both.world, both.id)).toMatchObject([
      { status: 'OPEN', fields: [{ group: 'customerMemo' }] },
    ]);
  });

  test('of the e-mail address are decided by its rule: ours is written, theirs is kept on record', async () => {
    const both = await pair();
    await editThere(both, { BillEmail: { Address: 'desk@bluebirdbakery.example' } });
    await both.world.drainUntilSettled();

    const set = { customer: { id: 'cus_9' } };
    await editHere(both, set);
    await both.world.drainUntilSettled();

    expect(await counterpartOf(both.world, both.id)).toMatchObject({
      BillEmail: { Address: 'office@kestrel.example' },
    });
    expect(await conflictsOf(both.world, both.id)).toMatchObject([
      {
        status: 'RESOLVED',
        fields: [
          {
            group: 'billEmail',
            internal: '["office@kestrel.example"]',
            quickbooks: '["desk@bluebirdbakery.example"]',
          },
        ],
      },
    ]);
    expect(await linkOf(both.world, both.id)).toMatchObject({ status: 'IN_SYNC' });
  });

  // peers.md §1.1, P1: there the memo's skip stored the amount's new hash, and the amount never crossed.
  test('P1: a QuickBooks memo edit before a queued internal amount edit loses neither', async () => {
    const both = await pair({ lines: [lineOf('1', '100')] });
    await editThere(both, { CustomerMemo: { value: 'Theirs' } });
    const set = { lines: [lineOf('1', '200')] };
    await editHere(both, set);
    await both.world.told();
    // The amount's event waits while the memo's is worked.
    await both.world.pool.query(
      `UPDATE outbox_event SET received_at = received_at + interval '1 hour' WHERE source = 'INVOICING_WEBHOOK' AND ended_at IS NULL`,
    );

    await both.world.drainUntilSettled();

    expect(await internally(both)).toMatchObject({ customerMemo: 'Theirs', subtotal: '200.00' });
    expect(await counterpartOf(both.world, both.id)).toMatchObject({
      CustomerMemo: { value: 'Theirs' },
      TotalAmt: 216,
    });
    expect(await linkOf(both.world, both.id)).toMatchObject({ status: 'IN_SYNC' });
  });
});
