import { z } from 'zod';
import { failed, succeeded, type CallFailure, type CallOutcome } from '#core/attempt/failure.ts';
import { later, toInstant, type Instant } from '#core/brand.ts';
import type { JsonObject } from '#core/json.ts';
import type { CallOptions } from '#ports/accounting-system.ts';
import type { ChangedRow, ChangesPage, ChangesSince } from '#ports/changes.ts';
import type { Clock } from '#ports/clock.ts';
import type { Caller, Success } from './caller.ts';
import type { QuickBooksClient } from './client.ts';
import { unreadable } from './faults.ts';
import { inactiveToo, rowsMax, where } from './query.ts';
import { recordFrom } from './references.ts';
import type { InvoiceUnderstanding } from './understanding.ts';
import { kindOf, subjectKind } from './webhook-payload.ts';
import {
  answeredAt,
  changedRowsOf,
  isDeletedStub,
  parseChanged,
  rowsOf,
  type WireChanged,
} from './wire.ts';

/** One call asks for all of them: reads are metered (quickbooks.md §5). */
const watched = ['Invoice', 'Payment', 'CreditMemo', 'Customer', 'Item'] as const;

const isNameList = (entity: string): boolean => entity === 'Customer' || entity === 'Item';

/** A day inside the 30 that change data capture looks back: its clock is not ours (quickbooks.md §2.8). */
const lookBackMs = 29 * 86_400_000;
/** Rows that two pages share where more than a page changed in one second: one that moves on meanwhile shifts the rest. */
const sharedRows = 100;

/** Whether the very second of `changedSince` is included is not documented (quickbooks.md §2.8). */
const boundaryMs = 1_000;

/** Where a paged query goes on: the oldest time of the next page, and the place among the rows from there. */
const place = z.object({
  entity: z.enum(watched),
  since: z.number().transform(toInstant),
  from: z.number().transform(toInstant),
  start: z.number(),
});
type Place = z.infer<typeof place>;

/** Changes by one CDC call; by paged queries where that cannot tell: too long ago, too many, or one bad row fails it all. */
export function createChanges(
  client: QuickBooksClient,
  call: Caller,
  understanding: InvoiceUnderstanding,
  clock: Pick<Clock, 'now'>,
): ChangesSince {
  const rowsIn = (
    found: readonly Found[],
    answer: Success,
    options: CallOptions,
  ): Promise<readonly ChangedRow[]> =>
    inTurn(found, (each) => changedRow(understanding, each, answer, options));

  const paged = async (at: Place, options: CallOptions): Promise<CallOutcome<ChangesPage>> => {
    const answer = await call('read', options, (token, left) =>
      client.query(at.entity, statementFor(at), token, left),
    );
    if (!answer.ok) return answer;
    const found = rowsOf(answer.value.body, at.entity);
    if (found === null) return failed(unreadable(answer.value, 'read', 'no query response'));
    const rows = await rowsIn(
      found.map((raw) => ({ entity: at.entity, raw })),
      answer.value,
      options,
    );
    const next = placeAfter(at, found.length, rows.at(-1)?.changedAt ?? null);
    return succeeded({
      rows,
      asOf: timeOf(answer.value),
      next: next === null ? null : JSON.stringify(next),
      showsDeleted: false,
    });
  };

  return async (since, cursor, options) => {
    if (cursor !== null) return paged(place.parse(JSON.parse(cursor)), options);
    if (clock.now() - since > lookBackMs) return paged(firstPlace(since), options);
    const answer = await call('read', options, (token, left) =>
      client.changes(watched, isoOf(later(since, -boundaryMs)), token, left),
    );
    if (!answer.ok)
      return isBeyondCapture(answer.failure) ? paged(firstPlace(since), options) : answer;
    const found = changedRowsOf(answer.value.body, watched);
    if (found === null) return failed(unreadable(answer.value, 'read', 'no changes'));
    // A full answer was cut without a word; what was deleted is told nowhere else, so that much of it is kept.
    const isWhole = found.length < rowsMax;
    const kept = isWhole ? found : found.filter(({ raw }) => isDeletedStub(raw));
    return succeeded({
      rows: await rowsIn(kept, answer.value, options),
      asOf: timeOf(answer.value),
      next: isWhole ? null : JSON.stringify(firstPlace(since)),
      showsDeleted: isWhole,
    });
  };
}

