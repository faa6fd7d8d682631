import { randomBytes } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import { onTestFinished } from 'vitest';
import type { z } from 'zod';
import { openDrainQueue } from '#adapters/pg-boss/drain-queue.ts';
import { createAccountingSystem } from '#adapters/quickbooks/accounting-system.ts';
import { createCallCounts } from '#adapters/postgres/call-counts.ts';
import { createPace } from '#adapters/quickbooks/pace.ts';
import { systemClock } from '#adapters/system/clock.ts';
import { toCompanyId, type CompanyId } from '#core/brand.ts';
import { compose, type Composition } from '#main/compose.ts';
import { readConfig, type Config } from '#main/config.ts';
import type { Clock } from '#ports/clock.ts';
import type { Log } from '#ports/log.ts';
import type { Sides } from '#ports/sides.ts';
import type { Engine } from '#sync/crossing.ts';
import { drainCompany, type Drained } from '#sync/drain-company.ts';
import { createIngest } from '#sync/ingest.ts';
import {
  createInvoicingSimulator,
  type InvoicingSimulatorOptions,
} from '../../simulator/invoicing/server.ts';
import {
  createQuickBooksSimulator,
  type QuickBooksSimulatorOptions,
} from '../../simulator/quickbooks/server.ts';
import { createTestDatabase, type TestDatabase } from '../database.ts';
import { brokenAudit } from './audit-chain.ts';
import { smallBooks } from './companies.ts';
import { invoicingSide, quickBooksSide } from './simulators.ts';
import { whatIsLeft } from './settled.ts';
import { unlimited } from './unlimited.ts';
import { startWebhookReceiver } from './webhook-receiver.ts';

export type WorldOptions = {
  readonly quickbooks?: QuickBooksSimulatorOptions;
  readonly invoicing?: InvoicingSimulatorOptions;
  /** A migrated database of one's own, for whoever stops its server. */
  readonly database?: TestDatabase;
  /** What internal invoicing holds at first: `smallBooks` unless said, null for whatever `invoicing` loads. */
  readonly books?: object | null;
  /** Whether QuickBooks' webhooks are delivered too; its own echo of every write then comes back. */
  readonly quickbooksTells?: boolean;
  readonly mode?: 'SHADOW' | 'LIVE';
  readonly goLiveDate?: string;
  /** How long a write without an answer may still land; the real wait is 130 s. */
  readonly commitWaitSeconds?: number;
  readonly leaseSeconds?: number;
  /** Whether arriving events ring for worker processes; without it their sweep finds the work. */
  readonly rings?: boolean;
  /** Keep to Intuit's ten calls a second; the simulators do not mind, so that tests are not slowed by it. */
  readonly paced?: boolean;
  /** The engine's clock; the database keeps its own. */
  readonly clock?: Clock;
};

export type World = Awaited<ReturnType<typeof createWorld>>;

const realm = '9130000000000001';
const webhookSecret = `whsec_${Buffer.from('simulator-webhook-secret').toString('base64')}`;
const settleMsMax = 30_000;

/**
 * One bridge between two simulators: its own database, both simulators over HTTP, webhooks delivered and verified, one
 * connected company. Nothing drains by itself: a test says when, or starts workers of its own. Close it when done.
 */
export async function createWorld(options: WorldOptions = {}) {
  const ends: (() => Promise<unknown>)[] = [];
  const close = async (): Promise<void> => {
    for (const end of ends.splice(0).reverse()) await end();
  };
  try {
    return await build(options, ends, close);
  } catch (error) {
    await close();
    throw error;
  }
}

/** A world that is closed when the test is over. */
export async function startWorld(options: WorldOptions = {}): Promise<World> {
  const world = await createWorld(options);
  onTestFinished(world.close);
  return world;
}

