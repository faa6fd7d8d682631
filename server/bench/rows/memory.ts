import { readFileSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import { openBridge, type BenchBridge } from '../harness/bridge.ts';
import { cloneCompanies, cloneLinks, makeDue } from '../harness/clone.ts';
import { startProgram } from '../harness/program.ts';
import { interleaved, ratios, spreadOf } from '../harness/rounds.ts';
import { atMost, shown, type Row, type Stage } from '../harness/row.ts';
import { crossOne } from '../harness/template.ts';

const big = { companies: 1_000, perCompany: 1_000 } as const;
const small = { companies: 1, perCompany: 1_000 } as const;
const companiesAtOnce = 100;
const due = 500;
const claims = 40;
const watchedMs = 20_000;

async function build(
  stage: Stage,
  { companies, perCompany }: { readonly companies: number; readonly perCompany: number },
) {
  const template = await crossOne(await stage.database());
  const bridge = await openBridge(template, 1);
  await cloneCompanies(bridge.pool, template, companies);
  for (let first = 1; first <= companies; first += companiesAtOnce) {
    const last = Math.min(companies, first + companiesAtOnce - 1);
    const some = Array.from({ length: last - first + 1 }, (_, place) => first + place);
    await cloneLinks(bridge.pool, template, some, perCompany, false);
    stage.say(`${shown(last * perCompany)} links`);
  }
  await makeDue(bridge.pool, 'claim', companies === 1 ? due : due * 20);
  await bridge.pool.query('VACUUM ANALYZE');
  return { template, bridge };
}

/** Milliseconds that a claim of four links of company 1 takes, and gives them back off the clock. */
async function claimMs({ engine, companies, pool }: BenchBridge): Promise<number> {
  const [companyId] = companies;
  if (companyId === undefined) throw new Error('no company was made');
  await pool.query(
    `UPDATE link SET due_at = clock_timestamp(), claim_epoch = NULL WHERE company_id = $1 AND internal_id LIKE 'inv\\_1\\__'`,
    [companyId],
  );
  const lease = await engine.store.acquireLease(companyId, 'bench', 60_000);
  if (lease === null) throw new Error('somebody holds the lease');
  const startedAt = performance.now();
  for (let claim = 0; claim < claims; claim += 1) await engine.store.claimLinks(lease, 4, false);
  const tookMs = (performance.now() - startedAt) / claims;
  await pool.query('UPDATE link SET claim_epoch = NULL WHERE company_id = $1', [companyId]);
  await engine.store.releaseLease(lease);
  return tookMs;
}

const residentMiB = (pid: number): number => {
  const found = /^VmHWM:\s+(\d+) kB/m.exec(readFileSync(`/proc/${pid}/status`, 'utf8'));
  return Number(found?.[1] ?? Number.NaN) / 1_024;
};

export const memory: Row = {
  number: '15',
  name: 'memory',
  title: 'One worker with 1,000 companies and 1,000,000 links in the database',
  method: `A worker process of the product sweeps, leases and works on that database for ${watchedMs / 1_000} s; the most memory it ever had resident counts. The claim is timed against a database of 1,000 links, in turns.`,
  isLong: true,
  measure: async (stage) => {
    const few = await build(stage, small);
    const many = await build(stage, big);
    try {
      const took = await interleaved({
        many: () => claimMs(many.bridge),
        few: () => claimMs(few.bridge),
      });
      const worker = await startProgram('worker', many.template.environment);
      await sleep(watchedMs);
      const resident = residentMiB(worker.pid);
      await worker.kill();
      return [
        {
          what: 'Memory of one worker at its most',
          goal: atMost(300, ' MiB'),
          value: spreadOf([resident]),
          unit: 'MiB',
          detail: '1,000 companies, 1,000,000 links, 2,000,000 observations',
        },
        {
          what: 'Time of a claim with 1,000,000 links / with 1,000',
          goal: atMost(1.5),
          value: ratios(took.many, took.few),
          unit: '',
          detail: `${shown(spreadOf(took.many).median)} ms against ${shown(spreadOf(took.few).median)} ms`,
        },
      ];
    } finally {
      await few.bridge.close();
      await many.bridge.close();
    }
  },
};
