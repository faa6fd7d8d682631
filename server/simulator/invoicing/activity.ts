import type { FaultRule } from '../control/faults.ts';
import { seededRandom, type SeededRandom } from '../control/random.ts';
import { createCustomer } from './customers.ts';
import { editIdea, newInvoiceIdea, payIdea, voidIdea, type Scene } from './demo-ideas.ts';
import { colleagues, newCustomers, newItems } from './demo-people.ts';
import { actAsHuman, type HumanAction } from './human.ts';
import { createItem } from './items.ts';
import type { Simulator } from './simulator.ts';

const firstWaitMsMax = 1_500;
const triesMax = 8;

/** A fault now and then: the API is unavailable for one read, as real ones are. */
const passingFault: FaultRule = {
  match: { operation: 'read' },
  effect: 'status',
  params: { status: 503, retryAfter: 1 },
  times: 1,
};

/** How often each kind of work comes up, out of their sum. */
const weights = { invoice: 36, edit: 26, pay: 26, void: 4, newCustomer: 3, newItem: 2, fault: 3 };
type Work = keyof typeof weights;
const works: readonly Work[] = [
  'invoice',
  'edit',
  'pay',
  'void',
  'newCustomer',
  'newItem',
  'fault',
];

/** The demo's stream: people at work, a gentle number of changes a minute (http.md §6 `PUT /_control/activity`). */
export class Activity {
  readonly #simulator: Simulator;
  #random: SeededRandom;
  #timer: NodeJS.Timeout | null = null;
  #perMinute = 0;

  constructor(simulator: Simulator) {
    this.#simulator = simulator;
    this.#random = this.#freshRandom();
  }

  get perMinute(): number {
    return this.#perMinute;
  }

  /** 0 stops; otherwise the first change comes within two seconds. */
  setPerMinute(perMinute: number): void {
    this.stop();
    this.#perMinute = perMinute;
    if (perMinute === 0) return;
    this.#random = this.#freshRandom();
    this.#planNext(Math.min(firstWaitMsMax, 60_000 / perMinute));
  }

  /** Ends the stream. */
  stop(): void {
    if (this.#timer !== null) clearTimeout(this.#timer);
    this.#timer = null;
    this.#perMinute = 0;
  }

  /** One piece of work now. Ideas that do not fit the books as they are give way to the next. */
  work(): void {
    for (let tries = 0; tries < triesMax; tries += 1) {
      if (this.#does(this.#pickWork())) return;
    }
  }

  #planNext(waitMs: number): void {
    this.#timer = setTimeout(() => {
      this.work();
      const unevenness = 0.6 + 0.8 * this.#random.next();
      this.#planNext((60_000 / this.#perMinute) * unevenness);
    }, waitMs);
  }

  #pickWork(): Work {
    const sum = works.reduce((sum, work) => sum + weights[work], 0);
    let left = this.#random.integer(1, sum);
    return works.find((work) => (left -= weights[work]) <= 0) ?? 'invoice';
  }

  #does(work: Work): boolean {
    const scene = this.#scene();
    switch (work) {
      case 'invoice':
        return this.#act(newInvoiceIdea(scene));
      case 'edit':
        return this.#act(editIdea(scene));
      case 'pay':
        return this.#act(payIdea(scene));
      case 'void':
        return this.#act(voidIdea(scene));
      case 'newCustomer':
        return this.#welcomesCustomer(scene);
      case 'newItem':
        return this.#listsItem(scene);
      case 'fault':
        return this.#armsFault();
      default:
        return work satisfies never;
    }
  }

  #act(idea: HumanAction | null): boolean {
    if (idea === null) return false;
    return actAsHuman(this.#simulator, idea, this.#random.pick(colleagues)).ok;
  }

  /** A new customer comes with a first invoice. */
  #welcomesCustomer(scene: Scene): boolean {
    const { company } = this.#simulator;
    const known = new Set(
      [...company.records.customers.values()].map((other) => other.displayName),
    );
    const unknown = newCustomers.filter(({ displayName }) => !known.has(displayName));
    if (unknown.length === 0) return false;

    const id = company.nextId('cus');
    const body = { ...this.#random.pick(unknown), terms: 'net-30' };
    this.#perform(body, (act) => createCustomer(company, body, act));
    return this.#act(newInvoiceIdea(scene, company.records.customers.get(id)));
  }

  /** A new item is sold at once. */
  #listsItem(scene: Scene): boolean {
    const { company } = this.#simulator;
    const known = new Set([...company.records.items.values()].map((other) => other.name));
    const unknown = newItems.filter(({ name }) => !known.has(name));
    if (unknown.length === 0) return false;

    const id = company.nextId('itm');
    const body = { ...this.#random.pick(unknown), taxCode: 'TAX' };
    this.#perform(body, (act) => createItem(company, body, act));
    return this.#act(newInvoiceIdea(scene, undefined, company.records.items.get(id)));
  }

  #perform(
    body: unknown,
    judge: (act: ReturnType<Simulator['act']>) => ReturnType<typeof createItem>,
  ) {
    const act = this.#simulator.act('human', this.#random.pick(colleagues));
    this.#simulator.perform(() => judge(act), act, body);
  }

  /** Never in the way of rules that a person or a test has set. */
  #armsFault(): boolean {
    const { faults } = this.#simulator;
    if (faults.list().some((rule) => rule !== passingFault)) return false;
    faults.replace([passingFault]);
    return true;
  }

  #scene(): Scene {
    const { company, clock } = this.#simulator;
    return { random: this.#random, company, today: clock.now().toISOString().slice(0, 10) };
  }

  /** What has happened is part of the seed: a restarted stream does not repeat itself. */
  #freshRandom(): SeededRandom {
    const { seed, company } = this.#simulator;
    return seededRandom(`${seed} activity ${company.mutationsAfter(0).length}`);
  }
}
