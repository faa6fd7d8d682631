import { hashBody } from '../control/mutation-log.ts';
import { presentCompany } from './company-address.ts';
import { toEntityName, type EntityName } from './entities.ts';
import { missing, QuickBooksFault, refuse, toFaultObject } from './fault-bodies.ts';
import { compact, isObject, listOf, textOf, type JsonObject } from './json.ts';
import { runQuery } from './query.ts';
import { present } from './references.ts';
import type { QuickBooksSimulator } from './simulator.ts';
import { write, type WriteOperation } from './writes.ts';

/** Older pages say 10 and 25 (quickbooks.md §2.9). */
const itemsMax = 30;
const itemIdMax = 10;

export type BatchContext = {
  readonly simulator: QuickBooksSimulator;
  readonly realm: string;
  readonly requestId: string | null;
};

/**
 * Runs the items of a batch one after the other, each for itself: one may fail and the next succeed, and none sees
 * what an earlier one of the same batch created (quickbooks.md §2.9).
 */
export function runBatch(body: JsonObject, context: BatchContext): readonly JsonObject[] {
  const items = listOf(body, 'BatchItemRequest');
  if (items.length === 0) refuse('2010', 'Batch Request is Empty');
  if (items.length > itemsMax) {
    refuse('1040', `Batch size exceeds allowed limit : The batch size limit is ${itemsMax}`);
  }
  if (context.requestId !== null) items.forEach(requireShortId);

  const queried = new Map(items.filter(isQuery).map((item) => [item, runItem(item, context)]));
  return items.map((item) => queried.get(item) ?? runItem(item, context));
}

function isQuery(item: JsonObject): boolean {
  return textOf(item, 'Query') !== undefined;
}

/** With a requestid on the batch the ids of its items are short (quickbooks.md §3). */
function requireShortId(item: JsonObject): void {
  const id = textOf(item, 'bId') ?? '';
  if (id.length <= itemIdMax) return;
  refuse('2130', `Invalid Request Id Format : bId length ${id.length}, max ${itemIdMax}`, 'bId');
}

function runItem(item: JsonObject, context: BatchContext): JsonObject {
  const bId = textOf(item, 'bId');
  try {
    return compact({ ...answerItem(item, context), bId });
  } catch (error) {
    if (!(error instanceof QuickBooksFault)) throw error;
    return compact({ Fault: toFaultObject(error), bId });
  }
}

function answerItem(item: JsonObject, context: BatchContext): JsonObject {
  const { simulator, realm, requestId } = context;
  const statement = textOf(item, 'Query');
  if (statement !== undefined) {
    const query = {
      books: simulator.books(realm),
      behaviour: simulator.behaviour,
      nowMs: simulator.nowMs,
    };
    return { QueryResponse: runQuery(query, statement) };
  }

  const { entity, body } = subjectOf(item);
  const options = (textOf(item, 'optionsData') ?? '').toLowerCase();
  const request = {
    entity,
    operation: operationOf(item, options),
    body,
    allowDuplicateNumber: options.includes('allowduplicatedocnum'),
  };
  const act = { realm, actor: 'api', requestId, bodyHash: hashBody(body) } as const;
  return simulator.perform(act, (change) => {
    const { object, isChanged } = write(change, request);
    const shown = presentCompany(entity, present(change, object));
    return { result: { [entity]: shown }, isChanged };
  });
}

function subjectOf(item: JsonObject): { readonly entity: EntityName; readonly body: JsonObject } {
  for (const [key, body] of Object.entries(item)) {
    const entity = toEntityName(key);
    if (entity !== undefined && isObject(body)) return { entity, body };
  }
  throw missing('BatchItemRequest.Entity');
}

/** A void is an update with `optionsData: "void"` (quickbooks.md §2.9). */
function operationOf(item: JsonObject, options: string): WriteOperation {
  const operation = textOf(item, 'operation')?.toLowerCase();
  switch (operation) {
    case 'create':
    case 'delete':
      return operation;
    case 'update':
      return options.includes('void') ? 'void' : 'update';
    case 'void':
      return 'void';
    case undefined:
    default:
      return refuse('500', `Operation ${operation ?? 'missing'} is not supported.`);
  }
}
