import { pino } from 'pino';
import type pg from 'pg';
import { createPublisher } from '#adapters/postgres/publisher.ts';
import { toCompanyId, type CompanyId } from '#core/brand.ts';
import { compose } from '#main/compose.ts';
import { readConfig, type Config } from '#main/config.ts';
import type { Log } from '#ports/log.ts';
import type { Engine } from '#sync/crossing.ts';
import { drainCompany } from '#sync/drain-company.ts';
import { workLimits } from '#sync/work.ts';
import { clonedCompanies } from './clone.ts';
import { createInstantBooks, type InstantBooks } from './instant-sides.ts';
import type { Template } from './template.ts';

export const quiet: Log = pino({ level: 'silent' });

export function configOf(environment: Readonly<Record<string, string>>): Config {
  const outcome = readConfig(environment);
  if (!outcome.ok) throw new Error(outcome.lines.join('\n'));
  return outcome.config;
}

/** The engine of one worker process over instant sides, with the publisher of the stream beside it. */
export type BenchBridge = {
  readonly pool: pg.Pool;
  readonly engine: Engine;
  readonly books: InstantBooks;
  readonly companies: readonly CompanyId[];
  /** Works as a worker process does, its companies in parallel, for so long or until nothing is due; events settled a second. */
  readonly settledPerSecond: (forMs: number) => Promise<number>;
  /** The same, told as writes that QuickBooks took. */
  readonly writesWithin: (forMs: number) => Promise<number>;
  /** Waits until no event is open and nobody holds a company. */
  readonly idle: () => Promise<void>;
  readonly close: () => Promise<void>;
};

/** Composed as a worker is; what differs is the two sides. */
export async function openBridge(template: Template, companyCount: number): Promise<BenchBridge> {
  const { databaseUrl } = template;
  const problems: string[] = [];
  const log: Log = {
    ...quiet,
    warn: (fact, about) => void problems.push(`${fact} ${JSON.stringify(about)}`),
    error: (fact, about) => void problems.push(`${fact} ${JSON.stringify(about)}`),
  };
  const composition = compose(configOf(template.environment), databaseUrl, log);
  const { pool } = composition;
  const books = createInstantBooks(template, composition, composition.engine.counts);
  const gate = { isOpen: true };
  const engine = gated({ ...composition.engine, sides: books.sides }, gate);
  const companies = (await clonedCompanies(pool, companyCount)).map((id) => toCompanyId(id));
  const publisher = createPublisher({ pool, log });
  publisher.start();
  return {
    pool,
    engine,
    books,
    companies,
    settledPerSecond: async (forMs) => {
      const rate = await work(pool, engine, companies, forMs, gate);
      if (problems.length > 0) throw new Error(problems.slice(0, 3).join('\n'));
      return rate;
    },
    writesWithin: async (forMs) => {
      const before = books.writes();
      await work(pool, engine, companies, forMs, gate);
      return books.writes() - before;
    },
    idle: () => untilIdle(pool),
    close: async () => {
      await publisher.stop();
      await pool.end();
    },
  };
}

const busy = `
SELECT EXISTS (SELECT 1 FROM outbox_event WHERE ended_at IS NULL) OR EXISTS (SELECT 1 FROM company_lease WHERE holder IS NOT NULL) AS busy`;

async function untilIdle(pool: pg.Pool): Promise<void> {
  for (;;) {
    const { rows } = await pool.query<{ busy: boolean }>(busy);
    if (rows[0]?.busy !== true) return;
    await new Promise((resolve) => setTimeout(resolve, 5));
  }
}

const settledSoFar = async (pool: pg.Pool): Promise<number> => {
  const { rows } = await pool.query<{ settled: number }>(
    `SELECT count(*)::int AS settled FROM outbox_event WHERE stage = 'SETTLED'`,
  );
  return rows[0]?.settled ?? 0;
};

type Gate = { isOpen: boolean };

/** Once the time is over nothing new is claimed; what is under way ends as it would. */
const gated = (engine: Engine, gate: Gate): Engine => ({
  ...engine,
  store: {
    ...engine.store,
    claimLinks: async (lease, limit, marked) =>
      gate.isOpen ? engine.store.claimLinks(lease, limit, marked) : [],
  },
});

async function work(
  pool: pg.Pool,
  engine: Engine,
  companies: readonly CompanyId[],
  forMs: number,
  gate: Gate,
): Promise<number> {
  const before = await settledSoFar(pool);
  const { signal } = new AbortController();
  gate.isOpen = true;
  const timer = setTimeout(() => (gate.isOpen = false), forMs);
  const startedAt = performance.now();
  const waiting = [...companies];
  const drains = Array.from({ length: workLimits.parallelCompanies }, async (_, place) => {
    for (let next = waiting.pop(); next !== undefined && gate.isOpen; next = waiting.pop())
      await drainCompany(engine, next, `bench-${place}`, signal);
  });
  await Promise.all(drains);
  const tookMs = performance.now() - startedAt;
  clearTimeout(timer);
  return (((await settledSoFar(pool)) - before) / tookMs) * 1_000;
}
