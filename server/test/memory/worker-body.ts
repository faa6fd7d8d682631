import type { VirtualTime } from './virtual-time.ts';

/** What never comes, for each one that waits anew: a promise that all shared would keep every dead worker and its world. */
const never = (): Promise<never> => new Promise(() => undefined);

/**
 * The body of one worker process. It dies between two steps and then nothing of it happens any more, though what it sent
 * arrives; or it stops for a while, as under SIGSTOP or a long collection of garbage, and goes on as if no time had passed.
 */
export class WorkerBody {
  readonly #time: VirtualTime;
  readonly #diesAt: number;
  #steps = 0;
  #isDead = false;
  #frozenUntilMs = 0;
  #last = 'its start';
  /** Told of each step before it is taken: what happens to a worker in the middle of its work happens then. */
  readonly #onStep: (what: string, body: WorkerBody) => void;

  /** Dies at its `diesAt`-th step, counted from 1; Infinity for one that does not. */
  constructor(
    time: VirtualTime,
    diesAt: number,
    onStep: (what: string, body: WorkerBody) => void = () => undefined,
  ) {
    this.#time = time;
    this.#diesAt = diesAt;
    this.#onStep = onStep;
  }

  get isDead(): boolean {
    return this.#isDead;
  }

  get steps(): number {
    return this.#steps;
  }

  /** The last thing it did, in words. */
  get last(): string {
    return this.#last;
  }

  kill(): void {
    this.#isDead = true;
  }

  /** Nothing of it happens until then. */
  freeze(ms: number): void {
    this.#frozenUntilMs = Math.max(this.#frozenUntilMs, this.#time.nowMs + ms);
  }

  /** One step: whoever is dead never gets past it, whoever is frozen gets past it later. */
  async step(what: string): Promise<void> {
    this.#steps += 1;
    if (this.#steps >= this.#diesAt) this.#isDead = true;
    if (!this.#isDead) this.#onStep(what, this);
    if (this.#isDead) return never();
    this.#last = what;
    while (this.#frozenUntilMs > this.#time.nowMs) {
      await this.#time.passing(this.#frozenUntilMs - this.#time.nowMs);
      if (this.#isDead) return never();
    }
  }
}
