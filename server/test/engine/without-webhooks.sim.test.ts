import process from 'node:process';
import { expect, test } from 'vitest';
import { z } from 'zod';
import { plainInvoice } from '../support/companies.ts';
import { counterpartOf, linkOf, quickBooksInvoices } from '../support/ledger.ts';
import { callsDuring, memo, pollUntilSettled, startSilentWorld } from '../support/polls.ts';
import { newestRun, reconcileUntilSettled } from '../support/reconciles.ts';
import type { World } from '../support/world.ts';

const count = 40;
const here = z.object({ id: z.string(), status: z.string(), balanceDue: z.string() });

/** Invoices that agree on both sides, though nobody ever told of them. */
async function agreed(world: World): Promise<readonly { id: string; quickbooksId: string }[]> {
  const made = await Promise.all(
    Array.from({ length: count }, () =>
      world.invoicing.human({ action: 'create', invoice: plainInvoice() }),
    ),
  );
  await reconcileUntilSettled(world);
  return Promise.all(
    made.map(async ({ id }) => ({ id, quickbooksId: (await counterpartOf(world, id)).Id })),
  );
}

/** Every kind of change on either side, each of a quarter or less of the invoices; none of them is told. */
async function changeEverywhere(
  world: World,
  pairs: readonly { id: string; quickbooksId: string }[],
): Promise<number> {
  const { invoicing, quickbooks } = world;
  const changes = [
    (id: string) => invoicing.human({ action: 'edit', id, set: { customerMemo: 'Ours' } }),
    (_id: string, there: string) => quickbooks.human(memo(there, 'Theirs')),
    (id: string) => invoicing.human({ action: 'pay', id, amount: '10.00' }),
    (_id: string, there: string) =>
      quickbooks.human({ action: 'pay', invoices: [{ id: there, amount: 20 }] }),
    (id: string) => invoicing.human({ action: 'void', id }),
    (_id: string, there: string) =>
      quickbooks.human({ action: 'void', entity: 'Invoice', id: there }),
  ];
  for (const [place, { id, quickbooksId }] of pairs.entries())
    await changes[place % changes.length]?.(id, quickbooksId);
  await invoicing.human({ action: 'create', invoice: plainInvoice() });
  return pairs.length + 1;
}

/** What is owed on each side, by internal id; a void owes nothing. */
async function owed(world: World) {
  const internal = z.array(here).parse((await world.invoicing.state())['invoices']);
  const theirs = new Map(
    (await quickBooksInvoices(world)).map((invoice) => [
      invoice.PrivateNote?.match(/LedgerBridge (\S+)/)?.[1],
      z.number().parse(invoice['Balance']),
    ]),
  );
  return internal.map(({ id, status, balanceDue }) => ({
    id,
    here: status === 'void' ? 0 : Number(balanceDue),
    there: theirs.get(id),
  }));
}

/** Writes go to the object's own address, reads to a query, the change feed or an id. */
const isRead = (path: string): boolean => /^(query|cdc|[a-z]+\/\w+)$/.test(path);

test('with no webhook at all, everything agrees after one reconcile of what changed', async () => {
  const world = await startSilentWorld();
  const pairs = await agreed(world);
  const changed = await changeEverywhere(world, pairs);

  const calls = await callsDuring(world, () => pollUntilSettled(world));
  const reads = calls.filter(isRead).length;

  process.stdout.write(
    `without webhooks, ${changed} changes: ${reads} QuickBooks reads, ${calls.length - reads} writes\n`,
  );
  for (const { id, here: ours, there } of await owed(world))
    expect({ id, owed: there }).toEqual({ id, owed: ours });
  for (const { id } of pairs) expect(await linkOf(world, id)).toMatchObject({ status: 'IN_SYNC' });
  const again = await callsDuring(world, () => reconcileUntilSettled(world));
  expect(reads).toBeLessThan(changed);
  expect(again.filter((path) => !isRead(path))).toEqual([]);
  expect(await newestRun(world)).toMatchObject({ driftCount: 0, residual: [] });
  expect(await world.brokenAudit()).toEqual([]);
});
