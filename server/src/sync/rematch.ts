import {
  isUnreached,
  succeeded,
  type CallFailure,
  type CallOutcome,
} from '#core/attempt/failure.ts';
import type { AuditEntry } from '#core/audit/entry.ts';
import { toldKinds, type ToldKind } from '#core/mapping/rematch.ts';
import type { ReferenceRecord } from '#core/mapping/reference.ts';
import type { StoredReference } from '#core/resolution/typed-value.ts';
import type { Side } from '#core/side.ts';
import type { ToldRecord } from '#ports/pairings.ts';
import type { Drain } from './crossing.ts';
import { workerLimits } from './limits.ts';
import { lookAgain, type Changed } from './look-again.ts';
import { callOptions } from './observe.ts';
import { mergedAway, noteOf, renamed, wordsFor } from './told-pairings.ts';
import { causeOf } from './stop.ts';

/** Records of QuickBooks as they are now, by their ids there. */
export type RecordsNow = ReadonlyMap<ToldKind, ReadonlyMap<string, ReferenceRecord>>;

/** What a poll brought beside its events: the sides that answered, and the customers and items that came along. */
export type PolledRecords = { readonly sides: ReadonlySet<Side>; readonly records: RecordsNow };

/**
 * Records made, renamed, put back to use or merged by hand wake the invoices that wait for them (architecture.md §4,
 * "References"). Customers and items of QuickBooks are told of by webhooks and the change poll; its terms, tax codes and
 * payment methods and all records of internal invoicing are not, and are listed again with the poll of their side while
 * something waits for one. A read of QuickBooks serves all that wait: none is made per invoice.
 */
export async function rematch(work: Drain, polled: PolledRecords): Promise<void> {
  const { store } = work.engine;
  const told = await store.toldRecords(work.lease, workerLimits.rematchBatch);
  if (told.length === 0 && polled.sides.size === 0) return;
  const waiting = await store.waitedFor(work.company.id, workerLimits.rematchBatch);
  if (told.length === 0 && waiting.length === 0) return;
  const looked = await look(work, told, waiting, polled);
  if (!looked.ok) return fileFailure(work, told, looked.failure);
  await store.recordRematch(work.lease, {
    references: looked.value.map(({ after }) => after),
    audit: looked.value.flatMap((changed) => auditOf(work, changed) ?? []),
    told: told.map((one) => ({ eventId: one.eventId, note: noteOf(one, looked.value) })),
  });
}

async function look(
  work: Drain,
  told: readonly ToldRecord[],
  waiting: readonly StoredReference[],
  polled: PolledRecords,
): Promise<CallOutcome<readonly Changed[]>> {
  const now = new Map<ToldKind, ReadonlyMap<string, ReferenceRecord>>();
  const changed: Changed[] = [];
  for (const kind of toldKinds) {
    const ofKind = told.filter((one) => one.kind === kind);
    const ids = ofKind.flatMap(({ id, deletedId }) =>
      deletedId === null ? [id] : [id, deletedId],
    );
    const pairs = await work.engine.store.pairedTo(work.company.id, kind, ids);
    const read = await readWhatMatters(work, kind, { told: ofKind, pairs, waiting, polled });
    if (!read.ok) return read;
    now.set(kind, read.value);
    const moved = mergedAway(ofKind, pairs, read.value);
    changed.push(...moved, ...renamed(pairs, read.value));
  }
  const again = await lookAgain(work, waiting, { sides: polled.sides, records: now });
  return again.ok ? succeeded([...changed, ...again.value]) : again;
}

type Told = {
  readonly told: readonly ToldRecord[];
  readonly pairs: readonly StoredReference[];
  readonly waiting: readonly StoredReference[];
  readonly polled: PolledRecords;
};

/**
 * Records that came with the poll are at hand. Others are read by one query, and only where something waits for a record of
 * the kind or a pairing names what was merged away: the echo of every customer the bridge made would cost a read else.
 */
async function readWhatMatters(
  work: Drain,
  kind: ToldKind,
  { told, pairs, waiting, polled }: Told,
): Promise<CallOutcome<ReadonlyMap<string, ReferenceRecord>>> {
  const atHand = polled.records.get(kind) ?? new Map<string, ReferenceRecord>();
  const isWaitedFor = waiting.some((one) => one.kind === kind);
  const lost = (id: string | null) => pairs.some(({ quickbooksId }) => quickbooksId === id);
  const ids = told.flatMap(({ id, deletedId }) => {
    if (deletedId !== null && lost(deletedId)) return [id, deletedId];
    return isWaitedFor && !atHand.has(id) ? [id] : [];
  });
  if (ids.length === 0) return succeeded(atHand);
  const read = await work.accounting.readReferences(kind, [...new Set(ids)], callOptions(work));
  if (!read.ok) return read;
  return succeeded(new Map([...atHand, ...read.value.map((one) => [one.id, one] as const)]));
}

function auditOf({ engine }: Drain, changed: Changed): AuditEntry | null {
  const said = wordsFor(changed);
  if (said === null) return null;
  return {
    actor: { kind: 'system', name: 'worker' },
    action: 'REFERENCE_MAPPED',
    summary: said.summary,
    subject: { type: 'Reference', id: changed.before.id },
    linkId: null,
    changes: [said.change],
    note: null,
    correlationId: engine.ids.next(),
  };
}

/** News waits where QuickBooks cannot be asked now; what it will not answer ends, since asking again would go on for ever. */
async function fileFailure(
  { engine, lease, company }: Drain,
  told: readonly ToldRecord[],
  failure: CallFailure,
): Promise<void> {
  const cause = causeOf(failure);
  engine.log.warn('records that invoices wait for could not be looked for', {
    companyId: company.id,
    cause,
  });
  if (failure.kind === 'throttled') return engine.store.throttle(lease, failure.retryAfterMs);
  if (failure.kind === 'access-lapsed') return engine.store.markNeedsReconnect(lease, cause);
  if (isUnreached(failure)) return void (await engine.store.noteReachability(lease, false));
  const note = `It could not be read: ${cause}`;
  const ended = told.map(({ eventId }) => ({ eventId, note }));
  await engine.store.recordRematch(lease, { references: [], audit: [], told: ended });
}
