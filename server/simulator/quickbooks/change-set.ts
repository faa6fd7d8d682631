import type { StateChange } from '../control/state-file.ts';
import type { Behaviour } from './behaviour.ts';
import { traitsOf, type EntityName } from './entities.ts';
import { objectOf, textOf, type JsonObject } from './json.ts';
import { toPacificDate, toPacificSeconds } from './pacific-time.ts';
import type { CompanyBooks } from './state.ts';

/** Something others are told about: by webhook always, in the mutation log when it was the purpose of the request. */
export type Happening = {
  readonly entity: EntityName;
  readonly id: string;
  readonly operation: 'create' | 'update' | 'delete' | 'void' | 'merge' | 'send';
  readonly derived: boolean;
  /** The customer or item that went away in a merge. */
  readonly deletedId?: string;
};

export type ChangeSetOptions = {
  readonly books: CompanyBooks;
  readonly behaviour: Behaviour;
  readonly nowMs: number;
  readonly actor: 'api' | 'human';
};

/** The changes of one request: seen by its own reads at once, by everybody else when it commits, or never. */
export class ChangeSet {
  readonly books: CompanyBooks;
  readonly behaviour: Behaviour;
  readonly nowMs: number;
  readonly actor: 'api' | 'human';
  readonly happenings: Happening[] = [];
  readonly #objects = new Map<
    string,
    { entity: EntityName; id: string; object: JsonObject | null }
  >();
  readonly #settings = new Map<string, string>();

  constructor({ books, behaviour, nowMs, actor }: ChangeSetOptions) {
    this.books = books;
    this.behaviour = behaviour;
    this.nowMs = nowMs;
    this.actor = actor;
  }

  /** MetaData counts whole Pacific seconds (quickbooks.md §2.3). */
  get time(): string {
    return toPacificSeconds(this.nowMs);
  }

  get today(): string {
    return toPacificDate(this.nowMs);
  }

  find(entity: EntityName, id: string): JsonObject | undefined {
    const changed = this.#objects.get(`${entity}/${id}`);
    if (changed !== undefined) return changed.object ?? undefined;
    return this.books.find(entity, id);
  }

  /** All objects of an entity as this request sees them. */
  all(entity: EntityName): readonly JsonObject[] {
    const mine = [...this.#objects.values()].filter((entry) => entry.entity === entity);
    if (mine.length === 0) return this.books.all(entity);
    const seen = new Map(this.books.all(entity).map((object) => [textOf(object, 'Id'), object]));
    for (const { id, object } of mine) {
      if (object === null) seen.delete(id);
      else seen.set(id, object);
    }
    return [...seen.values()];
  }

  single(entity: EntityName): JsonObject | undefined {
    return this.all(entity)[0];
  }

  setting(name: string): string | undefined {
    return this.#settings.get(name) ?? this.books.setting(name);
  }

  set(name: string, value: string): void {
    this.#settings.set(name, value);
  }

  /** The next id of an entity, as text. */
  nextId(entity: EntityName): string {
    return this.next(traitsOf(entity).sequence);
  }

  /** The next number of a sequence; addresses have one of their own. */
  next(sequence: string): string {
    const name = `lastId/${sequence}`;
    const last = Number(this.setting(name) ?? this.books.highestId(sequence));
    const id = String(last + 1);
    this.set(name, id);
    return id;
  }

  /** Puts an object as it is. */
  put(entity: EntityName, object: JsonObject): void {
    const id = textOf(object, 'Id') ?? '';
    this.#objects.set(`${entity}/${id}`, { entity, id, object });
  }

  /** Puts a new object with its first SyncToken. */
  create(entity: EntityName, object: JsonObject): JsonObject {
    const born = { ...object, MetaData: { CreateTime: this.time, LastUpdatedTime: this.time } };
    this.put(entity, born);
    this.#tell(entity, textOf(born, 'Id') ?? '', 'create', false);
    return born;
  }

  /** Puts a changed object: SyncToken +1 and time (quickbooks.md §4.1). */
  revise(
    entity: EntityName,
    object: JsonObject,
    operation: Happening['operation'] = 'update',
  ): JsonObject {
    const revised = this.#stamped({ ...object, SyncToken: nextToken(object) });
    this.put(entity, revised);
    this.#tell(entity, textOf(revised, 'Id') ?? '', operation, false);
    return revised;
  }

  /** Puts an object that changed because something else did: the time moves, the SyncToken does not (§4.1). */
  touch(entity: EntityName, object: JsonObject, withToken = false): JsonObject {
    const token = withToken ? nextToken(object) : (textOf(object, 'SyncToken') ?? '0');
    const touched = this.#stamped({ ...object, SyncToken: token });
    this.put(entity, touched);
    this.#tell(entity, textOf(touched, 'Id') ?? '', 'update', true);
    return touched;
  }

  /** Takes an object away and leaves its stub for CDC; `isTold` false when something else tells of it. */
  remove(entity: EntityName, id: string, isTold = true): void {
    this.#objects.set(`${entity}/${id}`, { entity, id, object: null });
    if (isTold) this.#tell(entity, id, 'delete', false);
  }

  /** Adds what no ordinary change tells: a merge, an e-mail sent. */
  tell(happening: Happening): void {
    this.happenings.push(happening);
  }

  /** Everything that has to be written for this to have happened. */
  changes(): readonly StateChange[] {
    const objects = [...this.#objects.values()].flatMap(({ entity, id, object }) => {
      const collection = this.books.collection(entity);
      const change: StateChange = { collection, id, value: object };
      if (object !== null) return [change];
      const stub = {
        domain: 'QBO',
        status: 'Deleted',
        Id: id,
        MetaData: { LastUpdatedTime: this.time },
      };
      return [change, { collection: `${collection}/deleted`, id, value: stub }];
    });
    const settings = [...this.#settings].map(([name, value]) =>
      this.books.settingChange(name, value),
    );
    return [...objects, ...settings];
  }

  /** Which objects change, for whoever must remember how they were. */
  touched(): readonly { readonly entity: EntityName; readonly id: string }[] {
    return [...this.#objects.values()];
  }

  #stamped(object: JsonObject): JsonObject {
    const metaData = { ...objectOf(object, 'MetaData'), LastUpdatedTime: this.time };
    return { ...object, MetaData: metaData };
  }

  /** One happening per object: what was asked for outranks what followed from it. */
  #tell(entity: EntityName, id: string, operation: Happening['operation'], derived: boolean): void {
    const isSame = (other: Happening): boolean => other.entity === entity && other.id === id;
    if (derived && this.happenings.some(isSame)) return;
    const followed = this.happenings.findIndex((other) => isSame(other) && other.derived);
    if (followed >= 0) this.happenings.splice(followed, 1);
    this.happenings.push({ entity, id, operation, derived });
  }
}

function nextToken(object: JsonObject): string {
  return String(Number(textOf(object, 'SyncToken') ?? '0') + 1);
}
