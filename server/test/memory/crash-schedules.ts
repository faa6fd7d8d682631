import type { HumanAction as ActionHere } from '../../simulator/invoicing/human.ts';
import { actAsHuman as actHere } from '../../simulator/invoicing/human.ts';
import {
  actAsHuman as actThere,
  type HumanAction as ActionThere,
} from '../../simulator/quickbooks/human.ts';
import { known, lineOf, plainInvoice, unknown } from '../support/companies.ts';
import { knownCompany } from './history.ts';
import { brokenPromises } from './invariants.ts';
import { standing } from './standing.ts';
import { fates, troubles } from './weather.ts';
import { MemoryWorld } from './world.ts';

const lines = [lineOf('2', '50')];
const id = 'inv_1';
const there = '1';

type Deed =
  | { readonly here: ActionHere; readonly paid?: boolean }
  | { readonly there: ActionThere; readonly paid?: boolean };

/** One change each that crosses; all but the first two are made to an invoice that both sides have. */
export const crashDeeds = {
  create: { here: { action: 'create', invoice: plainInvoice({ lines }) } },
  'create for a new customer with a new item': {
    here: {
      action: 'create',
      invoice: plainInvoice({
        customer: { id: unknown.customer },
        lines: [lineOf('1', '10', { item: { id: unknown.item }, taxCode: 'NON' })],
      }),
    },
  },
  'change for QuickBooks': { here: { action: 'edit', id, set: { poNumber: 'PO-7' } } },
  'change of the lines': { here: { action: 'edit', id, set: { lines: [lineOf('3', '12.5')] } } },
  'change of the customer': {
    here: { action: 'edit', id, set: { customer: { id: known.otherCustomer } } },
  },
  'change for internal invoicing': {
    there: { action: 'edit', entity: 'Invoice', id: there, set: { PONumber: 'PO-8' } },
  },
  'void for QuickBooks': { here: { action: 'void', id } },
  'void for internal invoicing': { there: { action: 'void', entity: 'Invoice', id: there } },
  'payment for QuickBooks': { here: { action: 'pay', id, amount: '5.00' } },
  'payment for internal invoicing': {
    there: { action: 'pay', invoices: [{ id: there, amount: 5 }] },
  },
  'payment taken back': { here: { action: 'unpay', paymentId: 'pay_1' }, paid: true },
} as const satisfies Record<string, Deed>;
export type CrashDeed = keyof typeof crashDeeds;

/** What came of a schedule of deaths. */
type Schedule = {
  /** How many of the planned deaths there were; fewer when it was all done before. */
  readonly deaths: number;
  readonly broken: readonly string[];
  /** Changes that the bridge made on either side. */
  readonly made: number;
  /** Where the world stood after the first death; null where something was still on its way. */
  readonly stood: string | null;
};

const settleMsMax = 3_600_000;

/** Does the deed while its workers die at the planned steps, one after the other; whoever comes after them lives. */
async function live(name: CrashDeed, schedule: readonly number[]): Promise<Schedule> {
  // Nothing goes wrong here but the deaths, and both sides keep what they promise.
  const nothingElse = [...fates, ...troubles];
  const world = new MemoryWorld(`crash ${name}`, await knownCompany(), nothingElse);
  const deed: Deed = crashDeeds[name];
  world.calm();
  world.begin(1);
  if ('there' in deed || deed.here.action !== 'create') await prepare(world, deed.paid === true);
  for (const worker of world.alive) world.kill(worker);
  const before = made(world);
  act(world, deed);
  world.news.tell();
  let deaths = 0;
  let stood: string | null = null;
  let worker = world.bear(schedule[0]);
  const endsAt = world.time.nowMs + settleMsMax;
  while (world.time.nowMs < endsAt && !isAtRest(world)) {
    await world.time.runUntil(world.time.nowMs + 500);
    if (!worker.body.isDead) continue;
    deaths += 1;
    if (deaths === 1) stood = standing(world);
    worker = world.bear(schedule[deaths]);
  }
  const rest = { rows: world.rows, books: world.books, people: world.people, cutOff: deaths };
  const broken = [
    ...world.broken,
    ...(isAtRest(world) ? brokenPromises(rest) : [`I20: ${world.rows.leftovers().join('; ')}`]),
  ];
  return { deaths, broken, made: made(world) - before, stood };
}

async function prepare(world: MemoryWorld, isPaid: boolean): Promise<void> {
  act(world, { here: { action: 'create', invoice: plainInvoice({ lines }) } });
  world.news.tell();
  await world.time.runUntil(world.time.nowMs + 30_000);
  if (!isPaid) return;
  act(world, { here: { action: 'pay', id, amount: '5.00' } });
  world.news.tell();
  await world.time.runUntil(world.time.nowMs + 30_000);
}

function act({ books, people }: MemoryWorld, deed: Deed): void {
  if ('there' in deed) {
    actThere(books.quickbooks, books.realm, deed.there);
    return;
  }
  const done = actHere(books.invoicing, deed.here, 'Ada');
  if (!done.ok) throw new Error(done.problem.detail);
  if (deed.here.action === 'create') people.invoiceIds.push(done.value.id);
}

const made = ({ books }: MemoryWorld): number =>
  [
    ...books.quickbooks.mutations(books.realm).after(),
    ...books.invoicing.company.mutationsAfter(0),
  ].filter(({ actor }) => actor === 'api').length;

const isAtRest = ({ rows, network, news }: MemoryWorld): boolean =>
  network.isQuiet && news.isQuiet && rows.lease?.holder == null && rows.leftovers().length === 0;

export type CrashResult = {
  deed: string;
  /** What it was run on; absent where nobody keeps it. */
  commit?: string;
  steps: number;
  /** First deaths that leave the world as an earlier one did, so that their second deaths are the same; absent where nobody kept it. */
  alike?: number;
  schedules: number;
  doubled: number;
  broken: { schedule: readonly number[]; broken: readonly string[] }[];
};

/**
 * Every death at every step, and after each of them every second one where `pairs` says so. A first death after which the
 * world stands exactly as after an earlier one leads to the same second deaths: they are tried once.
 */
export async function everyCrash(name: CrashDeed, pairs: boolean): Promise<CrashResult> {
  const { made: wanted } = await live(name, []);
  const result: CrashResult & { alike: number } = {
    deed: name,
    steps: 0,
    alike: 0,
    schedules: 0,
    doubled: 0,
    broken: [],
  };
  const judge = async (schedule: readonly number[]): Promise<Schedule | null> => {
    const lived = await live(name, schedule);
    const { deaths, broken, made: count } = lived;
    if (deaths < schedule.length) return null;
    result.schedules += 1;
    if (count > wanted) result.doubled += 1;
    if (broken.length > 0 || count !== wanted)
      result.broken.push({ schedule, broken: [...broken, `${count} changes, not ${wanted}`] });
    return lived;
  };
  const known = new Set<string>();
  for (let first = 1; ; first += 1) {
    const lived = await judge([first]);
    if (lived === null) return result;
    result.steps = first;
    if (!pairs) continue;
    const { stood } = lived;
    if (stood !== null && known.has(stood)) {
      result.alike += 1;
      continue;
    }
    if (stood !== null) known.add(stood);
    for (let second = 1; (await judge([first, second])) !== null; second += 1);
  }
}
