import { seededRandom, type SeededRandom } from '../../simulator/control/random.ts';
import { toEventId } from '#core/brand.ts';
import { sides } from '#core/side.ts';
import type { Company } from '#core/company/company.ts';
import type { Doorbell } from '#ports/doorbell.ts';
import type { Log } from '#ports/log.ts';
import type { Store } from '#ports/store.ts';
import { answerBell } from '#sync/work.ts';
import { companyId, companyOf, seededIds } from './company.ts';
import { createBooks, startsAtMs, type Books } from './books.ts';
import { Network } from './network.ts';
import { News } from './news.ts';
import { People } from './people.ts';
import { recording, type AskedOfRows } from './recording.ts';
import { MemoryRows, type ReferenceRow } from './rows.ts';
import type { Arrival } from './sides.ts';
import { createMemoryStore } from './store.ts';
import { VirtualTime } from './virtual-time.ts';
import { createMemoryCounts, createMemoryWatermarks } from './watermarks.ts';
import { Weather, type Fate, type Trouble } from './weather.ts';
import { WorkerBody } from './worker-body.ts';
import { createWorkerEngine, type Surroundings } from './worker.ts';

/** What a company that has been at work for a while knows of its QuickBooks. */
export type Known = {
  readonly facts: NonNullable<Company['facts']>;
  readonly references: readonly ReferenceRow[];
};

type Worker = {
  readonly name: string;
  readonly body: WorkerBody;
  readonly engine: ReturnType<typeof createWorkerEngine>;
  drains: number;
};

/** The steps in whose middle something happens: calls of either side, and what is recorded of them. */
const middles = ['QuickBooks', 'internal invoicing', 'recordStep', 'claimLinks'] as const;
/** People do not work faster than a worker for ever. */
const actsInTheMiddleMax = 8;

/** How often the sweep looks for what is due. */
const sweepMs = 2_500;

/**
 * One company between its two sides, in one process and under one seed: the engine as it is, over rows, books, a network
 * and a time of our own. Nothing in it waits for the real clock, and nothing in it is left to chance but the seed.
 */
export class MemoryWorld {
  readonly time = new VirtualTime(startsAtMs);
  readonly random: SeededRandom;
  readonly weather: Weather;
  readonly books: Books;
  readonly rows: MemoryRows;
  readonly people: People;
  readonly news: News;
  readonly network: Network;
  /** Promises broken while things happened. */
  readonly broken: string[] = [];
  /** Where workers died, in words. */
  readonly deaths: string[] = [];
  /** Warnings and errors of the engine. */
  readonly logged: string[] = [];
  /** When calls to QuickBooks left. */
  readonly callsAt: number[] = [];
  /** What the history was, as a number that differs when anything differs. */
  hash = 0x811c9dc5;
  events = 0;
  /** When nothing went wrong any more. */
  startedCalmAt = 0;
  readonly #around: Surroundings;
  readonly #workers: Worker[] = [];
  readonly #arrivals = new Map<string, string>();
  #lives = 0;
  #bellAt: number | null = null;

