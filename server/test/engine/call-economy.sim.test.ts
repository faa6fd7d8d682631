import process from 'node:process';
import { expect, test, vi } from 'vitest';
import { z } from 'zod';
import { plainInvoice } from '../support/companies.ts';
import { counterpartOf, intentsOf, linkOf, writesOf } from '../support/ledger.ts';
import { callsDuring, memo, pollUntilSettled, startSilentWorld } from '../support/polls.ts';
import { startWorld, type World } from '../support/world.ts';

/** So many settled invoices; their internal ids. */
async function settledInvoices(world: World, count: number): Promise<readonly string[]> {
  const made = await Promise.all(
    Array.from({ length: count }, () =>
      world.invoicing.human({ action: 'create', invoice: plainInvoice() }),
    ),
  );
  return made.map(({ id }) => id);
}

/** The text of a statement, however it was handed over. */
const textOf = (query: unknown): string => {
  if (typeof query === 'string') return query;
  const named = z.object({ text: z.string() }).safeParse(query);
  return named.success ? named.data.text : '';
};

const isWrite = (call: string): boolean => /^(invoice)$/.test(call);

test('forty changes with QuickBooks telling each of our writes back cost one write each and hardly a read', async () => {
  const count = 40;
  const world = await startWorld({ quickbooksTells: true });
  const ids = await settledInvoices(world, count);
  await world.drainUntilSettled();

  const calls = await callsDuring(world, async () => {
    const edits = ids.map((id) =>
      world.invoicing.human({ action: 'edit', id, set: { customerMemo: 'Changed' } }),
    );
    await Promise.all(edits);
    await world.told();
    await world.drain();
    // By now our own writes were told back; each of their links is looked at once more.
    await world.drainUntilSettled();
  });

  const writes = calls.filter(isWrite).length / count;
  const reads = calls.filter((call) => !isWrite(call)).length / count;
  process.stdout.write(`calls a change: ${writes.toFixed(3)} writes, ${reads.toFixed(3)} reads\n`);
  expect(writes).toBeLessThanOrEqual(1.02);
  expect(reads).toBeLessThanOrEqual(0.1);
});

test('a crossing is recorded by two statements, one before its write leaves and one after, however many cross', async () => {
  const count = 12;
  const world = await startWorld();
  const ids = await settledInvoices(world, count);
  await world.drainUntilSettled();
  await Promise.all(
    ids.map((id) =>
      world.invoicing.human({ action: 'edit', id, set: { customerMemo: 'Counted' } }),
    ),
  );
  await world.told();
  const asked = vi.spyOn(world.pool, 'query');

  await world.drain();

  const times = (what: RegExp): number =>
    asked.mock.calls.filter(([query]) => what.test(textOf(query))).length;
  // The intent and all it rests on before the write leaves, the outcome and all that follows from it after.
  expect(times(/INSERT INTO observation\b[^]*INSERT INTO intent\b/)).toBe(2 * count);
  // Every call reads the token, so that one renewed elsewhere is used at once.
  expect(times(/FROM quickbooks_credential/)).toBe(count);
  for (const id of ids) expect(await linkOf(world, id)).toMatchObject({ status: 'IN_SYNC' });
});

test('a hundred quick edits of one invoice make two writes at most', async () => {
  const world = await startWorld();
  const [id = ''] = await settledInvoices(world, 1);
  await world.drainUntilSettled();
  const slow = {
    match: { operation: 'update' },
    effect: 'latency',
    params: { ms: 5_000 },
    times: 1,
  };
  await world.quickbooks.faults([slow]);
  const edit = (number: number) =>
    world.invoicing.human({ action: 'edit', id, set: { customerMemo: `Edit ${number}` } });

  await edit(1);
  await world.told();
  const first = world.drain();
  await expect
    .poll(async () => (await intentsOf(world, id)).at(-1)?.operation, { timeout: 5_000 })
    .toBe('UPDATED');
  for (let number = 2; number <= 100; number += 1) await edit(number);
  await first;
  await world.drainUntilSettled();

  const writes = (await writesOf(world)).filter((write) => write === 'Invoice update');
  expect(writes.length).toBeLessThanOrEqual(2);
  expect(await counterpartOf(world, id)).toMatchObject({ CustomerMemo: { value: 'Edit 100' } });
}, 30_000);

test('what a poll shows is not read again: ten edits in QuickBooks cost the one call that told of them', async () => {
  const world = await startSilentWorld();
  const ids = await settledInvoices(world, 10);
  await pollUntilSettled(world);
  await pollUntilSettled(world);
  for (const id of ids)
    await world.quickbooks.human(memo((await counterpartOf(world, id)).Id, 'Theirs'));

  const calls = await callsDuring(world, () => pollUntilSettled(world));

  expect(calls).toEqual(['cdc']);
  for (const id of ids) {
    expect(await world.invoicing.invoice(id)).toMatchObject({ customerMemo: 'Theirs' });
    expect(await linkOf(world, id)).toMatchObject({ status: 'IN_SYNC' });
  }
});

test('what a poll of internal invoicing shows is not read again either', async () => {
  const world = await startSilentWorld();
  const ids = await settledInvoices(world, 10);
  await pollUntilSettled(world);
  await Promise.all(
    ids.map((id) => world.invoicing.human({ action: 'edit', id, set: { customerMemo: 'Ours' } })),
  );
  const before = (await world.invoicing.requests()).length;

  await pollUntilSettled(world);

  expect(await world.invoicing.requests()).toHaveLength(before + 1);
  for (const id of ids)
    expect(await counterpartOf(world, id)).toMatchObject({ CustomerMemo: { value: 'Ours' } });
});

test('one of many that was deleted meanwhile is read by its id, and the others are not', async () => {
  const world = await startWorld({ quickbooksTells: true });
  const ids = await settledInvoices(world, 6);
  await world.drainUntilSettled();
  const theirs = await Promise.all(ids.map((id) => counterpartOf(world, id)));
  const [deleted, ...edited] = theirs.map(({ Id }) => Id);
  if (deleted === undefined) throw new Error('nothing was made');
  await world.quickbooks.human({ action: 'delete', entity: 'Invoice', id: deleted });
  for (const id of edited) await world.quickbooks.human(memo(id, 'Theirs'));
  await world.told();

  const calls = await callsDuring(world, () => world.drain());

  expect(calls.filter((call) => call === 'query')).toHaveLength(1);
  const byId = calls.filter((call) => call.startsWith('invoice/'));
  expect(byId).toContain(`invoice/${deleted}`);
  // One told of in the second after it was written looks older than that, and is read by its id to be sure.
  expect(byId.length).toBeLessThanOrEqual(2);
});

test('when the query fails for all of them, each is read by its id', async () => {
  const world = await startWorld({ quickbooksTells: true });
  const ids = await settledInvoices(world, 5);
  await world.drainUntilSettled();
  for (const id of ids)
    await world.quickbooks.human(memo((await counterpartOf(world, id)).Id, 'Theirs'));
  await world.told();
  await world.quickbooks.faults([
    { match: { operation: 'query', entity: 'Invoice' }, effect: 'status', params: { status: 500 } },
  ]);

  await world.drainUntilSettled();

  for (const id of ids)
    expect(await linkOf(world, id)).toMatchObject({ status: 'IN_SYNC', failures: 0 });
});
