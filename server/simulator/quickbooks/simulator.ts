import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { z } from 'zod';
import { VirtualClock } from '../control/clock.ts';
import { FaultRules } from '../control/faults.ts';
import { MutationLog, type Mutation } from '../control/mutation-log.ts';
import { seededRandom } from '../control/random.ts';
import { RequestLog } from '../control/request-log.ts';
import { StateFile, type StateChange } from '../control/state-file.ts';
import { behaviourSchema, defaultBehaviour, type Behaviour } from './behaviour.ts';
import { ChangeSet, type Happening } from './change-set.ts';
import type { EntityName } from './entities.ts';
import { textOf } from './json.ts';
import { Throttle, type Limits } from './limits.ts';
import { TokenStore } from './oauth.ts';
import { RequestIds } from './request-ids.ts';
import { CompanyBooks } from './state.ts';
import { PendingNotices, toNotice } from './webhook-notices.ts';
import { isTold, WebhookFeed, webhooksBody, type WebhooksBody } from './webhooks.ts';

export const demoRealm = '9130000000000001';
export const secondRealm = '9130000000000002';

const mutationRecord = z.object({
  seq: z.int(),
  at: z.string(),
  entity: z.string(),
  id: z.string(),
  operation: z.string(),
  requestId: z.string().nullable(),
  syncToken: z.string(),
  actor: z.enum(['api', 'human']),
  bodyHash: z.string(),
});

/** Who acts, under which request id, with which body. */
export type Act = {
  readonly realm: string;
  readonly actor: 'api' | 'human';
  readonly requestId: string | null;
  readonly bodyHash: string;
};

/** What came out of a piece of work, whether it changed anything, and which object it was about. */
export type Outcome<Result> = {
  readonly result: Result;
  readonly isChanged: boolean;
  readonly subject?: { readonly entity: EntityName; readonly id: string };
};

/** The parts of one running simulator, and the few moves that touch several of them. */
export class QuickBooksSimulator {
  readonly clock: VirtualClock;
  readonly faults: FaultRules;
  readonly requests = new RequestLog();
  readonly requestIds: RequestIds;
  readonly seed: string;
  readonly throttle: Throttle;
  readonly tokens: TokenStore;
  readonly webhooks: WebhookFeed;
  behaviour: Behaviour = defaultBehaviour;
  /** Known once the server listens. */
  baseUrl = '';
  readonly #file: StateFile;
  readonly #books = new Map<string, CompanyBooks>();
  readonly #mutations = new Map<string, MutationLog>();
  readonly #closing = new AbortController();

