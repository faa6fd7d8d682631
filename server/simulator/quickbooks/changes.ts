import { toEntityName, traitsOf, type EntityName } from './entities.ts';
import { missing, QuickBooksFault, refuse } from './fault-bodies.ts';
import { isVoided } from './invoices.ts';
import { objectOf, textOf, type JsonObject } from './json.ts';
import { parseInstant } from './pacific-time.ts';
import type { QueryContext } from './query.ts';
import { present } from './references.ts';

const lookBackDays = 30;
const dayMs = 86_400_000;

/** Shared by all types of one answer; there is no second page (quickbooks.md §2.8). */
const objectsMax = 1_000;

export type ChangesRequest = {
  readonly entities: string | undefined;
  readonly changedSince: string | undefined;
  /** An answer in XML was recorded with a totalCount, one in JSON without (quickbooks.md §2.3). */
  readonly isCounted: boolean;
};

/** The `CDCResponse`: whole objects that changed, stubs of those that went (quickbooks.md §2.8). */
export function changesSince(context: QueryContext, request: ChangesRequest): JsonObject {
  const wanted = wantedEntities(request.entities);
  const sinceMs = readSince(context.nowMs, request.changedSince);
  let room = objectsMax;
  const responses = wanted.flatMap((entity) => {
    const rows = changedRows(context, entity, sinceMs).slice(0, room);
    room -= rows.length;
    const counts = { startPosition: 1, maxResults: rows.length };
    const total = request.isCounted ? { totalCount: rows.length } : {};
    if (rows.length > 0) return [{ [entity]: rows, ...counts, ...total }];
    return context.behaviour.cdcEmptyType === 'empty-object' ? [{}] : [];
  });
  return { CDCResponse: [{ QueryResponse: responses }] };
}

function wantedEntities(list: string | undefined): readonly EntityName[] {
  const names = (list ?? '').split(',').flatMap((name) => name.trim() || []);
  if (names.length === 0) throw missing('entities');
  return names.map((name) => {
    const entity = toEntityName(name);
    if (entity !== undefined && traitsOf(entity).outsideCdc !== true) return entity;
    throw new QuickBooksFault('4001', `QueryValidationError: invalid context declaration: ${name}`);
  });
}

function readSince(nowMs: number, text: string | undefined): number {
  if (text === undefined || text === '') throw missing('changedSince');
  const sinceMs = parseInstant(text);
  if (sinceMs === undefined) refuse('2060', `Invalid Date Format : ${text}`, 'changedSince');
  if (sinceMs < nowMs - lookBackDays * dayMs) {
    refuse(
      '500',
      `Operation CDC with a changedSince date older than ${lookBackDays} days is not supported.`,
    );
  }
  return sinceMs;
}

function changedRows(
  context: QueryContext,
  entity: EntityName,
  sinceMs: number,
): readonly JsonObject[] {
  const { books, behaviour } = context;
  // Whole seconds are compared, so rows of the very second of the cursor are where opinions differ.
  const floorMs = Math.floor(sinceMs / 1_000) * 1_000;
  const isIn = (row: JsonObject): boolean => {
    const changedMs = parseInstant(textOf(objectOf(row, 'MetaData'), 'LastUpdatedTime') ?? '') ?? 0;
    return behaviour.cdcBoundary === 'inclusive' ? changedMs >= floorMs : changedMs > floorMs;
  };
  const living = books.all(entity).filter(isIn);
  for (const row of living) requireSound(context, entity, row);
  const rows = living.map((row) => toRow(context, entity, row));
  return [...rows, ...books.deleted(entity).filter(isIn)];
}

/** One bad record can fail the whole call: an address no mail system takes does (quickbooks.md §2.8). */
function requireSound({ behaviour }: QueryContext, entity: EntityName, row: JsonObject): void {
  if (!behaviour.cdcPoison.includes(`${entity}/${textOf(row, 'Id')}`)) return;
  refuse('4002', 'QueryProcessingError: An error occurred while processing the query.');
}

function toRow(
  { books, behaviour }: QueryContext,
  entity: EntityName,
  row: JsonObject,
): JsonObject {
  const id = textOf(row, 'Id') ?? '';
  if (behaviour.cdcFalseDeleted.includes(`${entity}/${id}`)) {
    const time = textOf(objectOf(row, 'MetaData'), 'LastUpdatedTime') ?? '';
    return { domain: 'QBO', status: 'Deleted', Id: id, MetaData: { LastUpdatedTime: time } };
  }
  const shown = present(books, row);
  return behaviour.cdcMarksVoided && isVoided(row) ? { ...shown, status: 'Voided' } : shown;
}
