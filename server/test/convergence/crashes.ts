import { expect } from 'vitest';
import { drainCompany } from '#sync/drain-company.ts';
import { expectOnce, writesTo } from '../operation-faults/evidence.ts';
import { deeds, type Deed } from '../operation-faults/operations.ts';
import type { Operation } from '../operation-faults/cells.ts';
import { smallBooks } from '../support/companies.ts';
import { whatIsLeft } from '../support/settled.ts';
import { createWorld, type World } from '../support/world.ts';
import { lifeOf } from './mortal-engine.ts';

const commitWaitSeconds = 1;
/** Lives after the planned deaths until all is settled; one is enough unless a write has to be waited for. */
const livesMax = 12;
/** More than any operation has boundaries for; a guard against an operation that never ends. */
const boundariesMax = 60;

/** Customers that QuickBooks has not, one for each history. */
const strangersMax = 1_500;
const strangers = Array.from({ length: strangersMax }, (_, cell) => ({
  id: `cus_new_${cell}`,
  displayName: `Stranger ${cell}`,
}));
const books = { ...smallBooks, customers: [...smallBooks.customers, ...strangers] };

/** A world in which one operation is done again and again, each time to another invoice, with other deaths. */
export type CrashBench = {
  readonly operation: Operation;
  readonly world: World;
  cell: number;
};

export async function createCrashBench(operation: Operation): Promise<CrashBench> {
  const world = await createWorld({ quickbooksTells: true, commitWaitSeconds, books });
  return { operation, world, cell: 0 };
}

/** What a schedule of deaths came to. */
export type History = {
  /** Where each planned life ended, in words; shorter than the schedule when a life was over before its death. */
  readonly deaths: readonly string[];
};

/**
 * Does the operation once while its workers die as planned: the first at its `schedule[0]`-th boundary, its successor at
 * `schedule[1]`, and so on; whoever comes after them lives. Then each write that was meant took effect once.
 */
async function live(bench: CrashBench, schedule: readonly number[]): Promise<History> {
  const { world, operation } = bench;
  const deed = deeds[operation];
  const { side } = deed.target;
  bench.cell += 1;
  const { cell } = bench;
  const before = await deed.before(world, cell);
  const mutationsBefore = (await writesTo(world, side)).length;
  const acted = await deed.act(world, before, cell);
  await world.told();

  const deaths: string[] = [];
  for (const diesAt of schedule) {
    const death = await liveOnce(bench, diesAt);
    if (death === null) break;
    deaths.push(death);
  }
  await liveOn(bench);
  const told = `deaths at: ${deaths.join(' | ') || 'none'}`;
  await expectSettledOnce(world, deed, acted, cell, mutationsBefore, told);
  return { deaths };
}

/** One life; the boundary it ended at, null when there was nothing left to do before that. */
async function liveOnce({ world }: CrashBench, diesAt: number): Promise<string | null> {
  const life = lifeOf(world.engine, diesAt);
  const holder = world.engine.ids.next();
  const { signal } = new AbortController();
  const ended = await drainCompany(life.engine, world.companyId, holder, signal).then(
    () => null,
    (error: unknown) => error,
  );
  if (!life.isDead()) {
    if (ended !== null) throw ended;
    return null;
  }
  // Nobody waits in a test for what the database's clock would bring about.
  await world.pool.query(`UPDATE company_lease SET expires_at = clock_timestamp()`);
  return life.passed.at(-1) ?? null;
}

/** Lives without deaths until nothing is left; what is waited for is put forward. */
async function liveOn({ world }: CrashBench): Promise<void> {
  for (let count = 0; count < livesMax; count += 1) {
    await world.drain();
    if ((await whatIsLeft(world.pool)).length === 0) break;
    await world.commitWaitPasses();
    await world.timePasses();
  }
  await world.drainUntilSettled();
}

async function expectSettledOnce(
  world: World,
  deed: Deed,
  acted: string,
  cell: number,
  mutationsBefore: number,
  told: string,
): Promise<void> {
  try {
    const id = deed.named === undefined ? acted : await deed.named(world, acted);
    const made = (await writesTo(world, deed.target.side)).slice(mutationsBefore);
    await deed.shown(world, id, cell);
    await expectOnce(world, id, deed, made);
    expect(await world.brokenAudit()).toEqual([]);
  } catch (error) {
    throw new Error(told, { cause: error });
  }
}

/** Every schedule with one death, in the order of its boundaries; each with where it died. */
export async function everySingleDeath(bench: CrashBench): Promise<readonly string[]> {
  const met: string[] = [];
  for (let first = 1; first <= boundariesMax; first += 1) {
    const { deaths } = await live(bench, [first]);
    const [death] = deaths;
    if (death === undefined) return met;
    met.push(death);
  }
  throw new Error(`${bench.operation} has more than ${boundariesMax} boundaries`);
}

/** Every schedule with two deaths whose first is the one named; how many there were. */
export async function everySecondDeath(bench: CrashBench, first: number): Promise<number> {
  for (let second = 1; second <= boundariesMax; second += 1) {
    const { deaths } = await live(bench, [first, second]);
    if (deaths.length < 2) return second - 1;
  }
  throw new Error(`${bench.operation} does not end after a first death`);
}
