import { PgBoss } from 'pg-boss';
import { peerKeys, type Contender } from './waiting.ts';

const queue = 'peer';
const insertBatch = 5_000;
/** Loops that fetch and complete at the same time; what suits it best is found out first. */
const consumersTried = [1, 2, 4] as const;
const triedMs = 800;

/** As large as a pointer to an invoice, which is what the engine's events hold. */
const data = { companyId: '01a22f88-cdcb-79a7-bf48-4fecf7a35c6b', invoiceId: 'inv_10_2044' };

export type PgBossOptions = {
  readonly policy: 'standard' | 'key_strict_fifo';
  readonly backlog: number;
  /** Jobs a fetch. */
  readonly batchSize: number;
};

/**
 * pg-boss alone: fetch, complete, nothing done in between. Its best settings: a partition of its own, supervision and
 * schedules off while it is timed, jobs completed by id, and as many consumers as suit it.
 */
export async function openPgBoss(databaseUrl: string, options: PgBossOptions): Promise<Contender> {
  const boss = new PgBoss({
    connectionString: databaseUrl,
    max: 10,
    supervise: false,
    schedule: false,
    migrate: true,
  });
  boss.on('error', (error) => {
    throw error;
  });
  await boss.start();
  await boss.createQueue(queue, { policy: options.policy, partition: true });
  await fill(boss, options.backlog);
  await analyse(boss);
  const rate = async (forMs: number, consumers: number): Promise<number> => {
    const { done, tookMs } = await workOff(boss, options.batchSize, consumers, forMs);
    await fill(boss, done);
    return (done / tookMs) * 1_000;
  };
  const tried: { readonly consumers: number; readonly rate: number }[] = [];
  for (const consumers of consumersTried)
    tried.push({ consumers, rate: await rate(triedMs, consumers) });
  const [best] = tried.toSorted((one, other) => other.rate - one.rate);
  const consumers = best?.consumers ?? 1;
  return {
    setting: `${consumers} consumer${consumers === 1 ? '' : 's'}`,
    rate: (forMs) => rate(forMs, consumers),
    close: () => boss.stop({ graceful: false }),
  };
}

async function workOff(
  boss: PgBoss,
  batchSize: number,
  consumers: number,
  forMs: number,
): Promise<{ readonly done: number; readonly tookMs: number }> {
  const startedAt = performance.now();
  let done = 0;
  const consume = async (): Promise<void> => {
    while (performance.now() - startedAt < forMs) {
      const jobs = await boss.fetch(queue, { batchSize });
      if (jobs.length === 0) return;
      await boss.complete(
        queue,
        jobs.map(({ id }) => id),
      );
      done += jobs.length;
    }
  };
  await Promise.all(Array.from({ length: consumers }, consume));
  return { done, tookMs: performance.now() - startedAt };
}

async function fill(boss: PgBoss, count: number): Promise<void> {
  for (let made = 0; made < count; made += insertBatch) {
    const size = Math.min(insertBatch, count - made);
    const jobs = Array.from({ length: size }, (_, place) => ({
      data,
      singletonKey: `key-${(made + place) % peerKeys}`,
    }));
    await boss.insert(queue, jobs);
  }
}

/** Plans that know the table: what autovacuum brings about within a minute. */
async function analyse(boss: PgBoss): Promise<void> {
  await boss.getDb().executeSql('VACUUM ANALYZE pgboss.job');
}
