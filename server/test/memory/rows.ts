import type { Fault } from '#core/attempt/failure.ts';
import type { DeadLetterReason } from '#core/attempt/dead-letter.ts';
import type { Intent } from '#core/attempt/intent.ts';
import type { AuditEntry } from '#core/audit/entry.ts';
import {
  toInstant,
  type AttemptId,
  type CompanyId,
  type EventId,
  type LinkId,
} from '#core/brand.ts';
import type { Company } from '#core/company/company.ts';
import type { Direction, IncomingEvent } from '#core/event/event.ts';
import type { Stage, StageMark } from '#core/event/stage.ts';
import type { JsonObject } from '#core/json.ts';
import { statusOf, type LinkStatus } from '#core/link/status.ts';
import type { Reference } from '#core/mapping/reference.ts';
import type { PaymentPair } from '#core/payment/pairing.ts';
import type { BaseHalves } from '#core/plan/advance-base.ts';
import type { TaxVariance } from '#core/plan/tax-truth.ts';
import type { KeptChoices, Resolution } from '#core/resolution/decision.ts';
import type { Disputed } from '#core/resolution/dispute.ts';
import type { Side } from '#core/side.ts';
import type { Ids } from '#ports/ids.ts';
import type { SeenPayment } from '#ports/payments.ts';
import type { AttemptOutcome, Lease, StoredDecision, StoredSeen } from '#ports/store.ts';

export type LinkRow = {
  readonly id: LinkId;
  /** Order of making, which the database has by its ids. */
  readonly place: number;
  internalId: string | null;
  quickbooksId: string | null;
  unlinkedFrom: string | null;
  base: BaseHalves | null;
  quickbooksFresh: boolean;
  quickbooksNews: number;
  uncertain: boolean;
  failures: number;
  firstFailedAt: number | null;
  crashMarks: number;
  openDeadLetterId: string | null;
  openConflictId: string | null;
  taxVariance: TaxVariance | null;
  statusReason: string;
  claimEpoch: bigint | null;
  dueAt: number | null;
  observed: { internal: StoredSeen | null; quickbooks: StoredSeen | null };
  number: string | null;
  nextSequence: number;
};

export type EventRow = Omit<IncomingEvent, 'companyId'> & {
  readonly place: number;
  readonly direction: Direction;
  readonly receivedAt: number;
  readonly derivedFromId: EventId | null;
  availableAt: number;
  stage: Stage;
  history: StageMark[];
  duplicates: number;
  linkId: LinkId | null;
  sequence: number | null;
  endedAt: number | null;
};

export type AttemptRow = {
  readonly id: AttemptId;
  linkId: LinkId;
  readonly eventId: EventId;
  readonly number: number;
  readonly epoch: bigint;
  endedAt: number | null;
  outcome: AttemptOutcome | null;
  decision: StoredDecision | null;
  fault: Fault | null;
};

export type IntentRow = Omit<Intent, 'state' | 'externalId' | 'lastSentAt'> & {
  linkId: LinkId;
  epoch: bigint;
  state: Intent['state'];
  externalId: string | null;
  sentAt: number[];
  settledAt: number | null;
  evidence: string | null;
  response: JsonObject | null;
  readonly createdAt: number;
};

export type DeadLetterRow = {
  readonly id: string;
  linkId: LinkId;
  readonly eventId: EventId;
  readonly reason: DeadLetterReason;
  readonly explanation: string;
  readonly waitsFor: readonly string[];
  readonly diedAt: number;
  status: 'OPEN' | 'REPLAYING' | 'REPLAYED' | 'DISCARDED' | 'SUPERSEDED';
};

export type ConflictRow = {
  readonly id: string;
  linkId: LinkId;
  readonly detectedAt: number;
  status: 'OPEN' | 'UNDO_WINDOW' | 'APPLYING' | 'RESOLVED' | 'SUPERSEDED';
  fields: readonly Disputed[];
  resolution: Resolution | null;
  applyAfter: number | null;
  kept: KeptChoices | null;
};

export type ReferenceRow = Omit<Reference, 'version'> & {
  readonly id: string;
  place: number;
  version: number;
};

export type PaymentRow = { linkId: LinkId; pair: PaymentPair; state: 'PAIRED' | 'ENDED' };
export type SeenPaymentRow = { seen: SeenPayment; fresh: boolean };

export type AuditRow = AuditEntry & { readonly at: number };

/**
 * The rows of one company, in memory, with the time of the database. What PostgreSQL does in one statement is done here
 * between two awaits; that both do the same is shown by asking both (memory-store.pg.test.ts).
 */
export class MemoryRows {
  readonly companyId: CompanyId;
  readonly ids: Ids;
  readonly #nowMs: () => number;
  company: Company;
  lease: { epoch: bigint; holder: string | null; expiresAt: number } | null = null;
  /** Every epoch with its holder, oldest first. */
  readonly epochs: { readonly epoch: bigint; readonly holder: string; readonly at: number }[] = [];
  throttledUntil = 0;
  breaker = { failures: 0, openUntil: null as number | null, probing: false };
  readonly links = new Map<LinkId, LinkRow>();
  readonly events = new Map<EventId, EventRow>();
  readonly eventByKey = new Map<string, EventRow>();
  /** Everything ever seen of a side, by the id of its observation. */
  readonly observations = new Map<string, StoredSeen>();
  readonly attempts = new Map<AttemptId, AttemptRow>();
  readonly intents = new Map<string, IntentRow>();
  readonly deadLetters = new Map<string, DeadLetterRow>();
  readonly conflicts = new Map<string, ConflictRow>();
  readonly references: ReferenceRow[] = [];
  readonly payments: PaymentRow[] = [];
  readonly seenPayments = new Map<string, SeenPaymentRow>();
  /** `side:id` of documents whose place a new one took. */
  readonly replaced = new Set<string>();
  readonly audit: AuditRow[] = [];
  readonly watermarks: Record<Side, { since: number; startsAt: number; dueAt: number }>;
  calls: { at: number; kind: string }[] = [];
  /** What happened sometimes, by name: moves of links, events and writes, and rare paths. */
  readonly seen = new Map<string, number>();
  /** When each side was last polled to its end. */
  readonly polledAt: Record<Side, number> = { internal: 0, quickbooks: 0 };
  #place = 0;

