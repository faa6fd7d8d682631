import { drainCompany } from '#sync/drain-company.ts';
import { seededRandom } from '../../simulator/control/random.ts';
import { whatIsLeft } from '../support/settled.ts';
import type { World } from '../support/world.ts';
import { brokenPromises } from './invariants.ts';
import { lifeOf } from './mortal-engine.ts';
import { peopleOf } from './people.ts';
import { endWeather, startWeather } from './weather.ts';

export type Bench = {
  readonly world: World;
};

/** What a history was and came to. */
export type HistoryReport = {
  readonly seed: string;
  readonly weather: readonly string[];
  readonly deaths: readonly string[];
  readonly told: readonly string[];
  /** Promises that were broken, in words; empty when all were kept. */
  readonly broken: readonly string[];
};

const stepsMax = 16;
/** Lives after the weather has ended until nothing is left to do (invariant I20). */
const livesMax = 40;

/**
 * One history: two people edit, pay and void, news is lost and repeated, calls fail, workers die; then all that ends, and
 * what is left to do is done within a known number of lives. Afterwards the invariants hold.
 */
export async function liveThrough({ world }: Bench, seed: string): Promise<HistoryReport> {
  const random = seededRandom(seed);
  const people = peopleOf(world, random, seed);
  const deaths: string[] = [];
  const weather = await startWeather(world, random);
  const work = async (): Promise<void> => {
    const diesAt = weather.kills && random.chance(0.5) ? random.integer(1, 14) : Infinity;
    const death = await liveOnce(world, diesAt);
    if (death !== null) deaths.push(death);
    await world.commitWaitPasses();
    if (random.chance(0.5)) await world.timePasses();
  };
  for (let step = random.integer(6, stepsMax); step > 0; step -= 1) {
    if (random.chance(0.65)) await people.act();
    else await work();
  }
  await endWeather(world);
  const isOver = await settle({ world }, weather.losesNews);
  const broken = isOver
    ? await brokenPromises(world, people)
    : [
        `after ${livesMax} lives there is still to do: ${(await whatIsLeft(world.pool)).join('; ')}`,
      ];
  return { seed, weather: weather.kinds, deaths, told: people.told, broken };
}

/** One worker's life; where it ended, null when it was over before that. */
async function liveOnce(world: World, diesAt: number): Promise<string | null> {
  const life = lifeOf(world.engine, diesAt);
  const { signal } = new AbortController();
  try {
    await drainCompany(life.engine, world.companyId, world.engine.ids.next(), signal);
  } catch (error) {
    if (!life.isDead()) throw error;
  }
  if (!life.isDead()) return null;
  // Nobody waits in a test for what the database's clock would bring about.
  await world.pool.query('UPDATE company_lease SET expires_at = clock_timestamp()');
  return life.passed.at(-1) ?? null;
}

async function settle({ world }: Bench, losesNews: boolean): Promise<boolean> {
  for (let count = 0; count < livesMax; count += 1) {
    await world.told();
    if (losesNews && count === 0) await world.poll();
    else await world.drain();
    if (count > 1 && (await whatIsLeft(world.pool)).length === 0) return true;
    await world.commitWaitPasses();
    await world.timePasses();
  }
  return false;
}
