import { existsSync } from 'node:fs';
import { PrismaPg } from '@prisma/adapter-pg';
import type { Logger } from 'pino';
import { openDrainQueue, type DrainQueue } from '#adapters/pg-boss/drain-queue.ts';
import { createApiBudgets } from '#adapters/postgres/api-budgets.ts';
import { createApiKeys, keyIssuer } from '#adapters/postgres/api-keys.ts';
import { createChangeRequests } from '#adapters/postgres/change-requests.ts';
import { createConnectionStates } from '#adapters/postgres/connection-states.ts';
import { createFeed } from '#adapters/postgres/feed.ts';
import { createFigures } from '#adapters/postgres/figures.ts';
import { hasPendingMigrations } from '#adapters/postgres/migrate.ts';
import { createPublisher } from '#adapters/postgres/publisher.ts';
import { createSessions } from '#adapters/postgres/sessions.ts';
import { isUnavailable } from '#adapters/postgres/unavailable.ts';
import { createStreamBell } from '#adapters/postgres/stream-bell.ts';
import { systemClock } from '#adapters/system/clock.ts';
import { systemDigest, systemIds } from '#adapters/system/ids.ts';
import { createLog } from '#adapters/system/log.ts';
import { PrismaClient } from '#generated/prisma/client.ts';
import { createGraphql } from '#graphql/server.ts';
import { connectingCookie } from '#http/authorization.ts';
import { createAccess } from '#http/access.ts';
import type { HealthChecks } from '#http/health.ts';
import { createMetrics } from '#http/metrics.ts';
import { createHttpServer } from '#http/server.ts';
import type { Log } from '#ports/log.ts';
import { createActions } from '#sync/actions.ts';
import { checkConnection, type CheckConnection } from '#sync/check-connection.ts';
import { createIngest } from '#sync/ingest.ts';
import { authorizationOf } from './authorization.ts';
import { compose, type Composition } from './compose.ts';
import type { Config } from './config.ts';
import { connectDemo } from './demo.ts';
import { migrationsDir, publishedDocuments, webDir } from './places.ts';
import type { Child } from './child.ts';
import { build } from './version.ts';
import { createWebhookReaders } from './webhook-readers.ts';

/** A running API process. */
export type Api = { readonly port: number; stop(): Promise<void> };

/** The worker process, where this one is its parent. */
export type WorkerProcess = Pick<Child, 'signal' | 'status'>;

/** For a process that started none: workers run elsewhere. */
export const noWorker: WorkerProcess = {
  signal: () => false,
  status: () => ({ isRunning: false, isFrozen: false, startedCount: 0 }),
};

/** Serves GraphQL, webhooks, health, metrics and the web app; publishes the stream when no other process does. */
export async function startApi(
  config: Config,
  databaseUrl: string,
  logger: Logger,
  worker: WorkerProcess,
): Promise<Api> {
  const log = createLog(logger);
  const composition = compose(config, databaseUrl, log);
  const { pool, engine, companies } = composition;
  const queue = await openDrainQueue(databaseUrl, log);
  const publisher = createPublisher({ pool, log });
  const bell = createStreamBell(pool, log);
  const prisma = new PrismaClient({ adapter: new PrismaPg(pool) });
  const apiKeys = createApiKeys(pool, systemIds);
  await announceKey(await apiKeys.bootstrap(config.bootstrapApiKey), config);
  const sessions = createSessions(pool, systemIds);
  const access = createAccess({ apiKeys, sessions, demo: config.demo, publicUrl: saidUrl(config) });
  const actions = createActions({
    requests: createChangeRequests(pool, createFeed(pool, log), systemClock),
    doorbell: queue.doorbell,
    ids: systemIds,
    digest: systemDigest,
    keys: keyIssuer,
    administration: composition.administration,
  });
  const isSecure = config.publicUrl.startsWith('https:');
  const graphql = createGraphql({
    prisma,
    bell,
    actions,
    checkConnection: checkerOf(engine, pool),
    connectingCookie: (nonce) => connectingCookie(nonce, isSecure),
    clock: systemClock,
    ids: systemIds,
    log,
    access,
    accessBell: bell,
    budgets: createApiBudgets(pool),
    publishedDocuments: publishedDocuments(),
    build,
    publicUrl: config.publicUrl,
    monthlyReads: config.monthlyReads,
  });
  const server = createHttpServer({
    graphql,
    access,
    sessions: { sessions, clock: systemClock, isSecure },
    authorization: authorizationOf(config, composition, actions, queue.doorbell, log),
    webhooks: createWebhookReaders({
      companies,
      verifierToken: config.quickbooks.webhookVerifier,
      clock: systemClock,
      ids: systemIds,
    }),
    ingest: createIngest(engine.store, queue.doorbell),
    health: healthChecks(composition, databaseUrl),
    metrics: createMetrics(createFigures(pool)),
    demo: config.demo ? { ...config.simulators, worker } : null,
    webDir: existsSync(webDir) ? webDir : null,
    drainMs: config.drainMs,
    isUnavailable,
    log,
  });
  publisher.start();
  await bell.start();
  await refuseOtherEnvironments(config, composition, log);
  const port = await server.listen(config.host, config.port);
  if (config.demo && config.role === 'all') await connectDemo(config, composition, log);
  return { port, stop: () => stopAll({ server, bell, publisher, queue, prisma, pool }) };
}

