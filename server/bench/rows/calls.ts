import { plainInvoice } from '../../test/support/companies.ts';
import { createWorld, type World } from '../../test/support/world.ts';
import { certain } from '../harness/rounds.ts';
import { atMost, type Row } from '../harness/row.ts';

const changes = 100;
const quickEdits = 100;

/** Calls QuickBooks received while something was done: the last parts of their paths. */
async function callsDuring(world: World, work: () => Promise<unknown>): Promise<readonly string[]> {
  const before = (await world.quickbooks.requests()).at(-1)?.seq ?? 0;
  await work();
  return (await world.quickbooks.requests())
    .filter(({ seq }) => seq > before)
    .map(({ path }) => path.split('/').slice(4).join('/'));
}

const isWrite = (call: string): boolean => call === 'invoice';

const memo = (id: string, text: string) => ({ action: 'edit', id, set: { customerMemo: text } });

async function editAll(world: World, ids: readonly string[], text: string): Promise<void> {
  await Promise.all(ids.map((id) => world.invoicing.human(memo(id, text))));
  await world.told();
  await world.drainUntilSettled();
}

/** While the first edit's write is on its way for five seconds, all the others are made. */
async function editQuickly(world: World, id: string): Promise<void> {
  const slow = {
    match: { operation: 'update' },
    effect: 'latency',
    params: { ms: 5_000 },
    times: 1,
  };
  await world.quickbooks.faults([slow]);
  await world.invoicing.human(memo(id, 'Edit 1'));
  await world.told();
  const first = world.drain();
  for (let number = 2; number <= quickEdits; number += 1)
    await world.invoicing.human(memo(id, `Edit ${number}`));
  await first;
  await world.drainUntilSettled();
}

export const calls: Row = {
  number: '2',
  name: 'calls',
  title: 'QuickBooks calls for a change made in internal invoicing',
  method: `Both simulators over HTTP, signed webhooks of both sides, QuickBooks telling each write of ours back. ${changes} settled invoices are edited once each and followed until nothing is left to do, the look after our own echo included; then one invoice is edited ${quickEdits} times while its first write takes five seconds. Counted from the requests QuickBooks logged.`,
  measure: async (stage) => {
    const database = { url: await stage.database(), drop: async () => {} };
    const world = await createWorld({ database, quickbooksTells: true });
    try {
      const made = await Promise.all(
        Array.from({ length: changes }, () =>
          world.invoicing.human({ action: 'create', invoice: plainInvoice() }),
        ),
      );
      await world.drainUntilSettled(120_000);
      const ids = made.map(({ id }) => id);
      const each = await callsDuring(world, () => editAll(world, ids, 'Changed'));
      const quick = await callsDuring(world, () => editQuickly(world, ids[0] ?? ''));
      const writes = each.filter(isWrite).length;
      const reads = each.length - writes;
      return [
        {
          what: 'QuickBooks writes for a change',
          goal: atMost(1.02),
          value: certain(writes / changes),
          unit: '',
          detail: `${writes} for ${changes} changes`,
        },
        {
          what: 'QuickBooks reads for a change',
          goal: atMost(0.1),
          value: certain(reads / changes),
          unit: '',
          detail: `${reads} for ${changes} changes`,
        },
        {
          what: `QuickBooks writes for ${quickEdits} quick edits of one invoice`,
          goal: atMost(2),
          value: certain(quick.filter(isWrite).length),
          unit: '',
          detail: `${quick.length} calls in all`,
        },
      ];
    } finally {
      await world.close();
    }
  },
};