async function build(
  options: WorldOptions,
  ends: (() => Promise<unknown>)[],
  close: () => Promise<void>,
) {
  const database = options.database ?? (await createTestDatabase());
  ends.push(database.drop);
  const simulators = {
    quickbooks: await createQuickBooksSimulator(options.quickbooks),
    invoicing: await createInvoicingSimulator({
      bare: options.books !== null,
      ...options.invoicing,
    }),
  };
  ends.push(
    () => simulators.quickbooks.close(),
    () => simulators.invoicing.close(),
  );
  const invoicing = invoicingSide(simulators.invoicing.url);
  const quickbooks = quickBooksSide(simulators.quickbooks.url, realm);
  if (options.books !== null) await invoicing.reset(options.books ?? smallBooks);

  const environment = environmentOf(options, database.url, simulators);
  const logged: LogLine[] = [];
  const log = logInto(logged);
  const config = configOf(environment);
  const composition = compose(config, database.url, log);
  ends.push(() => composition.pool.end());
  const { pool, companies, credentials } = composition;
  const engine: Engine = {
    ...composition.engine,
    sides: options.paced === true ? composition.engine.sides : unpaced(composition, config),
    clock: options.clock ?? systemClock,
  };
  const companyId = await makeCompany(options, composition, simulators);
  const connect = (): Promise<void> => connectCompany(companyId, composition, simulators);
  await connect();
  // Polls wait until a test says so.
  await pool.query(`UPDATE watermark SET due_at = clock_timestamp() + interval '1 year'`);

  const queue = options.rings === true ? await openDrainQueue(database.url, log) : null;
  if (queue !== null) ends.push(() => queue.stop());
  const ingest = createIngest(engine.store, queue?.doorbell ?? { ring: () => undefined });
  const receiver = await startWebhookReceiver({
    companies,
    verifierToken: config.quickbooks.webhookVerifier,
    clock: systemClock,
    ids: engine.ids,
    ingest,
    log,
  });
  ends.push(receiver.close);
  await invoicing.webhooks({
    url: `${receiver.url}/webhooks/invoicing/${companyId}`,
    secret: webhookSecret,
  });
  if (options.quickbooksTells === true) {
    const verifierToken = config.quickbooks.webhookVerifier;
    await quickbooks.webhooks({ url: `${receiver.url}/webhooks/quickbooks`, verifierToken });
  }

  // The senders know: what follows from a change is told beside it, so that counting changes would not do.
  const untold = async (): Promise<readonly string[]> => {
    const [here, there] = await Promise.all([
      invoicing.webhookCounts(),
      quickbooks.webhookCounts(),
    ]);
    const total = here.left + there.left;
    return total === 0
      ? []
      : [`${here.left} deliveries of internal invoicing, ${there.left} of QuickBooks`];
  };
  /** Waits until every change so far was told to the bridge. */
  const told = (): Promise<void> => eventually('changes to be told', untold);
  const drain = (signal: AbortSignal = new AbortController().signal): Promise<Drained> =>
    drainCompany(engine, companyId, 'test-worker', signal);
  /** Waits until nothing is left to do, whoever does it; fails with what is left. */
  const settled = async (deadlineMs = settleMsMax): Promise<void> => {
    const left = async () => [...(await untold()), ...(await whatIsLeft(pool))];
    await eventually('everything to settle', left, deadlineMs, 50);
  };
  /** Drains until nothing is left to do; fails with what is left, and never waits longer than for the next due link. */
  const drainUntilSettled = async (deadlineMs = settleMsMax): Promise<void> => {
    const check = async (): Promise<readonly string[]> => {
      await told();
      if ((await whatIsLeft(pool)).length === 0) return [];
      await drain();
      await told();
      return whatIsLeft(pool);
    };
    // A drain costs as much as a test does: what waits for its time is looked after ten times a second.
    await eventually('everything to settle', check, deadlineMs, 100);
  };
  /** As if the waiting were over: what is due later is due now, QuickBooks has stopped throttling, the breaker closed. */
  const timePasses = async (): Promise<void> => {
    await pool.query('UPDATE link SET due_at = clock_timestamp() WHERE due_at IS NOT NULL');
    await pool.query('UPDATE company SET throttled_until = NULL, breaker_open_until = NULL');
  };
  /** As if a write without an answer could not land any more: it was sent an hour ago. */
  const commitWaitPasses = async (): Promise<void> => {
    await pool.query(
      `UPDATE intent SET sent_at = ARRAY(SELECT t - interval '1 hour' FROM unnest(sent_at) AS t)`,
    );
  };
  /** As if the time of the next poll had come, for both sides; drains once. */
  const poll = async (signal?: AbortSignal): Promise<Drained> => {
    await pool.query('UPDATE watermark SET due_at = clock_timestamp()');
    return drain(signal);
  };
  /** Rows of a query, parsed. */
  const rows = async <Row>(
    shape: z.ZodType<Row>,
    sql: string,
    values: readonly unknown[] = [],
  ): Promise<readonly Row[]> => {
    const result = await pool.query(sql, [...values]);
    return result.rows.map((row) => shape.parse(row));
  };

  return {
    companyId,
    databaseUrl: database.url,
    /** What a process of the product needs to serve this world. */
    environment,
    engine,
    pool,
    credentials,
    administration: composition.administration,
    ingest,
    invoicing,
    quickbooks,
    /** Lines the engine logged, oldest first. */
    logged: logged as readonly LogLine[],
    /** Gives consent and connects (again). */
    connect,
    told,
    drain,
    settled,
    drainUntilSettled,
    poll,
    timePasses,
    commitWaitPasses,
    rows,
    brokenAudit: () => brokenAudit(pool),
    close,
  };
}

