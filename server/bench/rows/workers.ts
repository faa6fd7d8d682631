import { fork, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import path from 'node:path';
import { z } from 'zod';
import { openBridge } from '../harness/bridge.ts';
import { cloneCompanies, cloneLinks, makeDue } from '../harness/clone.ts';
import { spreadOf } from '../harness/rounds.ts';
import { shown, type Row } from '../harness/row.ts';
import { crossOne, type Template } from '../harness/template.ts';

const companies = 32;
const perCompany = 250;
const turnMs = 4_000;
const rounds = 3;
const counts = [1, 2, 4] as const;
const file = path.join(import.meta.dirname, '../peers/engine-worker.ts');

const answer = z.object({ writes: z.number() });

async function startWorkers(template: Template, count: number): Promise<readonly ChildProcess[]> {
  const argument = JSON.stringify({ template, companies });
  const children = Array.from({ length: count }, () => fork(file, [argument]));
  await Promise.all(children.map((child) => once(child, 'message')));
  return children;
}

/** All of them work at the same time; writes that QuickBooks took a second, together. */
async function together(children: readonly ChildProcess[]): Promise<number> {
  const done = children.map(async (child) => {
    const answered = once(child, 'message');
    child.send({ forMs: turnMs });
    const [message] = await answered;
    return answer.parse(message).writes;
  });
  const writes = await Promise.all(done);
  return (writes.reduce((sum, one) => sum + one, 0) / turnMs) * 1_000;
}

export const workers: Row = {
  number: '18',
  name: 'workers',
  title: 'Crossings a second of 1, 2 and 4 worker processes on one database',
  method: `${companies} companies with ${perCompany} waiting links each; every process drains eight companies at once, the lease spreads them. Both sides answer at once inside each process. PostgreSQL and all processes share the machine.`,
  isLong: true,
  measure: async (stage) => {
    const template = await crossOne(await stage.database());
    const bridge = await openBridge(template, companies);
    const rates = new Map<number, number[]>(counts.map((count) => [count, []]));
    try {
      await cloneCompanies(bridge.pool, template, companies);
      const all = Array.from({ length: companies }, (_, place) => place + 1);
      await cloneLinks(bridge.pool, template, all, perCompany);
      await bridge.pool.query('VACUUM ANALYZE');
      for (let round = 0; round < rounds; round += 1)
        for (const count of counts) {
          await makeDue(bridge.pool, `${round} ${count} `, companies * perCompany);
          const children = await startWorkers(template, count);
          rates.get(count)?.push(await together(children));
          for (const child of children) child.kill('SIGKILL');
          // What the killed ones held is free before the next turn.
          await bridge.pool.query(
            `UPDATE company_lease SET holder = NULL, expires_at = clock_timestamp()`,
          );
        }
    } finally {
      await bridge.close();
    }
    const one = spreadOf(rates.get(1) ?? []).median;
    return counts.map((count) => {
      const value = spreadOf(rates.get(count) ?? []);
      return {
        what: `Crossings a second, ${count} worker process${count === 1 ? '' : 'es'}`,
        goal: null,
        value,
        unit: '/s',
        detail: `${shown(value.median / one)} times one process`,
      };
    });
  },
};