  /** `dataDir` null keeps everything in memory. */
  constructor(options: {
    readonly dataDir: string | null;
    readonly seed: string;
    readonly limits: Limits;
    readonly clock?: VirtualClock;
  }) {
    const directory =
      options.dataDir === null ? null : path.join(options.dataDir, 'simulator-quickbooks');
    this.seed = options.seed;
    this.clock = options.clock ?? new VirtualClock();
    this.#file = new StateFile({ directory });
    this.faults = new FaultRules(seededRandom(`${options.seed} faults`));
    this.requestIds = new RequestIds(this.#file);
    this.throttle = new Throttle(options.limits);
    this.tokens = new TokenStore(this.#file);
    const rules = {
      isConnected: (realm: string) => this.tokens.isConnected(realm),
      areRealmsMixed: () => this.behaviour.mixedRealms,
      voidedName: () => this.behaviour.voidEventName,
    };
    const random = seededRandom(`${options.seed} webhooks`);
    this.webhooks = new WebhookFeed(random, rules, new PendingNotices(this.#file));
    this.#loadSettings();
    this.webhooks.resume();
  }

  get nowMs(): number {
    return this.clock.now().getTime();
  }

  get isEmpty(): boolean {
    return this.realms().length === 0;
  }

  /** The companies there are. */
  realms(): readonly string[] {
    return [...this.#file.records('realms').keys()];
  }

  books(realm: string): CompanyBooks {
    const known = this.#books.get(realm) ?? new CompanyBooks(realm, this.#file);
    this.#books.set(realm, known);
    return known;
  }

  mutations(realm: string): MutationLog {
    const known = this.#mutations.get(realm);
    if (known !== undefined) return known;
    const kept = [...this.#file.records(`${realm}/mutations`).values()].map((record) =>
      mutationRecord.parse(record),
    );
    const log = new MutationLog(kept);
    this.#mutations.set(realm, log);
    return log;
  }

  /** Starts work on a company; nothing of it shows before `perform` commits it. */
  begin(realm: string, actor: 'api' | 'human', nowMs = this.nowMs): ChangeSet {
    return new ChangeSet({ books: this.books(realm), behaviour: this.behaviour, nowMs, actor });
  }

  /** Does a piece of work whole or not at all, notes it, and tells the app. `keep` adds what must be written with it. */
  perform<Result>(
    act: Act,
    work: (change: ChangeSet) => Outcome<Result>,
    keep: (result: Result) => readonly StateChange[] = () => [],
  ): Result {
    const change = this.begin(act.realm, act.actor);
    const { result, isChanged, subject } = work(change);
    const kept = keep(result);
    if (!isChanged) {
      const isTold = subject !== undefined && this.behaviour.noopEvents;
      const nothing = { operation: 'update', derived: false } as const;
      this.#commit(change, kept, isTold ? [{ ...subject, ...nothing }] : []);
      return result;
    }

    if (this.behaviour.queryLagMs > 0) this.#letQueriesLag(change);
    const mutations = change.happenings
      .filter(({ derived }) => !derived)
      .map((happening) => this.#note(change, happening, act));
    const changes = [...change.changes(), ...mutations, ...kept];
    this.#commit(change, changes, this.#tellable(change.happenings));
    return result;
  }

  /** Puts a company in the place of what a realm held: its objects as they are, no history. */
  replaceCompany(realm: string, changes: readonly StateChange[]): void {
    this.#file.commit([
      ...this.#clearing(realm),
      ...changes,
      { collection: 'realms', id: realm, value: { realm } },
    ]);
    this.#mutations.delete(realm);
    this.#books.delete(realm);
  }

  /** Honest, unlimited by the past and on time again; connections and the webhook address stay. */
  resetControls(): void {
    this.behaviour = defaultBehaviour;
    this.faults.replace([]);
    this.requests.clear();
    this.throttle.clear();
    this.webhooks.clear();
    this.clock.reset();
    this.keepSettings();
  }

  configureWebhooks(change: WebhooksBody): void {
    this.webhooks.configure(change);
    this.keepSettings();
  }

  /** Writes down what survives a restart besides the companies. */
  keepSettings(): void {
    const value = {
      behaviour: this.behaviour,
      listener: this.webhooks.listener,
      clockOffsetMs: this.nowMs - Date.now(),
    };
    this.#file.commit([{ collection: 'settings', id: 'all', value }]);
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

  #loadSettings(): void {
    const schema = z.object({
      behaviour: behaviourSchema,
      listener: webhooksBody,
      clockOffsetMs: z.number(),
    });
    const settings = schema.safeParse(this.#file.records('settings').get('all'));
    if (!settings.success) return;
    this.behaviour = settings.data.behaviour;
    this.webhooks.configure(settings.data.listener);
    if (Math.abs(settings.data.clockOffsetMs) > 1_000)
      this.clock.advance(settings.data.clockOffsetMs);
  }

  #clearing(realm: string): readonly StateChange[] {
    return this.#file
      .collections()
      .filter((collection) => collection.startsWith(`${realm}/`))
      .flatMap((collection) =>
        [...this.#file.records(collection).keys()].map((id) => ({ collection, id, value: null })),
      );
  }

  /** Writes the change and the duty to tell of it in one step, then tells. */
  #commit(
    { books: { realm }, nowMs }: ChangeSet,
    changes: readonly StateChange[],
    happenings: readonly Happening[],
  ): void {
    const mutationSeq = this.mutations(realm).lastSeq;
    const notice = toNotice(happenings.filter(isTold), { realm, atMs: nowMs, mutationSeq });
    this.#file.commit([...changes, ...this.webhooks.keeping(notice)]);
    this.webhooks.announce(notice);
  }

  #letQueriesLag(change: ChangeSet): void {
    const untilMs = change.nowMs + this.behaviour.queryLagMs;
    for (const { entity, id } of change.touched()) {
      change.books.rememberForQueries(entity, id, untilMs);
    }
  }

  #note(change: ChangeSet, { entity, id, operation }: Happening, act: Act): StateChange {
    const object = change.find(entity, id);
    const mutation: Mutation = this.mutations(act.realm).append({
      at: new Date(change.nowMs).toISOString(),
      entity,
      id,
      operation,
      requestId: act.requestId,
      syncToken: textOf(object ?? change.books.find(entity, id), 'SyncToken') ?? '0',
      actor: act.actor,
      bodyHash: act.bodyHash,
    });
    return { collection: `${act.realm}/mutations`, id: String(mutation.seq), value: mutation };
  }

  /** Whether rows that changed only because another did are told is a knob (quickbooks.md §6.1). */
  #tellable(happenings: readonly Happening[]): readonly Happening[] {
    const { derivedEvents } = this.behaviour;
    const asked = happenings.filter(({ derived }) => !derived);
    const followed = happenings.filter(({ derived }) => derived);
    return [...asked, ...followed].filter(
      ({ derived, entity }) =>
        !derived ||
        derivedEvents === 'all' ||
        (derivedEvents === 'invoices' && entity === 'Invoice'),
    );
  }
}
