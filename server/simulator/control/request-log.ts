/** One request as received (http.md §5 `requests`). `status` and `finishedAt` are null while it runs or when its reply was cut off. */
export type LoggedRequest = {
  readonly seq: number;
  readonly method: string;
  readonly path: string;
  readonly query: string;
  readonly status: number | null;
  readonly requestId: string | null;
  readonly startedAt: string;
  readonly finishedAt: string | null;
  /** The effect of the rule that fired, or null. */
  readonly fault: string | null;
};

/** What is known when a request arrives. */
export type ReceivedRequest = Pick<LoggedRequest, 'method' | 'path' | 'query' | 'requestId'>;

/** What is known when it is over. */
export type RequestOutcome = Pick<LoggedRequest, 'status' | 'fault'>;

/** The last requests, oldest first; older ones fall out and the numbering goes on. */
export class RequestLog {
  readonly #capacity: number;
  #entries: LoggedRequest[] = [];
  #lastSeq = 0;

  constructor(capacity = 10_000) {
    this.#capacity = capacity;
  }

  /** Notes a request and returns its `seq`, by which it is finished. */
  begin(request: ReceivedRequest, at: Date): number {
    this.#lastSeq += 1;
    this.#entries.push({
      seq: this.#lastSeq,
      ...request,
      status: null,
      startedAt: at.toISOString(),
      finishedAt: null,
      fault: null,
    });
    this.#dropOldest();
    return this.#lastSeq;
  }

  /** Notes how it ended; a request that has fallen out already is left alone. */
  finish(seq: number, outcome: RequestOutcome, at: Date): void {
    const index = this.#indexOf(seq);
    const entry = this.#entries[index];
    if (entry === undefined) return;
    this.#entries[index] = { ...entry, ...outcome, finishedAt: at.toISOString() };
  }

  /** Everything numbered above `seq`, oldest first. */
  after(seq = 0): readonly LoggedRequest[] {
    return this.#entries.slice(Math.max(0, this.#indexOf(seq) + 1));
  }

  /** Forgets the entries, not the numbering: a reader's `after` stays valid. */
  clear(): void {
    this.#entries = [];
  }

  /** The numbering is dense, so a position follows from it. */
  #indexOf(seq: number): number {
    return seq - (this.#lastSeq - this.#entries.length + 1);
  }

  /** In blocks, so that a full log does not move all its entries at every request. */
  #dropOldest(): void {
    if (this.#entries.length < this.#capacity * 1.25) return;
    this.#entries = this.#entries.slice(-this.#capacity);
  }
}
