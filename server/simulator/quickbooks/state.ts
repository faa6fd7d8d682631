import type { StateChange, StateFile } from '../control/state-file.ts';
import { entityNames, traitsOf, type EntityName } from './entities.ts';
import { isObject, textOf, type JsonObject } from './json.ts';

/** One company's records. Reads come from here; every write goes through a ChangeSet, whole or not at all. */
export class CompanyBooks {
  readonly realm: string;
  readonly #file: StateFile;
  /** Older contents, kept only while `queryLagMs` is on, so that queries can lag behind reads. */
  readonly #earlier = new Map<string, { readonly object: JsonObject | null; untilMs: number }[]>();

  constructor(realm: string, file: StateFile) {
    this.realm = realm;
    this.#file = file;
  }

  /** The object as it is now. */
  find(entity: EntityName, id: string): JsonObject | undefined {
    const object = this.#file.records(this.collection(entity)).get(id);
    return isObject(object) ? object : undefined;
  }

  /** All objects of an entity, oldest first. */
  all(entity: EntityName): readonly JsonObject[] {
    return [...this.#file.records(this.collection(entity)).values()].filter(isObject);
  }

  /** What is left of deleted objects: id and time (quickbooks.md §2.3). */
  deleted(entity: EntityName): readonly JsonObject[] {
    return [...this.#file.records(`${this.collection(entity)}/deleted`).values()].filter(isObject);
  }

  /** A counter or setting of the company. */
  setting(name: string): string | undefined {
    const value = this.#file.records(`${this.realm}/settings`).get(name);
    return typeof value === 'string' ? value : undefined;
  }

  /** The one object of a single-object entity such as Preferences. */
  single(entity: EntityName): JsonObject | undefined {
    return this.all(entity)[0];
  }

  /** Makes changes durable, all or none. */
  commit(changes: readonly StateChange[]): void {
    this.#file.commit(changes);
  }

  collection(entity: EntityName): string {
    return `${this.realm}/${entity}`;
  }

  settingChange(name: string, value: string): StateChange {
    return { collection: `${this.realm}/settings`, id: name, value };
  }

  /** The highest number among the ids that share a sequence: where a loaded company goes on counting. */
  highestId(sequence: string): number {
    const numbers = entityNames
      .filter((entity) => traitsOf(entity).sequence === sequence)
      .flatMap((entity) => this.all(entity).map((object) => Number(textOf(object, 'Id') ?? 0)));
    return numbers.reduce(
      (highest, id) => (Number.isSafeInteger(id) && id > highest ? id : highest),
      0,
    );
  }

  /** Remembers what queries go on seeing for a while (quickbooks.md §4.1, DotNET-SDK#366). */
  rememberForQueries(entity: EntityName, id: string, untilMs: number): void {
    const key = `${entity}/${id}`;
    const entries = this.#earlier.get(key) ?? [];
    entries.push({ object: this.find(entity, id) ?? null, untilMs });
    this.#earlier.set(key, entries);
  }

  /** All objects as a query sees them at an instant: the oldest content that has not run out, else the current one. */
  allForQuery(entity: EntityName, nowMs: number): readonly JsonObject[] {
    if (this.#earlier.size === 0) return this.all(entity);
    const seen = new Map(this.all(entity).map((object) => [textOf(object, 'Id') ?? '', object]));
    for (const [key, entries] of this.#earlier) {
      const [name, id = ''] = key.split('/');
      if (name !== entity) continue;
      const lagging = entries.find((entry) => entry.untilMs > nowMs);
      if (lagging === undefined) this.#earlier.delete(key);
      else if (lagging.object === null) seen.delete(id);
      else seen.set(id, lagging.object);
    }
    return [...seen.values()];
  }
}
