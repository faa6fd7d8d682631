import type { FaultOperation } from '../control/faults.ts';
import { toEntityName, traitsOf, type EntityName } from './entities.ts';
import { QuickBooksFault, refuse } from './fault-bodies.ts';
import { isObject, parseJson, textOf, type JsonObject } from './json.ts';
import type { CallKind } from './limits.ts';
import { isSendable } from './mail.ts';
import type { WriteOperation } from './writes.ts';

/** A request as it arrived under `/v3/company/{realm}`. */
export type CompanyRequest = {
  readonly method: string;
  readonly realm: string;
  /** What follows the realm, without slashes at the ends. */
  readonly segments: readonly string[];
  readonly query: URLSearchParams;
  readonly body: string;
  readonly path: string;
};

/** What a request asks for. */
export type Call =
  | { readonly kind: 'read'; readonly entity: EntityName; readonly id: string | undefined }
  | { readonly kind: 'pdf'; readonly entity: EntityName; readonly id: string }
  | { readonly kind: 'query'; readonly statement: string | undefined }
  | {
      readonly kind: 'cdc';
      readonly entities: string | undefined;
      readonly changedSince: string | undefined;
    }
  | { readonly kind: 'batch'; readonly body: JsonObject }
  | {
      readonly kind: 'send';
      readonly entity: EntityName;
      readonly id: string;
      readonly to: string | undefined;
    }
  | { readonly kind: 'tax-service'; readonly body: JsonObject }
  | {
      readonly kind: 'write';
      readonly entity: EntityName;
      readonly operation: WriteOperation;
      readonly body: JsonObject;
      readonly allowDuplicateNumber: boolean;
    };

/** Understands a request, or says what Intuit says to one it does not (code 500, HTTP 400; quickbooks.md §4.2). */
export function toCall(request: CompanyRequest): Call {
  const { method, segments } = request;
  const first = segments[0] ?? '';
  if (first === 'query' && segments.length === 1) return queryCall(request);
  if (first === 'cdc' && segments.length === 1 && method === 'GET') {
    const { query } = request;
    return {
      kind: 'cdc',
      entities: query.get('entities') ?? undefined,
      changedSince: query.get('changedSince') ?? undefined,
    };
  }
  if (method === 'POST' && first === 'batch' && segments.length === 1) {
    return { kind: 'batch', body: bodyOf(request) };
  }
  if (method === 'POST' && first === 'taxservice' && segments[1] === 'taxcode') {
    return { kind: 'tax-service', body: bodyOf(request) };
  }

  const entity = toEntityName(first);
  if (entity === undefined) throw noResource(request);
  if (method === 'GET') return readCall(request, entity);
  if (method === 'POST') return postCall(request, entity);
  throw noResource(request);
}

/** There is nothing at this path (code 500 under HTTP 400, quickbooks.md §4.2). */
export function noResource({ path }: CompanyRequest): QuickBooksFault {
  const [bare = path] = path.split('?');
  return new QuickBooksFault(
    '500',
    `Operation Could not find resource for relative : ${bare} of full path: https://c50.sandbox.qbo.intuit.com/qbo50${path} is not supported.`,
  );
}

/** The statement comes in the address or, by POST, as the body (quickbooks.md §2.1). */
function queryCall(request: CompanyRequest): Call {
  const inBody = request.method === 'POST' && request.body !== '' ? request.body : undefined;
  return { kind: 'query', statement: request.query.get('query') ?? inBody };
}

function readCall(request: CompanyRequest, entity: EntityName): Call {
  const [, id, tail, ...rest] = request.segments;
  if (rest.length > 0) throw noResource(request);
  if (tail === 'pdf' && id !== undefined && isSendable(entity)) return { kind: 'pdf', entity, id };
  if (tail !== undefined) throw noResource(request);
  const isSingle = traitsOf(entity).kind === 'single';
  if (id === undefined && !isSingle) throw noResource(request);
  return { kind: 'read', entity, id: isSingle ? undefined : id };
}

function postCall(request: CompanyRequest, entity: EntityName): Call {
  const [, id, tail, ...rest] = request.segments;
  if (id !== undefined && tail === 'send' && rest.length === 0 && isSendable(entity)) {
    return { kind: 'send', entity, id, to: request.query.get('sendTo') ?? undefined };
  }
  if (id !== undefined) throw noResource(request);
  const body = bodyOf(request);
  const includes = (request.query.get('include') ?? '').toLowerCase().split(',');
  return {
    kind: 'write',
    entity,
    operation: operationOf(request, body, includes),
    body,
    allowDuplicateNumber: includes.includes('allowduplicatedocnum'),
  };
}

/** An Id in the body is enough to mean update (quickbooks.md §2.1). */
function operationOf(
  request: CompanyRequest,
  body: JsonObject,
  includes: readonly string[],
): WriteOperation {
  const named = request.query.get('operation')?.toLowerCase();
  if (named === 'delete' || named === 'void') return named;
  if (named === 'update' || (named === undefined && textOf(body, 'Id') !== undefined)) {
    return includes.includes('void') ? 'void' : 'update';
  }
  if (named === undefined || named === 'create') return 'create';
  throw new QuickBooksFault('500', `Operation ${named} is not supported.`);
}

function bodyOf({ body }: CompanyRequest): JsonObject {
  const value = parseJson(body);
  if (isObject(value)) return value;
  return refuse(
    '2010',
    'Property Name:failed to parse json object; a property specified is unsupported or invalid',
  );
}

/** The word the fault rules and the request log use for a call (http.md §5). */
export function faultOperationOf(call: Call): FaultOperation {
  switch (call.kind) {
    case 'read':
    case 'pdf':
      return 'read';
    case 'send':
      return 'update';
    case 'tax-service':
      return 'create';
    case 'write':
      return call.operation;
    case 'query':
    case 'cdc':
    case 'batch':
      return call.kind;
    default:
      return call satisfies never;
  }
}

/** The entity a call is about; a query is about the one it selects from. */
export function entityOf(call: Call): string {
  if (call.kind === 'query') return /\bfrom\s+(\w+)/i.exec(call.statement ?? '')?.[1] ?? '';
  if (call.kind === 'tax-service') return 'TaxCode';
  return 'entity' in call ? call.entity : '';
}

/** What a call counts as for the limits; reads are metered, writes are not (quickbooks.md §5). */
export function callKindOf(call: Call): CallKind {
  switch (call.kind) {
    case 'read':
    case 'query':
    case 'cdc':
    case 'pdf':
      return 'read';
    case 'batch':
      return 'batch';
    case 'send':
      return 'email';
    case 'tax-service':
    case 'write':
      return 'write';
    default:
      return call satisfies never;
  }
}
