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

/** Fifty invoices on a machine that has other things to do. */
const settleMsMax = 120_000;

/** Invoices whose note to the customer both sides changed. */
async function disputedInvoices(count: number): Promise<readonly Pair[]> {
  const world = await startWorld({ quickbooksTells: true });
  const made = await Promise.all(
    Array.from({ length: count }, () =>
      world.invoicing.human({ action: 'create', invoice: plainInvoice() }),
    ),
  );
  await world.drainUntilSettled(settleMsMax);
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
  await world.drainUntilSettled(settleMsMax);
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
  const operator = operatorOf(world);
  const worked = world.drainUntilSettled(settleMsMax);
  const undone: boolean[] = [];
  // A window is made shorter when the person was in time and longer when not: it stays where neither is sure to win, on
  // whatever machine.
  let windowMs = 16;
  for (const token of tokens) {
    await endWindowIn(first, token, windowMs);
    const isDone = await operator.undo({ token }).then(
      () => true,
      () => false,
    );
    undone.push(isDone);
    windowMs = isDone ? windowMs / 1.5 : windowMs * 1.5;
  }
  await worked;
  await world.drainUntilSettled(settleMsMax);

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
}, 360_000);

/** The undo of that token expires so long from now, and the worker may write what was decided from the same moment on. */
const endWindowIn = ({ world }: Pair, token: string, windowMs: number) =>
  world.pool.query(
    `WITH moved AS (
       UPDATE undo SET expires_at = clock_timestamp() + $2 * interval '1 millisecond' WHERE token = $1 RETURNING subject_id, expires_at AS at
     ), kept AS (UPDATE conflict c SET apply_after = at FROM moved WHERE moved.subject_id = c.id)
     UPDATE link SET due_at = at FROM moved JOIN conflict c ON c.id = moved.subject_id WHERE link.id = c.link_id`,
    [token, windowMs],
  );

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