  constructor(company: Company, ids: Ids, nowMs: () => number) {
    this.companyId = company.id;
    this.company = company;
    this.ids = ids;
    this.#nowMs = nowMs;
    const started = { since: nowMs(), startsAt: nowMs(), dueAt: nowMs() };
    this.watermarks = { internal: { ...started }, quickbooks: { ...started } };
  }

  get nowMs(): number {
    return this.#nowMs();
  }

  /** Counts something that happens only sometimes. */
  saw(what: string): void {
    this.seen.set(what, (this.seen.get(what) ?? 0) + 1);
  }

  nextPlace(): number {
    this.#place += 1;
    return this.#place;
  }

  /** Whether the lease has that epoch; `live` asks that it has not run out either. */
  holds({ epoch }: Lease, live = false): boolean {
    const { lease } = this;
    return lease !== null && lease.epoch === epoch && (!live || lease.expiresAt > this.nowMs);
  }

  get isResting(): boolean {
    return this.throttledUntil > this.nowMs || (this.breaker.openUntil ?? 0) > this.nowMs;
  }

  link(id: LinkId): LinkRow {
    const row = this.links.get(id);
    if (row === undefined) throw new Error(`there is no link ${id}`);
    return row;
  }

  linkOn(side: Side, id: string | null): LinkRow | null {
    if (id === null) return null;
    for (const row of this.links.values())
      if ((side === 'internal' ? row.internalId : row.quickbooksId) === id) return row;
    return null;
  }

  /** Events of a link that have not ended, oldest first. */
  openEvents(linkId: LinkId): EventRow[] {
    return [...this.events.values()]
      .filter((event) => event.linkId === linkId && event.endedAt === null)
      .toSorted((one, other) => (one.sequence ?? 0) - (other.sequence ?? 0));
  }

  openIntents(linkId: LinkId): IntentRow[] {
    return [...this.intents.values()].filter(
      (intent) => intent.linkId === linkId && isOpenState(intent.state),
    );
  }

  /** Where a link stands, as the column `link.status` derives it. */
  status(link: LinkRow): LinkStatus {
    return statusOf({
      uncertain: link.uncertain,
      claimed: link.claimEpoch !== null,
      paused: false,
      deadLettered: link.openDeadLetterId !== null,
      inConflict: link.openConflictId !== null,
      due: link.dueAt !== null,
      onBothSides: link.internalId !== null && link.quickbooksId !== null,
    });
  }

  makeLink(ids: Pick<LinkRow, 'internalId' | 'quickbooksId'>, linkId: LinkId): LinkRow {
    const row: LinkRow = {
      id: linkId,
      place: this.nextPlace(),
      ...ids,
      unlinkedFrom: null,
      base: null,
      quickbooksFresh: false,
      quickbooksNews: 0,
      uncertain: false,
      failures: 0,
      firstFailedAt: null,
      crashMarks: 0,
      openDeadLetterId: null,
      openConflictId: null,
      taxVariance: null,
      statusReason: 'A change is waiting for its turn.',
      claimEpoch: null,
      dueAt: null,
      observed: { internal: null, quickbooks: null },
      number: null,
      nextSequence: 1,
    };
    this.links.set(row.id, row);
    return row;
  }

  endEvent(event: EventRow, stage: Stage, note: string | null): void {
    this.saw(`event ${event.stage} → ${stage}`);
    event.stage = stage;
    event.history.push(mark(stage, this.nowMs, note));
    event.endedAt = this.nowMs;
  }

  /** Makes a link due, at once unless it is earlier already. */
  makeDue(link: LinkRow, atMs = this.nowMs): void {
    link.dueAt = link.dueAt === null ? atMs : Math.min(link.dueAt, atMs);
  }

  log(entries: readonly AuditEntry[]): void {
    for (const entry of entries) this.audit.push({ ...entry, at: this.nowMs });
  }

  /** What is still to do, in words; empty at rest. */
  leftovers(): string[] {
    const left: string[] = [];
    for (const event of this.events.values()) {
      if (event.endedAt !== null) continue;
      const link = event.linkId === null ? null : this.link(event.linkId);
      if (event.stage === 'HELD' && link?.openConflictId != null) continue;
      left.push(`event ${event.kind} of ${event.subject.id} is ${event.stage}`);
    }
    for (const link of this.links.values())
      if (link.dueAt !== null || link.claimEpoch !== null)
        left.push(
          `link ${link.internalId ?? link.quickbooksId} is ${this.status(link)}: ${link.statusReason}`,
        );
    for (const intent of this.intents.values())
      if (isOpenState(intent.state))
        left.push(
          `intent ${intent.operation} ${intent.object} ${intent.objectKey} is ${intent.state}`,
        );
    return left;
  }
}

export const isOpenState = (state: Intent['state']): boolean =>
  state === 'PREPARED' || state === 'SENT' || state === 'UNCERTAIN';

export const mark = (stage: Stage, at: number, note: string | null): StageMark => ({
  stage,
  at: toInstant(at),
  note,
});

/** Event ids by which an event is known again. */
export const keyOf = ({ source, eventKey }: Pick<IncomingEvent, 'source' | 'eventKey'>): string =>
  `${source} ${eventKey}`;