export type LogLine = { readonly level: string; readonly fact: string; readonly about: object };

function logInto(lines: LogLine[]): Log {
  const at =
    (level: string) =>
    (fact: string, about: object = {}) => {
      lines.push({ level, fact, about });
    };
  return { debug: at('debug'), info: at('info'), warn: at('warn'), error: at('error') };
}

type Simulators = {
  readonly quickbooks: { readonly url: string; readonly port: number };
  readonly invoicing: { readonly url: string; readonly port: number };
};

const environmentOf = (options: WorldOptions, databaseUrl: string, simulators: Simulators) => ({
  DATABASE_URL: databaseUrl,
  LEDGERBRIDGE_DEMO: '1',
  LEDGERBRIDGE_SECRET_KEY: randomBytes(32).toString('base64'),
  SIMULATOR_QUICKBOOKS_PORT: String(simulators.quickbooks.port),
  SIMULATOR_INVOICING_PORT: String(simulators.invoicing.port),
  QUICKBOOKS_COMMIT_WAIT_SECONDS: String(options.commitWaitSeconds ?? 1),
  LEDGERBRIDGE_LEASE_SECONDS: String(options.leaseSeconds ?? 2),
});

function configOf(environment: Readonly<Record<string, string>>): Config {
  const outcome = readConfig(environment);
  if (!outcome.ok) throw new Error(outcome.lines.join('\n'));
  return outcome.config;
}

/** QuickBooks spoken to as fast as it answers; the calls are counted all the same. */
function unpaced({ engine, pool, credentials, oauth }: Composition, config: Config): Sides {
  const pace = createPace({
    clock: systemClock,
    counts: createCallCounts(pool),
    limits: unlimited,
  });
  const { apiBaseUrl } = config.quickbooks;
  return {
    ...engine.sides,
    accounting: ({ id: companyId, realmId, facts }, lease) =>
      createAccountingSystem({
        companyId,
        realmId: realmId ?? '',
        credentials,
        apiBaseUrl,
        oauth,
        clock: systemClock,
        pace: pace.under(lease),
        homeCurrency: facts?.homeCurrency ?? null,
      }),
  };
}

async function makeCompany(
  options: WorldOptions,
  { engine, companies }: Composition,
  { invoicing }: Simulators,
): Promise<CompanyId> {
  const id = toCompanyId(engine.ids.next());
  await companies.create({
    id,
    name: 'Acme Books',
    demo: true,
    mode: options.mode ?? 'LIVE',
    goLiveDate: options.goLiveDate ?? null,
    invoicingBaseUrl: invoicing.url,
    invoicingToken: 'simulator-invoicing-token',
    invoicingWebhookSecret: webhookSecret,
  });
  return id;
}

/** Gives consent on the simulator's page and connects the company with what comes back. */
async function connectCompany(
  id: CompanyId,
  { companies, credentials, oauth }: Composition,
  { quickbooks }: Simulators,
): Promise<void> {
  const consentUrl = `${oauth.authorizationUrl('test')}&auto=1&realm=${realm}`;
  const consent = await fetch(consentUrl, { redirect: 'manual' });
  const code = new URL(consent.headers.get('location') ?? '').searchParams.get('code') ?? '';
  await credentials.store(id, await oauth.exchange(code, realm));
  await companies.connect(id, {
    realmId: realm,
    environment: 'sandbox',
    apiBaseUrl: quickbooks.url,
  });
}

/** Asks until nothing is left; fails after `deadlineMs` with what is. */
async function eventually(
  what: string,
  whatIsLeft: () => Promise<readonly string[]>,
  deadlineMs = 10_000,
  pauseMs = 20,
): Promise<void> {
  const giveUpAtMs = performance.now() + deadlineMs;
  for (;;) {
    const left = await whatIsLeft();
    if (left.length === 0) return;
    if (performance.now() > giveUpAtMs) {
      const shown = left.slice(0, 20).join('\n  ');
      throw new Error(
        `waited ${deadlineMs} ms in vain for ${what}; ${left.length} left:\n  ${shown}`,
      );
    }
    await sleep(pauseMs);
  }
}
