/** The simulators' time: the machine's own plus an offset that tests and people move (http.md §5 `clock`). */
export class VirtualClock {
  readonly #machineNowMs: () => number;
  #offsetMs = 0;

  constructor(machineNowMs: () => number = Date.now) {
    this.#machineNowMs = machineNowMs;
  }

  /** The instant it is here; it goes on running after `set` and `advance`. */
  now(): Date {
    return new Date(this.#machineNowMs() + this.#offsetMs);
  }

  /** Jumps to an instant, forwards or back. */
  set(instant: Date): void {
    this.#offsetMs = instant.getTime() - this.#machineNowMs();
  }

  /** Moves by a span; a negative one goes back. */
  advance(ms: number): void {
    this.#offsetMs += ms;
  }

  /** Returns to the machine's time. */
  reset(): void {
    this.#offsetMs = 0;
  }
}
