import { expect, test } from 'vitest';
import { conflictsOf, counterpartOf, linkOf, writesOf } from '../support/ledger.ts';
import {
  editHere,
  editThere,
  internally,
  internalWrites,
  pair,
  type Pair,
} from '../support/pair.ts';

/** Two documents that are known to be one, by the marker and by nothing else: what was agreed is lost. */
const withoutBase = async (both: Pair): Promise<Pair> => {
  await both.world.pool.query('UPDATE link SET base_internal = NULL, base_quickbooks = NULL');
  return both;
};

const disputed = async ({ world, id }: Pair) =>
  (await conflictsOf(world, id)).map(({ status, fields }) => [
    status,
    ...fields.map(({ group, base }) => [group, base]),
  ]);

test('a pair without a base agrees once both sides show the same, and goes on like any other', async () => {
  const both = await withoutBase(await pair());

  await editHere(both, { poNumber: 'PO-1' });
  await both.world.drainUntilSettled();
  expect(await disputed(both)).toEqual([['OPEN', ['poNumber', null]]]);

  await editThere(both, { PONumber: 'PO-1' });
  await both.world.drainUntilSettled();
  await editHere(both, { customerMemo: 'Ours' });
  await both.world.drainUntilSettled();

  expect(await counterpartOf(both.world, both.id)).toMatchObject({
    CustomerMemo: { value: 'Ours' },
  });
  expect(await linkOf(both.world, both.id)).toMatchObject({ status: 'IN_SYNC' });
  expect(await internalWrites(both)).toEqual([]);
});

test('what a pair without a base differs in is a conflict that stays, and nothing is overwritten', async () => {
  const both = await pair({ customerMemo: 'Ours' });
  await both.world.pool.query(
    `UPDATE company SET status = 'PAUSED', paused_directions = '{TO_INTERNAL,TO_QUICKBOOKS}'`,
  );
  await editThere(both, { CustomerMemo: { value: 'Theirs' } });
  await withoutBase(both);
  await both.world.pool.query(`UPDATE company SET status = 'ACTIVE', paused_directions = '{}'`);
  await both.world.drainUntilSettled();

  expect(await disputed(both)).toEqual([['OPEN', ['customerMemo', null]]]);
  await editHere(both, { poNumber: 'PO-1' });
  await both.world.drainUntilSettled();

  expect(await disputed(both)).toEqual([['OPEN', ['customerMemo', null]]]);
  expect(await internally(both)).toMatchObject({ customerMemo: 'Ours', poNumber: 'PO-1' });
  expect(await counterpartOf(both.world, both.id)).toMatchObject({
    CustomerMemo: { value: 'Theirs' },
    PONumber: 'PO-1',
  });
  expect(await writesOf(both.world)).toEqual(['Invoice create', 'Invoice update']);
});
