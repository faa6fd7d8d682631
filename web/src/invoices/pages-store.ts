import type { Failure } from '../graphql/failure.ts';
import { firstPages, pageWanted, rowAt, withPage } from './pages.ts';
import type { PageAnswer, PageRequest, Pages } from './pages.ts';

/** A page, or why there is none. */
export type PageReading<Row> =
  | { readonly kind: 'page'; readonly page: PageAnswer<Row> }
  | { readonly kind: 'failed'; readonly failure: Failure };

/** What the store asks of the outside, passed in so that tests hold it. */
export type PagesSource<Row> = {
  readonly readPage: (request: PageRequest) => Promise<PageReading<Row>>;
  /** Rows as they are now; null when that could not be told. */
  readonly readRows: (ids: readonly string[]) => Promise<readonly Row[] | null>;
  readonly later: (act: () => void, waitMs: number) => () => void;
};

/** What the list shows; a new object with every change. */
export type ListShown<Row> = {
  /** Null before the first page. */
  readonly total: number | null;
  readonly isCapped: boolean;
  /** The row at a place, as it is now; undefined while it was not read. */
  readonly at: (index: number) => Row | undefined;
  readonly failure: Failure | null;
  readonly isFetching: boolean;
};

/** Times of the list: looking again at rows that changed, and trying again after a failure. */
const listWaits = { lookMs: 150, changedMs: 1_200, retryMs: 4_000 };

/** Rows asked for at once (`Query.nodes` takes 100). */
const rowsAtOnceMax = 60;

/** Whoever has begun to scroll finds the next rows there: filling a screen that waited costs several frames at once. */
const rowsAhead = 60;

type Versioned = { readonly id: string; readonly version: number };

type Place = { readonly first: number; readonly last: number };

/** Holds a long list for one filter and order: pages as they are looked at, rows kept current, places that hold still. */
export class PagesStore<Row extends Versioned> {
  readonly #source: PagesSource<Row>;
  readonly #listeners = new Set<() => void>();
  #pages: Pages<Row> | null = null;
  #fresh: ReadonlyMap<string, Row> = new Map();
  /** Rows that were not looked at yet, or changed since. */
  readonly #looked = new Set<string>();
  #wanted: Place = { first: 0, last: 0 };
  #failure: Failure | null = null;
  #isReading = false;
  #generation = 0;
  #cancelLook: (() => void) | null = null;
  #cancelRetry: (() => void) | null = null;
  #shown: ListShown<Row>;

  constructor(source: PagesSource<Row>) {
    this.#source = source;
    this.#shown = this.#show();
  }

  readonly getSnapshot = (): ListShown<Row> => this.#shown;

  readonly subscribe = (listener: () => void): (() => void) => {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  };

  /** Places on screen; their rows are read and kept current. */
  want(first: number, last: number): void {
    this.#wanted = { first, last };
    this.#readOn();
    // What scrolls past is not looked at: only where the reader comes to rest.
    this.#cancelLook?.();
    this.#cancelLook = null;
    this.#lookSoon();
  }

  /** Reads the list anew from its first page; what is shown stays until that page is there. */
  reload(): void {
    this.#generation += 1;
    this.#isReading = false;
    void this.#read({ from: 'start', after: null }, null);
  }

  /** These rows may have changed; those on screen are looked at again. */
  noteChanged(ids: readonly string[]): void {
    for (const id of ids) this.#looked.delete(id);
    this.#lookSoon(listWaits.changedMs);
  }

  /** Stops every timer. */
  close(): void {
    this.#cancelLook?.();
    this.#cancelRetry?.();
    this.#generation += 1;
  }

  #readOn(): void {
    if (this.#isReading || this.#pages === null || this.#failure !== null) return;
    const { first, last } = this.#wanted;
    const ahead = first === 0 ? 0 : rowsAhead;
    const request = pageWanted(this.#pages, { first, last: last + ahead });
    if (request !== null) void this.#read(request, this.#pages);
  }

  async #read(request: PageRequest, before: Pages<Row> | null): Promise<void> {
    this.#cancelRetry?.();
    const generation = this.#generation;
    this.#isReading = true;
    this.#publish();
    const reading = await this.#source.readPage(request);
    if (generation !== this.#generation) return;
    this.#isReading = false;
    if (reading.kind === 'failed') {
      this.#failure = reading.failure;
      this.#cancelRetry = this.#source.later(
        () => void this.#read(request, before),
        listWaits.retryMs,
      );
      return this.#publish();
    }
    this.#failure = null;
    this.#pages =
      before === null ? firstPages(reading.page) : withPage(before, request, reading.page);
    this.#publish();
    this.#readOn();
    this.#lookSoon();
  }

  #lookSoon(waitMs: number = listWaits.lookMs): void {
    this.#cancelLook ??= this.#source.later(() => {
      this.#cancelLook = null;
      void this.#look();
    }, waitMs);
  }

  async #look(): Promise<void> {
    const ids = this.#idsToLookAt();
    if (ids.length === 0) return;
    const generation = this.#generation;
    for (const id of ids) this.#looked.add(id);
    const rows = await this.#source.readRows(ids);
    if (generation !== this.#generation) return;
    if (rows === null) {
      for (const id of ids) this.#looked.delete(id);
      return;
    }
    this.#fresh = new Map([...this.#fresh, ...rows.map((row) => [row.id, row] as const)]);
    this.#publish();
    this.#lookSoon();
  }

  #idsToLookAt(): string[] {
    const { first, last } = this.#wanted;
    const ids: string[] = [];
    for (let index = first; index <= last && ids.length < rowsAtOnceMax; index += 1) {
      const row = this.#pages === null ? undefined : rowAt(this.#pages, index);
      if (row !== undefined && !this.#isKnown(row)) ids.push(row.id);
    }
    return ids;
  }

  #isKnown({ id, version }: Row): boolean {
    return this.#looked.has(id) && (this.#fresh.get(id)?.version ?? version) >= version;
  }

  #publish(): void {
    this.#shown = this.#show();
    for (const listener of this.#listeners) listener();
  }

  #show(): ListShown<Row> {
    const pages = this.#pages;
    const fresh = this.#fresh;
    return {
      total: pages?.total ?? null,
      isCapped: pages?.isCapped ?? false,
      at: (index) => {
        const row = pages === null ? undefined : rowAt(pages, index);
        const now = row === undefined ? undefined : fresh.get(row.id);
        return row !== undefined && now !== undefined && now.version >= row.version ? now : row;
      },
      failure: this.#failure,
      isFetching: this.#isReading,
    };
  }
}
