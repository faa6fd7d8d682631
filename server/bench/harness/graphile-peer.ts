import { Pool } from 'pg';
import { Logger, run } from 'graphile-worker';
import { peerKeys, type Contender } from './waiting.ts';

const task = 'touch';
const silent = new Logger(() => () => {});

/** Its best settings by its own documentation: a local queue of 500, completions batched, 24 jobs at once, 10 connections. */
const preset = {
  worker: {
    concurrentJobs: 24,
    maxPoolSize: 10,
    localQueue: { size: 500 },
    completeJobBatchDelay: 0,
    failJobBatchDelay: 0,
    pollInterval: 1_000,
  },
};

const add = `
SELECT count(*) FROM graphile_worker.add_jobs(ARRAY(
  SELECT json_populate_record(NULL::graphile_worker.job_spec, json_build_object('identifier', '${task}',
    'queue_name', 'key-' || (n % $2), 'payload', json_build_object('companyId', md5('company'), 'invoiceId', 'inv_' || n)))
  FROM generate_series(1, $1::int) AS n))`;

/** graphile-worker with named queues: one at a time per queue, though not in order once a job has failed. */
export async function openGraphileWorker(databaseUrl: string, backlog: number): Promise<Contender> {
  const pool = new Pool({ connectionString: databaseUrl, max: 12 });
  pool.on('error', () => {});
  pool.on('connect', (client) => client.on('error', () => {}));
  let done = 0;
  let finished = (): void => {};
  let wanted = 0;
  const taskList = {
    [task]: () => {
      done += 1;
      if (done === wanted) finished();
      return Promise.resolve();
    },
  };
  const start = () =>
    run({ pgPool: pool, preset, taskList, logger: silent, noHandleSignals: true });
  await (await start()).stop(); // makes its tables
  await pool.query(add, [backlog, peerKeys]);
  await pool.query('VACUUM ANALYZE');
  return {
    setting: 'localQueue 500, 24 jobs at once',
    rate: async (forMs) => {
      done = 0;
      wanted = backlog;
      const isDone = new Promise<void>((resolve) => {
        finished = resolve;
        setTimeout(resolve, forMs);
      });
      const startedAt = performance.now();
      const runner = await start();
      await isDone;
      const rate = (done / (performance.now() - startedAt)) * 1_000;
      await runner.stop();
      await pool.query(add, [done, peerKeys]);
      return rate;
    },
    close: () => pool.end(),
  };
}
