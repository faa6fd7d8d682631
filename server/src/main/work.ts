import { hostname } from 'node:os';
import process from 'node:process';
import { openDrainQueue } from '#adapters/pg-boss/drain-queue.ts';
import { createBulkOperations } from '#adapters/postgres/bulk-operations.ts';
import { createFeed } from '#adapters/postgres/feed.ts';
import type { Log } from '#ports/log.ts';
import { keepGivingBackTokens } from '#sync/give-back-tokens.ts';
import { keepBulkMoving } from '#sync/run-bulk.ts';
import { keepTellingPeople } from '#sync/tell-people.ts';
import { answerBell, keepSweeping, workLimits } from '#sync/work.ts';
import { compose } from './compose.ts';
import type { Config } from './config.ts';

/** A running worker. */
export type Worker = { stop(): Promise<void> };

/** Drains companies as their bells ring, and sweeps; what is in flight when it stops is finished or left to evidence. */
export async function startWorker(config: Config, databaseUrl: string, log: Log): Promise<Worker> {
  const { engine, pool, revocations, notifications, oauth } = compose(config, databaseUrl, log);
  const queue = await openDrainQueue(databaseUrl, log);
  const stopping = new AbortController();
  const holder = `${hostname()}:${process.pid}:${engine.ids.next()}`;
  const sweeping = keepSweeping(engine, queue.doorbell, holder, stopping.signal);
  const bulk = createBulkOperations(pool, createFeed(pool, log), log);
  const { ids, clock } = engine;
  const runner = { bulk, doorbell: queue.doorbell, ids, clock, log };
  const moving = keepBulkMoving(runner, stopping.signal);
  const revoke = (token: string): Promise<void> => oauth.revoke(token);
  const giving = keepGivingBackTokens({ revocations, revoke, clock, log }, stopping.signal);
  const telling = keepTellingPeople({ ...notifications, clock, log }, stopping.signal);
  await queue.work(
    (companyId, lost) =>
      answerBell(
        engine,
        queue.doorbell,
        holder,
        companyId,
        AbortSignal.any([lost, stopping.signal]),
      ),
    workLimits.parallelCompanies,
  );
  log.info('the worker is ready', { holder });
  return {
    stop: async () => {
      stopping.abort(new Error('the worker is stopping'));
      await Promise.all([sweeping, moving, giving, telling]);
      await queue.stop();
      await pool.end();
    },
  };
}
