import fs from 'node:fs';
import path from 'node:path';
import { z } from 'zod';

/** One record put (or, with `value: null`, taken away) under a collection and an id. Values are JSON and never changed in place. */
export type StateChange = {
  readonly collection: string;
  readonly id: string;
  readonly value: unknown;
};

export type StateFileOptions = {
  /** Where the two files live, made when missing; null keeps everything in memory. */
  readonly directory: string | null;
  /** `commit`: on the disk before `commit` returns. `never`: survives the end of the process, not of the machine. */
  readonly fsync?: 'commit' | 'never';
  /** The journal is folded into the snapshot when it is longer than this and than the snapshot. */
  readonly journalLinesMax?: number;
};

const journalLine = z.array(z.tuple([z.string(), z.string(), z.unknown()]));

/**
 * Records that survive a crash: a journal of JSON lines, one line a commit, so that a commit is whole or absent; and a
 * snapshot that takes its place from time to time by an atomic rename. Replaying a journal over the snapshot it was
 * folded into changes nothing, so a crash between the rename and the emptying of the journal does no harm.
 */
export class StateFile {
  readonly #directory: string | null;
  readonly #fsync: 'commit' | 'never';
  readonly #journalLinesMax: number;
  readonly #collections = new Map<string, Map<string, unknown>>();
  #journal: number | null = null;
  #journalLines = 0;

  /** Opens and loads; a torn last line is dropped, any other unreadable line is an error that names it. */
  constructor(options: StateFileOptions) {
    this.#directory = options.directory;
    this.#fsync = options.fsync ?? 'never';
    this.#journalLinesMax = options.journalLinesMax ?? 5_000;
    if (this.#directory === null) return;

    fs.mkdirSync(this.#directory, { recursive: true });
    this.#load(this.#file('snapshot.jsonl'));
    this.#journalLines = this.#load(this.#file('journal.jsonl'));
    this.#journal = fs.openSync(this.#file('journal.jsonl'), 'a');
  }

  /** The records of a collection by id, in the order they were first put. */
  records(collection: string): ReadonlyMap<string, unknown> {
    return this.#collections.get(collection) ?? new Map<string, unknown>();
  }

  /** The names of the collections that hold something, in the order they were first used. */
  collections(): readonly string[] {
    return [...this.#collections].flatMap(([name, records]) => (records.size === 0 ? [] : [name]));
  }

  /** True when nothing was ever kept: the simulator seeds itself then. */
  isEmpty(): boolean {
    return [...this.#collections.values()].every((records) => records.size === 0);
  }

  /** Makes changes, all or none. */
  commit(changes: readonly StateChange[]): void {
    if (changes.length === 0) return;
    for (const change of changes) this.#take(change);
    if (this.#journal === null) return;

    fs.writeSync(this.#journal, lineOf(changes));
    if (this.#fsync === 'commit') fs.fdatasyncSync(this.#journal);
    this.#journalLines += 1;
    if (this.#journalLines > Math.max(this.#journalLinesMax, this.#size())) this.compact();
  }

  /** Forgets everything: the start of a fresh company. */
  clear(): void {
    this.#collections.clear();
    this.compact();
  }

  /** Folds the journal into the snapshot. */
  compact(): void {
    if (this.#journal === null) return;
    const target = this.#file('snapshot.jsonl');
    writeDurably(`${target}.new`, this.#lines());
    fs.renameSync(`${target}.new`, target);
    fs.ftruncateSync(this.#journal, 0);
    this.#journalLines = 0;
  }

  /** Puts what was written on the disk and lets go of the file; later commits stay in memory. */
  close(): void {
    if (this.#journal === null) return;
    fs.fdatasyncSync(this.#journal);
    fs.closeSync(this.#journal);
    this.#journal = null;
  }

  #file(name: string): string {
    return path.join(this.#directory ?? '', name);
  }

  #take({ collection, id, value }: StateChange): void {
    const records = this.#collections.get(collection) ?? new Map<string, unknown>();
    this.#collections.set(collection, records);
    if (value === null) records.delete(id);
    else records.set(id, value);
  }

  /** Returns the number of lines read. */
  #load(file: string): number {
    if (!fs.existsSync(file)) return 0;
    const text = fs.readFileSync(file, 'utf8');
    const wholeText = text.slice(0, text.lastIndexOf('\n') + 1);
    if (wholeText.length < text.length) fs.truncateSync(file, Buffer.byteLength(wholeText));

    const lines = wholeText.split('\n').slice(0, -1);
    lines.forEach((line, index) => {
      for (const change of changesOf(line, `${file} line ${index + 1}`)) this.#take(change);
    });
    return lines.length;
  }

  #size(): number {
    return [...this.#collections.values()].reduce((sum, records) => sum + records.size, 0);
  }

  *#lines(): Generator<string> {
    for (const [collection, records] of this.#collections) {
      for (const [id, value] of records) yield lineOf([{ collection, id, value }]);
    }
  }
}

function lineOf(changes: readonly StateChange[]): string {
  const tuples = changes.map(({ collection, id, value }) => [collection, id, value]);
  return `${JSON.stringify(tuples)}\n`;
}

function changesOf(line: string, place: string): StateChange[] {
  try {
    const tuples = journalLine.parse(JSON.parse(line));
    return tuples.map(([collection, id, value]) => ({ collection, id, value }));
  } catch (error) {
    throw new Error(`${place} cannot be read: the state is damaged`, { cause: error });
  }
}

/** Written in blocks of a few hundred lines: one system call a line would be slow for 10,000 records. */
function writeDurably(file: string, lines: Iterable<string>): void {
  const descriptor = fs.openSync(file, 'w');
  let block: string[] = [];
  for (const line of lines) {
    block.push(line);
    if (block.length < 500) continue;
    fs.writeSync(descriptor, block.join(''));
    block = [];
  }
  fs.writeSync(descriptor, block.join(''));
  fs.fsyncSync(descriptor);
  fs.closeSync(descriptor);
}
