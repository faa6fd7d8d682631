import { plainInvoice } from '../../test/support/companies.ts';
import { createWorld, type World } from '../../test/support/world.ts';
import { startProgram } from '../harness/program.ts';
import { spreadOf } from '../harness/rounds.ts';
import { atMost, shown, type Row } from '../harness/row.ts';

const leaseSeconds = 15;
const rounds = 2;
const invoices = 400;
const lostMs = 90_000;

const writesOf = async (world: World) => (await world.quickbooks.mutations()).length;

/** Waits until QuickBooks has taken more writes than `before`; when it was seen, on this process's clock. */
async function nextWrite(world: World, before: number): Promise<number> {
  const giveUpAtMs = performance.now() + lostMs;
  while ((await writesOf(world)) <= before) {
    if (performance.now() > giveUpAtMs) throw new Error('nobody wrote any more');
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
  return performance.now();
}

export const takeover: Row = {
  number: '11',
  name: 'takeover',
  title: 'From SIGKILL of a worker to the first write of its successor',
  method: `Two worker processes on one database and both simulators, lease of ${leaseSeconds} s as in production; QuickBooks takes a second for each write so that work never ends. The one that writes is killed in the middle of it; the clock runs until QuickBooks has taken a write after the last one of the dead. ${rounds} rounds.`,
  measure: async (stage) => {
    const database = { url: await stage.database(), drop: async () => {} };
    const world = await createWorld({ database, leaseSeconds });
    const programs: Awaited<ReturnType<typeof startProgram>>[] = [];
    try {
      const slow = { match: {}, effect: 'latency', params: { ms: 1_000 } };
      await world.quickbooks.faults([slow]);
      for (let made = 0; made < invoices; made += 50)
        await Promise.all(
          Array.from({ length: 50 }, () =>
            world.invoicing.human({ action: 'create', invoice: plainInvoice() }),
          ),
        );
      await world.told();
      let writer = await startProgram('worker', world.environment);
      programs.push(writer);
      const took: number[] = [];
      for (let round = 0; round < rounds; round += 1) {
        await nextWrite(world, (await writesOf(world)) + 2);
        const successor = await startProgram('worker', world.environment);
        programs.push(successor);
        await nextWrite(world, await writesOf(world));
        await writer.kill();
        const killedAt = performance.now();
        // What had left before is taken within its second.
        await new Promise((resolve) => setTimeout(resolve, 1_500));
        const seenAt = await nextWrite(world, await writesOf(world));
        took.push((seenAt - killedAt) / 1_000);
        writer = successor;
      }
      return [
        {
          what: 'SIGKILL → first write of the successor / lease',
          goal: atMost(1.2),
          value: spreadOf(took.map((seconds) => seconds / leaseSeconds)),
          unit: '',
          detail: `${took.map((seconds) => shown(seconds)).join(' s and ')} s with a lease of ${leaseSeconds} s`,
        },
      ];
    } finally {
      for (const program of programs) await program.kill();
      await world.close();
    }
  },
};
