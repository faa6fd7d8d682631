import { expect, test } from 'vitest';
import { linkOf } from '../support/ledger.ts';
import { editHere, editThere, internally, pair } from '../support/pair.ts';

test('of two writes without an answer the one that is refused leaves nobody in doubt about the other', async () => {
  const both = await pair();
  const { world, id } = both;
  // The bridge learns of the closing date by the refusal alone: what it knows of the company serves for an hour.
  await editHere(both, { poNumber: 'PO-7' });
  await editThere(both, { CustomerMemo: { value: 'Theirs' } });
  await world.quickbooks.human({ action: 'close-books', through: '2026-11-30' });
  const lost = (effect: string) => [
    { match: { operation: 'update', entity: 'invoice' }, effect, times: 1 },
  ];
  await world.quickbooks.faults(lost('drop-before'));
  await world.invoicing.faults(lost('drop-before'));
  await world.drainUntilSettled();

  expect(await linkOf(world, id)).toMatchObject({ status: 'DEAD_LETTERED' });
  const { rows } = await world.pool.query(
    `SELECT DISTINCT state FROM intent WHERE state NOT IN ('ACKNOWLEDGED', 'REFUSED')`,
  );
  expect(rows).toEqual([]);
  expect(await internally(both)).toMatchObject({ customerMemo: 'Theirs' });
});