  constructor(
    seed: string,
    known: Known | null,
    without: readonly (Fate | Trouble)[] = [],
    asked: (call: AskedOfRows) => void = () => undefined,
  ) {
    this.random = seededRandom(seed);
    this.weather = new Weather(this.random, without);
    const { random, time } = this;
    this.books = createBooks(time, seed);
    const ids = seededIds(random);
    this.rows = new MemoryRows(companyOf(companyId), ids, () => time.nowMs);
    this.people = new People(this.books, random, this.weather.scene?.people);
    if (known !== null && random.chance(0.85)) this.#remember(known);
    const firstPollMs = random.integer(0, random.pick([5_000, 400_000]));
    for (const side of sides) this.rows.watermarks[side].dueAt += firstPollMs;
    const forgets = this.weather.kinds.has('requestid forgotten');
    const lateMsMax = forgets ? 119_000 : random.pick([5_000, 119_000, 600_000]);
    const lateMs = this.weather.scene?.lateMs ?? ([500, lateMsMax] as const);
    if (forgets) this.#behave({ requestid: 'ignore' });
    if (this.weather.kinds.has('queries lag')) this.#behave({ queryLagMs: 4_000 });
    this.network = new Network({
      time,
      random,
      weather: this.weather,
      lateMs,
      isSlow: (ms, isWrite) => {
        time.after(random.integer(0, Math.floor(ms / 2)), () => this.#actWhileSlow(isWrite));
      },
    });
    const record = recording(this.rows, asked);
    const store = record('store', this.#fenced(createMemoryStore(this.rows)));
    this.news = new News({
      books: this.books,
      companyId,
      ids,
      time,
      random,
      weather: this.weather,
      ingest: (events) => {
        void store.ingest(events);
        this.#ring(0);
      },
    });
    this.#around = {
      time,
      random,
      weather: this.weather,
      books: this.books,
      network: this.network,
      access: { generation: 1, isGranted: true, held: null },
      ids,
      log: this.#log(),
      store,
      watermarks: record('watermarks', createMemoryWatermarks(this.rows)),
      counts: createMemoryCounts(this.rows),
      pollEveryMs: random.pick([20_000, 60_000, 300_000]),
      arrived: (arrival) => this.#arrived(arrival),
      leaves: () => void this.callsAt.push(time.nowMs),
      heard: (what) => this.note(what),
    };
  }

  /** Whether somebody is going to be woken. */
  get isBellWaiting(): boolean {
    return this.#bellAt !== null;
  }

  /** From now on nothing goes wrong. */
  calm(): void {
    this.weather.calm();
    this.startedCalmAt = this.time.nowMs;
  }

  /** Adds to the history's hash. */
  note(what: string): void {
    this.events += 1;
    let { hash } = this;
    const text = `${this.time.nowMs}${what}`;
    for (let index = 0; index < text.length; index += 1)
      hash = Math.imul(hash ^ text.charCodeAt(index), 0x01000193);
    this.hash = hash;
  }

  /** Begins: so many workers, the sweep, and the telling of news. */
  begin(workers: number): void {
    for (let count = 0; count < workers; count += 1) this.bear();
    this.#keepSweeping();
  }

  /** A new worker process, which dies at its `diesAt`-th step. */
  bear(diesAt = Number.POSITIVE_INFINITY): Worker {
    this.#lives += 1;
    const body = new WorkerBody(this.time, diesAt, (what, one) => this.#inTheMiddle(what, one));
    const engine = createWorkerEngine(this.#around, body, this.#skewMs());
    const worker = { name: `worker-${this.#lives}`, body, engine, drains: 0 };
    this.#workers.push(worker);
    return worker;
  }

  /** Workers that live. */
  get alive(): readonly Worker[] {
    return this.#workers.filter(({ body }) => !body.isDead);
  }

  kill(worker: Worker): void {
    worker.body.kill();
    this.deaths.push(worker.body.last);
  }

  /** The access token is not taken any more; with `wholly`, nor is the one that renews it until a person connects again. */
  lapse(wholly: boolean): void {
    this.#around.access.generation += 1;
    this.#around.access.isGranted = !wholly;
  }

  /** A person connects again. */
  reconnect(): void {
    const { access } = this.#around;
    access.isGranted = true;
    if (this.rows.company.status !== 'NEEDS_RECONNECT') return;
    access.held = null;
    this.rows.company = { ...this.rows.company, status: 'ACTIVE' };
    this.#ring(0);
  }

  /** Tells everything once more, under keys of its own. */
  tellAgain(): void {
    void this.#around.store.ingest(
      this.news.told.map((event, place) => ({
        ...event,
        id: toEventId(this.rows.ids.next()),
        eventKey: `again:${place}`,
      })),
    );
    this.#ring(0);
  }

  #remember({ facts, references }: Known): void {
    const { rows } = this;
    const incomeAccountId = facts.incomeAccountIds[0] ?? null;
    rows.company = {
      ...rows.company,
      facts,
      settings: { ...rows.company.settings, incomeAccountId },
    };
    rows.references.push(...references.map((row) => ({ ...row })));
  }

  #behave(knobs: Partial<Books['quickbooks']['behaviour']>): void {
    this.books.quickbooks.behaviour = { ...this.books.quickbooks.behaviour, ...knobs };
  }

