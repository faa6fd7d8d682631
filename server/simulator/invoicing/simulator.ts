import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { z } from 'zod';
import { VirtualClock } from '../control/clock.ts';
import { FaultRules } from '../control/faults.ts';
import { seededRandom } from '../control/random.ts';
import { RequestLog } from '../control/request-log.ts';
import { StateFile, type StateChange } from '../control/state-file.ts';
import { Company, type FreshRecords } from './company.ts';
import type { Act, Answer, Decision } from './decision.ts';
import { AnswerBook } from './idempotency.ts';
import { granted, type Judged } from './problem.ts';
import { Webhooks, type WebhooksBody } from './webhooks.ts';

const settingsSchema = z.object({ url: z.string().nullable(), secret: z.string() });

/** The parts of one running simulator, and the few moves that touch several of them. */
export class Simulator {
  readonly clock: VirtualClock;
  readonly requests = new RequestLog();
  readonly faults: FaultRules;
  readonly webhooks: Webhooks;
  readonly company: Company;
  readonly answers: AnswerBook;
  readonly seed: string;
  /** Known once the server listens. */
  baseUrl = '';
  readonly #file: StateFile;
  readonly #closing = new AbortController();

  /** `dataDir` null keeps everything in memory. */
  constructor(options: {
    readonly dataDir: string | null;
    readonly seed: string;
    readonly clock?: VirtualClock;
  }) {
    this.clock = options.clock ?? new VirtualClock();
    const directory =
      options.dataDir === null ? null : path.join(options.dataDir, 'simulator-invoicing');
    this.seed = options.seed;
    this.#file = new StateFile({ directory });
    this.company = new Company(this.#file);
    this.answers = new AnswerBook(this.#file);
    this.faults = new FaultRules(seededRandom(`${options.seed} faults`));
    this.webhooks = new Webhooks(seededRandom(`${options.seed} webhooks`));

    const settings = settingsSchema.safeParse(this.#file.records('settings').get('webhooks'));
    if (settings.success) this.webhooks.configure(settings.data);
  }

  /** Who acts now, by the simulator's clock. */
  act(actor: Act['actor'], by: string, requestId: string | null = null): Act {
    return { at: this.clock.now().toISOString(), actor, by, requestId };
  }

  /** Judges, and if granted makes the effect real and tells the listener. `keep` adds what must be committed with it. */
  perform(
    judge: () => Judged<Decision>,
    act: Act,
    body: unknown,
    keep: (answer: Answer) => readonly StateChange[] = () => [],
  ): Judged<Answer> {
    const judged = judge();
    if (!judged.ok) return judged;
    const { answer, effect } = judged.value;
    const kept = keep(answer);

    if (effect === null) this.#file.commit(kept);
    else this.company.carryOut(effect, act, body, kept);
    if (effect?.event) this.webhooks.announce(effect.event, act.at);
    return granted(answer);
  }

  /** Remembers where the listener is, so that a restarted simulator still finds it. */
  configureWebhooks(change: WebhooksBody): void {
    this.webhooks.configure(change);
    this.#keepSettings();
  }

  /** A fresh company, honest and on time; the listener's address stays. */
  replaceCompany(records: FreshRecords): void {
    this.company.replace(records);
    this.answers.clear();
    this.faults.replace([]);
    this.requests.clear();
    this.webhooks.resetKnobs();
    this.#keepSettings();
  }

  /** Waits; false when the simulator was closed meanwhile. */
  async pause(ms: number): Promise<boolean> {
    if (ms === 0) return true;
    try {
      await sleep(ms, undefined, { signal: this.#closing.signal });
      return true;
    } catch {
      return false;
    }
  }

  close(): void {
    this.#closing.abort();
    this.webhooks.close();
    this.#file.close();
  }

  #keepSettings(): void {
    const value = this.webhooks.listener();
    this.#file.commit([{ collection: 'settings', id: 'webhooks', value }]);
  }
}
