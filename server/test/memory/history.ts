import { brokenPace, brokenPromises } from './invariants.ts';
import { MemoryWorld, type Known } from './world.ts';
import type { Fate, Trouble } from './weather.ts';
import type { AskedOfRows } from './recording.ts';

/** What a history was and came to. */
export type HistoryReport = {
  readonly seed: string;
  /** The same for the same seed, whenever and wherever it is lived through. */
  readonly hash: number;
  readonly weather: readonly (Fate | Trouble)[];
  readonly faults: ReadonlyMap<Fate | Trouble, number>;
  readonly deaths: readonly string[];
  readonly told: readonly string[];
  /** Promises that were broken, in words; empty when all were kept. */
  readonly broken: readonly string[];
  /** From the last fault until everything was at rest, in ms of the world's time. */
  readonly settledInMs: number;
  readonly world: MemoryWorld;
};

/** A history with less in it: fewer steps, or without some of what goes wrong. */
export type Less = {
  readonly stepsMax?: number;
  readonly without?: readonly (Fate | Trouble)[];
  /** Begins with a company that knows nothing of its QuickBooks yet. */
  readonly isNew?: boolean;
  /** Told of everything that the rows were asked. */
  readonly asked?: (call: AskedOfRows) => void;
};

const stepsMax = 9;
/** Until everything must have come to rest after the last fault (I20); clocks that are off by hours may delay by as much. */
const settleMsMax = 3 * 3_600_000;
const settleSkewedMsMax = 6 * 3_600_000;
const lookMs = 1_000;

let known: Promise<Known> | null = null;

/** What a company knows that has been at work for a while: learnt once a process, by a world in which nothing goes wrong. */
async function learn(): Promise<Known> {
  const world = new MemoryWorld('a quiet day', null);
  world.weather.calm();
  world.begin(1);
  for (let count = 0; count < 12; count += 1) world.people.act();
  world.news.tell();
  await world.time.runUntil(world.time.nowMs + 60_000);
  const { references, company } = world.rows;
  if (company.facts === null) throw new Error('a quiet day taught nothing');
  const matched = references.filter(
    ({ status, internalId }) =>
      status === 'MATCHED' && internalId !== 'cus_9' && internalId !== 'itm_9',
  );
  return { facts: company.facts, references: matched };
}

export const knownCompany = (): Promise<Known> => (known ??= learn());

/** One history under one seed: two people work, much goes wrong, then nothing does any more, and everything comes to rest. */
export async function liveThrough(seed: string, less: Less = {}): Promise<HistoryReport> {
  const world = new MemoryWorld(
    seed,
    less.isNew === true ? null : await knownCompany(),
    less.without,
    less.asked,
  );
  const { weather, time } = world;
  world.begin(weather.comes('two workers', 1) ? 2 : 1);
  await storm(world, less.stepsMax ?? stepsMax);
  await calm(world);
  const calmAt = time.nowMs;
  const isOver = await settle(world);
  const settledInMs = time.nowMs - calmAt;
  if (!isOver) world.broken.push(`I20: there is still to do: ${world.rows.leftovers().join('; ')}`);
  else {
    world.broken.push(
      ...brokenPromises({
        rows: world.rows,
        books: world.books,
        people: world.people,
        cutOff: cutOffs(world),
        lagged: weather.kinds.has('queries lag'),
      }),
    );
    if (world.random.chance(0.1)) await echo(world);
  }
  // A stopped worker sends what it was about to send when it goes on.
  if (!stops.some((stop) => weather.counts.has(stop)))
    world.broken.push(...brokenPace(world.callsAt));
  return {
    seed,
    hash: world.hash,
    weather: [...weather.kinds],
    faults: weather.counts,
    deaths: world.deaths,
    told: world.people.told,
    broken: world.broken,
    settledInMs,
    world,
  };
}

const stops = ['worker stopped past its lease', 'worker stopped in the middle'] as const;

/** People act and things go wrong. */
async function storm(world: MemoryWorld, most: number): Promise<void> {
  const { random, time, people, weather } = world;
  const paceMs = random.pick([200, 3_000, 20_000]);
  for (let step = Math.min(most, random.integer(3, stepsMax)); step > 0; step -= 1) {
    if (random.chance(0.85)) people.act();
    world.news.tell();
    troubleWorkers(world);
    if (weather.comes('access lapsed', 0.1)) world.lapse(random.chance(0.4));
    else if (random.chance(0.2)) world.reconnect();
    if (weather.comes('books closed', 0.1))
      people.closeBooks(random.pick(['2026-11-30', '2026-10-31']));
    await time.runUntil(time.nowMs + random.integer(1, paceMs));
  }
}

function troubleWorkers(world: MemoryWorld): void {
  const { random, weather, alive, time } = world;
  const [one] = alive;
  if (one !== undefined && weather.comes('worker killed', 0.25)) world.kill(one);
  const [other] = world.alive;
  if (other !== undefined && weather.comes('worker stopped past its lease', 0.2))
    other.body.freeze(random.integer(1_000, 40_000));
  if (world.alive.length === 0) time.after(random.integer(0, 5_000), () => void world.bear());
}

/** Nothing goes wrong any more: books are open, access is granted, somebody works. */
async function calm(world: MemoryWorld): Promise<void> {
  const { weather, people, time } = world;
  world.calm();
  if (weather.kinds.has('books closed')) people.closeBooks(null);
  world.reconnect();
  await time.runUntil(time.nowMs + 5_000);
  if (world.alive.length === 0) world.bear();
}

/** Lets time pass until nothing is left to do; false when that takes too long. */
async function settle(world: MemoryWorld): Promise<boolean> {
  const { time, weather } = world;
  const isSkewed = weather.kinds.has('clock wrong by hours');
  const untilMs = time.nowMs + (isSkewed ? settleSkewedMsMax : settleMsMax);
  while (time.nowMs < untilMs) {
    // Whoever was asked to connect again does so, also when it is said only now.
    world.reconnect();
    if (isAtRest(world)) return true;
    await time.runUntil(time.nowMs + lookMs);
  }
  return false;
}

function isAtRest({ rows, network, news, startedCalmAt }: MemoryWorld): boolean {
  if (!network.isQuiet || !news.isQuiet || rows.lease?.holder != null) return false;
  const needsPoll = news.lost > 0;
  const polled = Math.min(rows.polledAt.internal, rows.polledAt.quickbooks);
  return (!needsPoll || polled > startedCalmAt) && rows.leftovers().length === 0;
}

/** I13 and I15: everything told once more leads to nothing new. */
async function echo(world: MemoryWorld): Promise<void> {
  const { rows, books } = world;
  const isSettled = [...rows.links.values()].every((link) => rows.status(link) === 'IN_SYNC');
  const made = (): string =>
    [
      rows.intents.size,
      books.quickbooks.mutations(books.realm).lastSeq,
      books.invoicing.company.mutationsAfter(0).length,
    ].join(' ');
  // A dead letter may be healed by being looked at again: then there is more to do than an echo.
  if (!isSettled) return;
  const before = made();
  world.tellAgain();
  if (!(await settle(world))) world.broken.push('I20: what was told again is never done with');
  if (made() !== before)
    world.broken.push(`I13: what was told again led to writes: ${before} became ${made()}`);
}

/** How often a worker was cut off in the middle of its work. */
const cutOffs = ({ weather }: MemoryWorld): number =>
  (
    [
      'worker killed',
      'worker killed in the middle',
      ...stops,
      'rows away before',
      'rows away after',
    ] as const
  ).reduce((sum, trouble) => sum + (weather.counts.get(trouble) ?? 0), 0);