  #skewMs(): number {
    const { weather, random } = this;
    if (weather.comes('clock wrong by hours', 0.5)) return random.pick([-7_200_000, 7_200_000]);
    return weather.comes('clock wrong by seconds', 0.5) ? random.integer(-3_000, 3_000) : 0;
  }

  /** I8: nothing is recorded under an epoch that is not the lease's own any more. */
  #fenced(store: Store): Store {
    return {
      ...store,
      recordStep: async (lease, step) => {
        const { epoch = 0n } = this.rows.lease ?? {};
        const outcome = await store.recordStep(lease, step);
        if (outcome === 'done' && lease.epoch !== epoch)
          this.broken.push(`I8: epoch ${lease.epoch} recorded a step under epoch ${epoch}`);
        return outcome;
      },
    };
  }

  /** What happens while a worker is at a call or records what came of it. */
  #inTheMiddle(what: string, body: WorkerBody): void {
    const { weather, random } = this;
    if (weather.isCalm || !middles.some((middle) => what.includes(middle))) return;
    this.#actInTheMiddle(0.15);
    if (weather.comes('worker killed in the middle', 0.04)) {
      body.kill();
      this.deaths.push(what);
      this.#succeed(random.integer(0, 5_000));
    } else if (weather.comes('worker stopped in the middle', 0.04)) {
      body.freeze(random.integer(14_000, 40_000));
      this.#succeed(random.integer(0, 5_000));
    }
  }

  #actWhileSlow(isWrite: boolean): void {
    if (this.weather.scene?.lastWord !== true) return this.#actInTheMiddle(0.7);
    if (!isWrite || this.weather.isCalm || !this.random.chance(0.5)) return;
    this.people.haveTheLastWord();
    this.news.tell();
  }

  #actInTheMiddle(p: number): void {
    const { weather } = this;
    if ((weather.counts.get('people act in the middle') ?? 0) >= actsInTheMiddleMax) return;
    if (!weather.comes('people act in the middle', p)) return;
    this.people.act();
    this.news.tell();
  }

  /** Somebody else takes the place of a worker that is dead or does not answer. */
  #succeed(afterMs: number): void {
    this.time.after(afterMs, () => {
      if (this.alive.length < 2) this.bear();
    });
  }

  /** I6 and I7: what arrives was written down before, byte for byte, and one request id never stands for two bodies. */
  #arrived({ requestId, body }: Arrival): void {
    if (requestId === null)
      return void this.broken.push('I6: a write without a request id arrived');
    const intent = this.rows.intents.get(requestId);
    if (intent === undefined)
      this.broken.push(`I6: nobody wrote ${requestId} down before it was sent`);
    else if (body !== '' && intent.body !== body)
      this.broken.push(`I6: ${requestId} left with other bytes than were written down`);
    const before = this.#arrivals.get(requestId);
    if (before !== undefined && before !== body)
      this.broken.push(`I7: ${requestId} stands for two bodies`);
    this.#arrivals.set(requestId, body);
  }

  #keepSweeping(): void {
    this.time.after(sweepMs, () => {
      this.news.tell();
      void this.#around.store.dueCompanies(1).then((due) => {
        if (due.some(({ overdue }) => overdue)) this.#ring(0);
      });
      this.#keepSweeping();
    });
  }

  readonly #doorbell: Doorbell = {
    ring: (_company, afterMs = 0) => {
      if (this.weather.comes('bell lost', 0.3)) return;
      this.#ring(afterMs);
    },
  };

  /** Rings that wait become one, the earliest. */
  #ring(afterMs: number): void {
    const at = this.time.nowMs + afterMs + 20;
    if (this.#bellAt !== null && this.#bellAt <= at) return;
    this.#bellAt = at;
    this.time.at(at, () => {
      if (this.#bellAt !== at) return;
      this.#bellAt = null;
      this.#answer();
    });
  }

  #answer(): void {
    const { alive } = this;
    const free = alive.filter(({ drains }) => drains === 0);
    // All are at it: whoever is done looks again.
    if (free.length === 0) {
      if (alive.length > 0) this.#ring(1_000);
      return;
    }
    const worker = this.random.pick(free);
    worker.drains += 1;
    const { signal } = new AbortController();
    void answerBell(worker.engine, this.#doorbell, worker.name, companyId, signal)
      .catch((error: unknown) => {
        if (!worker.engine.store.isUnavailable(error))
          this.broken.push(`a drain failed: ${String(error)}`);
      })
      .finally(() => {
        worker.drains -= 1;
      });
  }

  #log(): Log {
    const keep = (fact: string, about: object = {}): void => {
      this.logged.push(`${fact} ${JSON.stringify(about)}`);
    };
    return {
      debug: () => undefined,
      info: () => undefined,
      warn: keep,
      error: (fact, about = {}) => {
        keep(fact, about);
        this.broken.push(`our own fault: ${fact} ${JSON.stringify(about)}`);
      },
    };
  }
}