/** Looks at a company's connection, and keeps what it found. */
function checkerOf(engine: Composition['engine'], pool: Composition['pool']): CheckConnection {
  const states = createConnectionStates(pool);
  return (companyId) => checkConnection(engine, states, companyId);
}

/** The address others reach us at, where it was said. */
const saidUrl = ({ publicUrl, publicUrlSet }: Config): string | null =>
  publicUrlSet ? publicUrl : null;

/** A company connected elsewhere gets no call from here; a person has to reconnect it (http.md §2). */
async function refuseOtherEnvironments(
  { quickbooks }: Config,
  { companies }: Composition,
  log: Log,
): Promise<void> {
  const { environment, apiBaseUrl } = quickbooks;
  const refused = await companies.refuseOtherEnvironments(environment, apiBaseUrl);
  if (refused > 0)
    log.warn('companies were connected to another QuickBooks environment and must be reconnected', {
      companies: refused,
    });
}

type Parts = {
  readonly server: ReturnType<typeof createHttpServer>;
  readonly bell: ReturnType<typeof createStreamBell>;
  readonly publisher: ReturnType<typeof createPublisher>;
  readonly queue: DrainQueue;
  readonly prisma: PrismaClient;
  readonly pool: Composition['pool'];
};

async function stopAll({ server, bell, publisher, queue, prisma, pool }: Parts): Promise<void> {
  await server.close();
  bell.stop();
  await publisher.stop();
  await queue.stop();
  await prisma.$disconnect();
  await pool.end();
}

/** The first start without a key prints the one it made, once; the database keeps only its fingerprint. */
async function announceKey(
  made: { readonly generated: string } | null,
  config: Config,
): Promise<void> {
  if (made === null || config.demo) return;
  process.stdout.write(`ADMIN API key, shown this once: ${made.generated}\n`);
}

const leaseOverdueSeconds = 120;

/** What readiness looks at; each answers what is wrong in one sentence. */
const healthChecks = ({ pool }: Composition, databaseUrl: string): HealthChecks => ({
  database: async () => {
    await pool.query('SELECT 1');
    return null;
  },
  queue: async () => {
    await pool.query('SELECT 1 FROM pgboss.queue LIMIT 1');
    return null;
  },
  lease: async () => {
    const { rows } = await pool.query<{ late: number }>(
      `SELECT count(*)::int AS late FROM company c WHERE c.status = 'ACTIVE' AND EXISTS (
         SELECT 1 FROM link k WHERE k.company_id = c.id AND k.due_at < clock_timestamp() - $1 * interval '1 second' AND k.claim_epoch IS NULL)
       AND coalesce(c.throttled_until, '-infinity') < clock_timestamp() AND coalesce(c.breaker_open_until, '-infinity') < clock_timestamp()`,
      [leaseOverdueSeconds],
    );
    const late = rows[0]?.late ?? 0;
    return late === 0
      ? null
      : `No worker has taken up due work of ${late} companies for ${leaseOverdueSeconds} s.`;
  },
  migrations: async () =>
    (await hasPendingMigrations(databaseUrl, migrationsDir))
      ? 'Migrations wait to be applied.'
      : null,
});
