import type { SeededRandom } from '../../simulator/control/random.ts';
import type { CallOptions } from '#ports/accounting-system.ts';
import type { Side } from '#core/side.ts';
import type { WireAnswer } from './books.ts';
import type { VirtualTime } from './virtual-time.ts';
import type { Weather } from './weather.ts';

/** What came back: an answer, or none. `left` is false only when it is certain that nothing reached the network. */
export type Heard =
  | { readonly kind: 'answered'; readonly answer: WireAnswer }
  | { readonly kind: 'unanswered'; readonly left: boolean; readonly cause: string };

/** What the other side does with a call, and how it refuses one. */
export type Errand = {
  readonly side: Side;
  readonly isWrite: boolean;
  readonly execute: () => Promise<WireAnswer> | WireAnswer;
  readonly refusal: (kind: 'stale' | 'unauthorized' | 'throttled' | 'broken') => WireAnswer;
};

type Means = {
  readonly time: VirtualTime;
  readonly random: SeededRandom;
  readonly weather: Weather;
  /** When a write that is late may be done, in ms. */
  readonly lateMs: readonly [least: number, most: number];
  /** Told of a call that takes so long. */
  readonly isSlow: (ms: number, isWrite: boolean) => void;
};

/** The way to both sides: it delays, loses, repeats and breaks calls as the weather has it. */
export class Network {
  readonly #means: Means;
  #underWay = 0;

  constructor(means: Means) {
    this.#means = means;
  }

  /** Whether nothing is on its way any more. */
  get isQuiet(): boolean {
    return this.#underWay === 0;
  }

  /** Answers or fails within the deadline, and at once when the signal aborts; what has left goes on its way all the same. */
  call(errand: Errand, { deadlineMs, signal }: CallOptions): Promise<Heard> {
    if (signal?.aborted === true || deadlineMs <= 0)
      return Promise.resolve({
        kind: 'unanswered',
        left: false,
        cause: 'cancelled before sending',
      });
    return new Promise((resolve) => {
      const settle = (heard: Heard): void => {
        signal?.removeEventListener('abort', aborted);
        deadline.act = null;
        resolve(heard);
      };
      const cause = 'no answer within the deadline';
      const aborted = (): void => settle({ kind: 'unanswered', left: true, cause });
      signal?.addEventListener('abort', aborted);
      const deadline = this.#means.time.after(deadlineMs, aborted);
      this.#send(errand, settle);
    });
  }

  #send(errand: Errand, settle: (heard: Heard) => void): void {
    const { random, weather, lateMs, isSlow } = this.#means;
    const answered = (answer: WireAnswer): void =>
      this.#later(random.integer(1, 10), () => settle({ kind: 'answered', answer }));
    const cut = (cause: string): void =>
      this.#later(random.integer(1, 10), () => settle({ kind: 'unanswered', left: true, cause }));
    const refused = (kind: Parameters<Errand['refusal']>[0]): void =>
      answered(errand.refusal(kind));
    const done = (afterMs: number, then: (answer: WireAnswer) => void): void =>
      this.#later(afterMs, async () => then(await errand.execute()));
    const slowly = (ms: number): void => {
      isSlow(ms, errand.isWrite);
      done(ms, answered);
    };
    // Most calls are over before the worker looks for news; some are not.
    const soon = random.chance(0.1) ? random.integer(50, 150) : random.integer(1, 20);
    const fate = weather.fateOf(errand.isWrite);
    switch (fate) {
      case 'fine':
        return done(soon, answered);
      case 'slow':
        // Longer than a caller waits: it is done and nobody hears of it.
        return slowly(random.integer(200, 15_000));
      case 'lost on its way':
        return cut('ECONNRESET');
      case 'answer lost':
        return done(soon, () => cut('ECONNRESET'));
      case 'done and answered 500':
        return done(soon, () => refused('broken'));
      case 'done and answered 429':
        return done(soon, () => refused('throttled'));
      case 'not done, answered 503':
        return refused('broken');
      case 'not done, answered 429':
        return refused('throttled');
      case 'not done, answered 401':
        return refused('unauthorized');
      case 'connection refused':
        return settle({ kind: 'unanswered', left: false, cause: 'ECONNREFUSED' });
      case 'done late':
        cut('ECONNRESET');
        return done(random.integer(...lateMs), () => undefined);
      case 'done twice':
        done(soon, answered);
        return done(random.integer(500, 20_000), () => undefined);
      case 'stale':
        return refused('stale');
      default:
        return fate satisfies never;
    }
  }

  #later(ms: number, act: () => void | Promise<void>): void {
    this.#underWay += 1;
    this.#means.time.after(ms, () => {
      void Promise.resolve(act()).finally(() => {
        this.#underWay -= 1;
      });
    });
  }
}
