import { VirtualClock } from '../control/clock.ts';
import { seededRandom } from '../control/random.ts';
import type { FreshRecords } from './company.ts';
import { editIdea, newInvoiceIdea, payIdea, voidIdea, type Scene } from './demo-ideas.ts';
import { demoMasters } from './demo-masters.ts';
import { colleagues } from './demo-people.ts';
import { actAsHuman } from './human.ts';
import { recordsOf } from './seed.ts';
import { Simulator } from './simulator.ts';

const dayMs = 86_400_000;
const historyDays = 42;
const invoicesCount = 30;

/** The demo company with its invoices of the last six weeks: the same seed on the same day gives the same company. */
export function demoCompany(seed: string, today: Date): FreshRecords {
  const past = new Simulator({ dataDir: null, seed, clock: new VirtualClock(() => 0) });
  past.replaceCompany(recordsOf({ ...mastersAsLists(), invoices: [] }));
  const random = seededRandom(`${seed} history`);
  const midnightMs = Math.floor(today.getTime() / dayMs) * dayMs;

  for (let index = 0; index < invoicesCount; index += 1) {
    const daysAgo = historyDays - Math.floor((index * historyDays) / invoicesCount);
    const minuteOfDay = random.integer(9 * 60, 17 * 60);
    past.clock.set(new Date(midnightMs - daysAgo * dayMs + minuteOfDay * 60_000));
    workADay(past, { random, company: past.company, today: isoDay(past.clock.now()) });
  }

  past.close();
  return past.company.records;
}

/** One new invoice, and some work on older ones. */
function workADay(past: Simulator, scene: Scene): void {
  const { random } = scene;
  const ideas = [
    newInvoiceIdea(scene),
    random.chance(0.3) ? editIdea(scene) : null,
    random.chance(0.45) ? payIdea(scene) : null,
    random.chance(0.06) ? voidIdea(scene) : null,
  ];
  for (const idea of ideas) {
    past.clock.advance(random.integer(1, 20) * 60_000);
    if (idea !== null) actAsHuman(past, idea, random.pick(colleagues));
  }
}

function mastersAsLists() {
  const { customers, items, taxCodes, terms, paymentMethods } = demoMasters();
  return {
    customers: [...customers],
    items: [...items],
    taxCodes: [...taxCodes],
    terms: [...terms],
    paymentMethods: [...paymentMethods],
  };
}

function isoDay(instant: Date): string {
  return instant.toISOString().slice(0, 10);
}