/** A date too old is refused; one row that cannot be shown fails the whole call with 4002 (quickbooks.md §2.8). */
const isBeyondCapture = (failure: CallFailure): boolean =>
  failure.kind === 'refused' || (failure.kind === 'read-failed' && failure.fault?.code === '4002');

/** Whole seconds, as QuickBooks keeps them: a fraction could hide a change of that very second. */
const isoOf = (instant: Instant): string =>
  new Date(Math.floor(instant / 1_000) * 1_000).toISOString().replace('.000Z', 'Z');

function timeOf({ body, date }: Success): Instant | null {
  const said = Date.parse(date ?? '');
  return answeredAt(body) ?? (Number.isNaN(said) ? null : toInstant(said));
}

const firstPlace = (since: Instant): Place => ({
  entity: watched[0],
  since,
  from: since,
  start: 1,
});

const statementFor = ({ entity, from, start }: Place): string =>
  where(
    [`MetaData.LastUpdatedTime >= '${isoOf(from)}'`, ...(isNameList(entity) ? [inactiveToo] : [])],
    { orderBy: 'MetaData.LastUpdatedTime', start },
  );

/**
 * Pages go on from the time of the last row, not from its place: a row that changes meanwhile moves to the end, and every
 * place behind it would move with it (quickbooks.md §2.7). Only within one second is there nothing but the place.
 */
function placeAfter(at: Place, found: number, last: Instant | null): Place | null {
  if (found < rowsMax) {
    const entity = watched[watched.indexOf(at.entity) + 1];
    return entity === undefined ? null : { ...firstPlace(at.since), entity };
  }
  return last !== null && isoOf(last) !== isoOf(at.from)
    ? { ...at, from: last, start: 1 }
    : { ...at, start: at.start + rowsMax - sharedRows };
}

type Found = { readonly entity: string; readonly raw: JsonObject };

/** One after the other: the first invoice may have to ask for the home currency, and then knows it for all. */
async function inTurn<One, Other>(
  list: readonly One[],
  make: (one: One) => Promise<Other | null>,
): Promise<readonly Other[]> {
  const made: Other[] = [];
  for (const one of list) {
    const other = await make(one);
    if (other !== null) made.push(other);
  }
  return made;
}

/** Null for what has no id: nothing could be looked up by it. */
async function changedRow(
  understanding: InvoiceUnderstanding,
  { entity, raw }: Found,
  answer: Success,
  options: CallOptions,
): Promise<ChangedRow | null> {
  const parsed = parseChanged(raw);
  if (!parsed.ok) return null;
  const { wire } = parsed;
  const operation = operationOf(wire, raw);
  const isReadable = entity === 'Invoice' && operation !== 'DELETED';
  const seen = isReadable ? await understanding.seenIn(raw, answer, 'read', options) : null;
  return {
    subject: { side: 'quickbooks', kind: subjectKind(entity), id: wire.Id, invoiceId: null },
    kind: kindOf(entity, operation),
    entity,
    changedAt: wire.MetaData?.LastUpdatedTime ?? null,
    seen: seen?.ok === true ? seen.value : null,
    record: isNameList(entity) && operation !== 'DELETED' ? recordFrom(raw) : null,
    raw,
  };
}

/** Whether it is new shows only as long as nothing happened to it since. */
function operationOf(
  { status, MetaData }: WireChanged,
  raw: JsonObject,
): 'CREATED' | 'UPDATED' | 'VOIDED' | 'DELETED' {
  if (isDeletedStub(raw)) return 'DELETED';
  if (status === 'Voided') return 'VOIDED';
  const created = MetaData?.CreateTime ?? null;
  return created !== null && created === MetaData?.LastUpdatedTime ? 'CREATED' : 'UPDATED';
}
