import { PgBoss } from 'pg-boss';
import { z } from 'zod';
import { toCompanyId, type CompanyId } from '#core/brand.ts';
import type { Doorbell } from '#ports/doorbell.ts';
import type { Log } from '#ports/log.ts';

/** One waiting and one running drain per company across all machines: policy `stately` with the company as key. */
const queue = 'company.drain';

const queueOptions = {
  policy: 'stately',
  notify: true,
  retryLimit: 1000,
  retryDelay: 2,
  retryBackoff: true,
  retryDelayMax: 60,
  heartbeatSeconds: 10,
  expireInSeconds: 120,
  deleteAfterSeconds: 3600,
} as const;

/** Rings within this time become one. */
const coalesceMs = 20;

const drainJob = z.object({ companyId: z.string() });

export type DrainQueue = {
  readonly doorbell: Doorbell;
  /** Starts taking drains; the signal aborts when the job is lost or the queue stops. */
  work(
    drain: (companyId: CompanyId, signal: AbortSignal) => Promise<void>,
    parallel: number,
  ): Promise<void>;
  stop(): Promise<void>;
};

/** The queue that wakes workers. It may be emptied at any moment: rows are the truth, the sweep rings again. */
export async function openDrainQueue(databaseUrl: string, log: Log): Promise<DrainQueue> {
  const boss = new PgBoss({
    connectionString: databaseUrl,
    max: 4,
    useListenNotify: true,
    superviseIntervalSeconds: 5,
    monitorIntervalSeconds: 5,
    application_name: 'ledgerbridge-queue',
  });
  boss.on('error', (error) => log.warn('the queue reports an error', { cause: error.message }));
  boss.on('warning', (warning) => log.warn('the queue warns', { cause: warning.message }));
  await boss.start();
  await boss.createQueue(queue, queueOptions);
  const { policy: _immutable, ...changeable } = queueOptions;
  await boss.updateQueue(queue, changeable); // createQueue leaves the options of an existing queue as they were
  const bells = createBells((companyId) => ring(boss, companyId, log));
  return {
    doorbell: { ring: bells.ring },
    work: async (drain, parallel) => {
      const options = {
        batchSize: 1,
        localConcurrency: parallel,
        pollingIntervalSeconds: 1,
        notifyPollingIntervalSeconds: 2,
      };
      await boss.work(queue, options, async ([job]) => {
        if (job !== undefined)
          await drain(toCompanyId(drainJob.parse(job.data).companyId), job.signal);
      });
    },
    stop: async () => {
      bells.silence();
      await boss.stop({ graceful: true, timeout: 8_000 });
    },
  };
}

/** After commit and outside any transaction: a ring inside one would make every writer of a company wait (engine-evidence.md §0, 8). */
async function ring(boss: PgBoss, companyId: CompanyId, log: Log): Promise<void> {
  try {
    await boss.upsert(queue, { companyId }, { singletonKey: companyId, startAfter: 0 });
  } catch (error) {
    log.warn('a ring was lost; the sweep will ring again', { companyId, cause: String(error) });
  }
}

/** One timer a company; the earliest wanted moment wins. */
function createBells(ringNow: (companyId: CompanyId) => Promise<void>) {
  const timers = new Map<CompanyId, { readonly dueAt: number; readonly timer: NodeJS.Timeout }>();
  const fire = (companyId: CompanyId): void => {
    timers.delete(companyId);
    void ringNow(companyId);
  };
  return {
    ring: (companyId: CompanyId, afterMs = 0): void => {
      const waitMs = Math.max(coalesceMs, afterMs);
      const dueAt = performance.now() + waitMs;
      const waiting = timers.get(companyId);
      if (waiting !== undefined && waiting.dueAt <= dueAt) return;
      clearTimeout(waiting?.timer);
      const timer = setTimeout(() => fire(companyId), Math.min(waitMs, 2 ** 31 - 1));
      timer.unref();
      timers.set(companyId, { dueAt, timer });
    },
    silence: (): void => {
      for (const { timer } of timers.values()) clearTimeout(timer);
      timers.clear();
    },
  };
}
