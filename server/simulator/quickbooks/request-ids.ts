import type { StateChange, StateFile } from '../control/state-file.ts';
import type { Behaviour } from './behaviour.ts';
import { QuickBooksFault, refuse, type Answer } from './fault-bodies.ts';
import { isObject, textOf, type JsonObject } from './json.ts';

const requestIdMax = 50;
const batchRequestIdMax = 36;

/** Refuses a requestid that is too long (2130, quickbooks.md §3). */
export function requireRequestId(requestId: string, isBatch: boolean): void {
  const max = isBatch ? batchRequestIdMax : requestIdMax;
  if (requestId.length > 0 && requestId.length <= max) return;
  refuse('2130', `Invalid Request Id Format : length ${requestId.length}, max ${max}`, 'requestid');
}

export type RequestKey = {
  readonly realm: string;
  readonly requestId: string;
  readonly bodyHash: string;
};

/** What is known of an earlier request with the same id. */
type Remembered = {
  readonly atMs: number;
  readonly bodyHash: string;
  readonly answer: Answer;
  readonly entity: string;
  readonly id: string;
};

/** Answers by requestid: unique per realm over all requests, replayed, not executed again (quickbooks.md §3). */
export class RequestIds {
  readonly #file: StateFile;

  constructor(file: StateFile) {
    this.#file = file;
  }

  /** The answer to replay, or undefined when the request is to be carried out. */
  replay(key: RequestKey, behaviour: Behaviour, nowMs: number): Remembered | undefined {
    if (behaviour.requestid === 'ignore') return undefined;
    const known = this.#find(key);
    if (known === undefined || known.atMs < nowMs - behaviour.requestidRetentionSeconds * 1_000) {
      return undefined;
    }
    if (known.answer.status >= 400 && !behaviour.replayFaults) return undefined;
    const isOther = known.bodyHash !== key.bodyHash;
    if (
      behaviour.requestid === 'reject' ||
      (isOther && behaviour.requestidOtherBody === 'reject')
    ) {
      throw duplicate(key.requestId);
    }
    return isOther && behaviour.requestidOtherBody === 'execute' ? undefined : known;
  }

  /** What has to be written for the answer to be remembered. */
  remember(key: RequestKey, about: Omit<Remembered, 'bodyHash'>): StateChange {
    const { answer, ...rest } = about;
    const value = {
      ...rest,
      bodyHash: key.bodyHash,
      status: answer.status,
      contentType: answer.contentType,
      body: answer.body,
    };
    return { collection: `${key.realm}/requestids`, id: key.requestId, value };
  }

  #find({ realm, requestId }: RequestKey): Remembered | undefined {
    const record = this.#file.records(`${realm}/requestids`).get(requestId);
    if (!isObject(record)) return undefined;
    return {
      atMs: Number(record['atMs']),
      bodyHash: textOf(record, 'bodyHash') ?? '',
      entity: textOf(record, 'entity') ?? '',
      id: textOf(record, 'id') ?? '',
      answer: toAnswer(record),
    };
  }
}

function toAnswer(record: JsonObject): Answer {
  return {
    status: Number(record['status']),
    contentType: textOf(record, 'contentType') ?? 'application/json;charset=utf-8',
    body: textOf(record, 'body') ?? '',
  };
}

/** The id is taken: when it is replayed and when it is refused with 600 nobody knows (quickbooks.md §3). */
export function duplicate(requestId: string): QuickBooksFault {
  return new QuickBooksFault('600', `Duplicate Request ID : ${requestId}`, 'requestid');
}
