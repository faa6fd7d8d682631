import { expect, test } from 'vitest';
import { z } from 'zod';
import { plainInvoice } from '../support/companies.ts';
import { choose, conflictOf, decide, setUndoWindow } from '../support/decisions.ts';
import { counterpartOf, intentsOf, linkOf, quickBooksInvoices } from '../support/ledger.ts';
import { until } from '../simulator/control/until.ts';
import { operatorOf } from '../support/operator.ts';
import { editHere, editThere, pair, type Pair } from '../support/pair.ts';
import { startWorld } from '../support/world.ts';

const raced = 50;

/** Invoices whose note to the customer both sides changed. */
async function disputedInvoices(count: number): Promise<readonly Pair[]> {
  const world = await startWorld({ quickbooksTells: true });
  const made = await Promise.all(
    Array.from({ length: count }, () =>
      world.invoicing.human({ action: 'create', invoice: plainInvoice() }),
    ),
  );
  await world.drainUntilSettled();
  const linked = await world.rows(
    z.object({ id: z.string(), quickbooksId: z.string() }),
    `SELECT internal_id AS id, quickbooks_id AS "quickbooksId" FROM link WHERE internal_id = ANY ($1)`,
    [made.map(({ id }) => id)],
  );
  const pairs = linked.map((one) => ({ world, ...one }));
  await Promise.all(
    pairs.flatMap((both) => [
      editThere(both, { CustomerMemo: { value: 'Theirs' } }),
      editHere(both, { customerMemo: 'Ours' }),
    ]),
  );
  await world.drainUntilSettled();
  return pairs;
}

test(`of undo and worker exactly one wins, ${raced} times at the end of the window`, async () => {
  const pairs = await disputedInvoices(raced);
  const [first] = pairs;
  if (first === undefined) throw new Error('there is nothing to race for');
  const { world } = first;
  await setUndoWindow(first, 120);
  const tokens: string[] = [];
  for (const both of pairs) {
    const { undoToken } = await decide(both, [choose('customerMemo', 'KEEP_INTERNAL')]);
    tokens.push(undoToken ?? '');
  }
  // Windows end one after the other, while one after the other is taken back.
  await world.pool.query(
    `WITH ends AS (
       SELECT subject_id, clock_timestamp() + row_number() OVER (ORDER BY token) * interval '8 milliseconds' AS at FROM undo
     ), moved AS (UPDATE undo u SET expires_at = ends.at FROM ends WHERE ends.subject_id = u.subject_id)
     , kept AS (UPDATE conflict c SET apply_after = ends.at FROM ends WHERE ends.subject_id = c.id)
     UPDATE link SET due_at = ends.at FROM ends JOIN conflict c ON c.id = ends.subject_id WHERE link.id = c.link_id`,
  );

  const operator = operatorOf(world);
  const worked = world.drainUntilSettled();
  const undone: boolean[] = [];
  for (const token of tokens) {
    const isDone = await operator.undo({ token }).then(
      () => true,
      () => false,
    );
    undone.push(isDone);
  }
  await worked;
  await world.drainUntilSettled();

  const documents = await quickBooksInvoices(world);
  for (const [place, both] of pairs.entries()) {
    const wasUndone = undone[place] === true;
    expect(await conflictOf(both)).toMatchObject({ status: wasUndone ? 'OPEN' : 'RESOLVED' });
    const shown = documents.find(({ Id }) => Id === both.quickbooksId);
    expect(shown?.['CustomerMemo']).toEqual({ value: wasUndone ? 'Theirs' : 'Ours' });
    expect(await intentsOf(world, both.id)).toHaveLength(wasUndone ? 1 : 2);
  }
  expect(undone).toContain(true);
  expect(undone).toContain(false);
  expect(await world.brokenAudit()).toEqual([]);
}, 60_000);

test('a decision that is taken back while the worker holds the invoice is not written', async () => {
  const both = await pair({ customerMemo: 'Before' });
  const { world } = both;
  await editThere(both, { CustomerMemo: { value: 'Theirs' } });
  await editHere(both, { customerMemo: 'Ours' });
  await world.drainUntilSettled();
  await setUndoWindow(both, 120);
  const { undoToken } = await decide(both, [choose('customerMemo', 'KEEP_INTERNAL')]);
  const before = await intentsOf(world, both.id);
  // The worker believes that the window is over; the person's right has not ended.
  await world.pool.query('UPDATE conflict SET apply_after = clock_timestamp()');
  await world.pool.query('UPDATE link SET due_at = clock_timestamp()');
  await world.quickbooks.faults([
    { match: { operation: 'read' }, effect: 'latency', params: { ms: 400 }, times: 1 },
  ]);

  const worked = world.drain();
  await claimed(both);
  await operatorOf(world).undo({ token: undoToken ?? '' });
  await worked;
  await world.drainUntilSettled();

  expect(await intentsOf(world, both.id)).toEqual(before);
  expect(await counterpartOf(world, both.id)).toMatchObject({ CustomerMemo: { value: 'Theirs' } });
  expect(await conflictOf(both)).toMatchObject({ status: 'OPEN', resolution: null });
  expect(await linkOf(world, both.id)).toMatchObject({ status: 'CONFLICT' });
});

/** Waits until the worker holds the invoice. */
const claimed = ({ world, id }: Pair): Promise<boolean> =>
  until('the worker to take the invoice up', async () => {
    const held = 'SELECT 1 FROM link WHERE internal_id = $1 AND claim_epoch IS NOT NULL';
    return (await world.pool.query(held, [id])).rowCount === 1;
  });

test('a decision crosses by itself once its window is over', async () => {
  const both = await pair({ customerMemo: 'Before' });
  await editThere(both, { CustomerMemo: { value: 'Theirs' } });
  await editHere(both, { customerMemo: 'Ours' });
  await both.world.drainUntilSettled();
  await setUndoWindow(both, 1);
  await decide(both, [choose('customerMemo', 'KEEP_QUICKBOOKS')]);

  await both.world.drainUntilSettled();

  expect(await conflictOf(both)).toMatchObject({ status: 'RESOLVED' });
  const { rows } = await both.world.pool.query(
    `SELECT bool_and(n.created_at >= c.apply_after) AS after FROM intent n JOIN conflict c ON c.link_id = n.link_id WHERE n.side = 'INTERNAL'`,
  );
  expect(rows).toEqual([{ after: true }]);
});
