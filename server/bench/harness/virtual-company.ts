import { actAsHuman } from '../../simulator/invoicing/human.ts';
import { seededRandom } from '../../simulator/control/random.ts';
import { toCorrelationId, toEventId } from '#core/brand.ts';
import type { IncomingEvent } from '#core/event/event.ts';
import type { Ids } from '#ports/ids.ts';
import type { Engine } from '#sync/crossing.ts';
import { drainCompany } from '#sync/drain-company.ts';
import { createBooks, startsAtMs } from '../../test/memory/books.ts';
import { companyId, companyOf, seededIds } from '../../test/memory/company.ts';
import { Network, type Errand, type Heard } from '../../test/memory/network.ts';
import { MemoryRows } from '../../test/memory/rows.ts';
import { createMemoryStore } from '../../test/memory/store.ts';
import { VirtualTime } from '../../test/memory/virtual-time.ts';
import { createMemoryCounts, createMemoryWatermarks } from '../../test/memory/watermarks.ts';
import { Weather } from '../../test/memory/weather.ts';
import { WorkerBody } from '../../test/memory/worker-body.ts';
import { createWorkerEngine, type Surroundings } from '../../test/memory/worker.ts';
import { plainInvoice } from '../../test/support/companies.ts';
import { quiet } from './bridge.ts';

/** Every call takes so long and nothing goes wrong. */
class SteadyNetwork extends Network {
  readonly #time: VirtualTime;
  readonly #latencyMs: number;

  constructor(means: ConstructorParameters<typeof Network>[0], latencyMs: number) {
    super(means);
    this.#time = means.time;
    this.#latencyMs = latencyMs;
  }

  override async call(errand: Errand): Promise<Heard> {
    const { side, execute } = errand;
    await this.#time.passing(side === 'quickbooks' ? this.#latencyMs / 2 : 1);
    const answer = await execute();
    await this.#time.passing(side === 'quickbooks' ? this.#latencyMs / 2 : 1);
    return { kind: 'answered', answer };
  }
}

export type Traffic = {
  /** When calls to QuickBooks left, and when writes arrived there, in ms since the start. */
  readonly calls: readonly number[];
  readonly writes: readonly number[];
};

/** One company at work for so long in virtual time with `waiting` new invoices always waiting; the engine as it is. */
export async function trafficOf(options: {
  readonly forMs: number;
  readonly latencyMs: number;
  readonly waiting: number;
}): Promise<Traffic> {
  const time = new VirtualTime(startsAtMs);
  const random = seededRandom('limit');
  const weather = new Weather(random);
  weather.calm();
  const books = createBooks(time, 'limit');
  const ids = seededIds(random);
  const rows = new MemoryRows(companyOf(companyId), ids, () => time.nowMs);
  const store = createMemoryStore(rows);
  const calls: number[] = [];
  const writes: number[] = [];
  const around: Surroundings = {
    time,
    random,
    weather,
    books,
    network: new SteadyNetwork(
      { time, random, weather, lateMs: [0, 0], isSlow: () => {} },
      options.latencyMs,
    ),
    access: { generation: 1, isGranted: true, held: null },
    ids,
    log: quiet,
    store,
    watermarks: createMemoryWatermarks(rows),
    counts: createMemoryCounts(rows),
    pollEveryMs: 300_000,
    arrived: ({ side }) => {
      if (side === 'quickbooks') writes.push(time.nowMs - startsAtMs);
    },
    leaves: () => void calls.push(time.nowMs - startsAtMs),
    heard: () => {},
  };
  const engine = createWorkerEngine(around, new WorkerBody(time, Number.POSITIVE_INFINITY), 0);
  let made = 0;
  const fill = (): void => {
    for (; made < writes.length + options.waiting; made += 1) {
      const done = actAsHuman(
        books.invoicing,
        { action: 'create', invoice: plainInvoice() },
        'Ada',
      );
      if (!done.ok) throw new Error('an invoice could not be made');
      const { id } = done.value;
      void store.ingest([createdEvent(id, ids)]);
    }
    time.after(10_000, fill);
  };
  fill();
  const stopping = new AbortController();
  const working = workUntil(stopping.signal, engine, time);
  await time.runUntil(startsAtMs + options.forMs);
  stopping.abort();
  await time.runUntil(startsAtMs + options.forMs + 60_000);
  await working;
  const inTime = (at: number): boolean => at <= options.forMs;
  return { calls: calls.filter(inTime), writes: writes.filter(inTime) };
}

const createdEvent = (id: string, ids: Ids): IncomingEvent => ({
  id: toEventId(ids.next()),
  companyId,
  source: 'INVOICING_WEBHOOK',
  eventKey: ids.next(),
  kind: 'CREATED',
  subject: { side: 'internal', kind: 'invoice', id, invoiceId: id },
  actor: { kind: 'side', side: 'internal', name: 'internal invoicing' },
  occurredAt: null,
  correlationId: toCorrelationId(ids.next()),
  payload: {},
});

async function workUntil(signal: AbortSignal, engine: Engine, time: VirtualTime): Promise<void> {
  while (!signal.aborted) {
    await drainCompany(engine, companyId, 'worker', signal);
    await time.passing(20);
  }
}
