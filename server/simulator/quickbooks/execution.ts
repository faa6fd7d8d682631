import { hashBody } from '../control/mutation-log.ts';
import { runBatch } from './batch.ts';
import type { Call } from './calls.ts';
import { changesSince } from './changes.ts';
import { presentCompany } from './company-address.ts';
import { toEntityName, type EntityName } from './entities.ts';
import {
  objectNotFound,
  QuickBooksFault,
  refuse,
  toFaultAnswer,
  type Answer,
} from './fault-bodies.ts';
import { textOf, type JsonObject } from './json.ts';
import { printForm, sendForm } from './mail.ts';
import { toPacificMilliseconds } from './pacific-time.ts';
import { runQuery, type QueryContext } from './query.ts';
import { present } from './references.ts';
import { requireRequestId, type RequestKey } from './request-ids.ts';
import type { Act, QuickBooksSimulator } from './simulator.ts';
import { createTaxService } from './tax-service.ts';
import { toWireJson, toWireXml } from './wire.ts';
import { write } from './writes.ts';

/** A call together with how it was made. */
export type Execution = {
  readonly simulator: QuickBooksSimulator;
  readonly realm: string;
  readonly call: Call;
  readonly requestId: string | null;
  readonly wantsXml: boolean;
};

/** Carries a call out and renders the answer; faults become answers, bugs go through. */
export function execute(execution: Execution): Answer {
  const { simulator, wantsXml } = execution;
  try {
    requireActiveCompany(simulator);
    return answer(execution);
  } catch (error) {
    if (!(error instanceof QuickBooksFault)) throw error;
    const faultAnswer = toFaultAnswer(error, simulator.nowMs, wantsXml);
    rememberFault(execution, faultAnswer);
    return simulator.behaviour.faultsAsOk ? { ...faultAnswer, status: 200 } : faultAnswer;
  }
}

/** The whole company may be out of reach: none of these is about one document (quickbooks.md §1.3, §4.2). */
function requireActiveCompany({ behaviour }: QuickBooksSimulator): void {
  switch (behaviour.companyStatus) {
    case 'active':
      return;
    case 'lapsed':
      refuse(
        '6190',
        'Invalid Company Status : The subscription period has ended or canceled or there was a billing problem.',
      );
      return;
    case 'locked':
      refuse('140', 'CompanyLockedOut: The company is locked.');
      return;
    case 'maintenance':
      refuse('150', 'CompanyUnderMaintenance: The company is under maintenance.');
      return;
    case 'access-lost':
      throw new QuickBooksFault(
        '120',
        'AuthorizationFailure: The user has lost access to the company.',
        undefined,
        403,
      );
    case 'reset':
      refuse('10200', 'The company has been reset.');
      return;
    default:
      behaviour.companyStatus satisfies never;
  }
}

function answer(execution: Execution): Answer {
  const { simulator, realm, call } = execution;
  const context: QueryContext = {
    books: simulator.books(realm),
    behaviour: simulator.behaviour,
    nowMs: simulator.nowMs,
  };
  switch (call.kind) {
    case 'read':
      return render(execution, { [call.entity]: read(context, call.entity, call.id) });
    case 'pdf':
      return printed(context, call.entity, call.id);
    case 'query':
      return query(execution, context, call.statement);
    case 'cdc':
      return render(execution, changesSince(context, { ...call, isCounted: execution.wantsXml }));
    case 'batch':
      return batch(execution, call.body);
    case 'send':
      return writing(execution, call, (change) => {
        const object = sendForm(change, call);
        return { object, isChanged: true };
      });
    case 'tax-service':
      return taxService(execution, call.body);
    case 'write':
      return writing(execution, call, (change) => write(change, call));
    default:
      return call satisfies never;
  }
}

/** An answer with everything it is, in the form the caller asked for. */
function render({ simulator, wantsXml }: Execution, body: JsonObject): Answer {
  const time = toPacificMilliseconds(simulator.nowMs);
  if (wantsXml) {
    return { status: 200, contentType: 'application/xml', body: toWireXml(body, { time }) };
  }
  const contentType = 'application/json;charset=utf-8';
  return { status: 200, contentType, body: toWireJson({ ...body, time }) };
}

function read({ books }: QueryContext, entity: EntityName, id: string | undefined): JsonObject {
  if (id !== undefined && !/^\d{1,20}$/.test(id) && entity !== 'TaxCode') {
    refuse('2030', `Invalid ID : Id should be a valid number. Supplied value:${id}`, 'Id');
  }
  const object = id === undefined ? books.single(entity) : books.find(entity, id);
  if (object === undefined) throw objectNotFound();
  return presentCompany(entity, present(books, object));
}

function printed({ books }: QueryContext, entity: EntityName, id: string): Answer {
  const form = books.find(entity, id);
  if (form === undefined) throw objectNotFound();
  return { status: 200, contentType: 'application/pdf', body: printForm(entity, form) };
}

/** A query without a statement was seen to be answered 200 with a SystemFault (quickbooks.md §2.3). */
function query(execution: Execution, context: QueryContext, statement: string | undefined): Answer {
  if (statement === undefined || statement.trim() === '') {
    const fault = new QuickBooksFault(
      '10000',
      'System Failure Error: no query was given.',
      undefined,
      200,
    );
    return toFaultAnswer(fault, context.nowMs, execution.wantsXml);
  }
  return render(execution, { QueryResponse: runQuery(context, statement) });
}

type WritingCall = Extract<Call, { kind: 'write' | 'send' }>;
type Work = Parameters<QuickBooksSimulator['perform']>[1];

/** A write under its requestid: repeated, it is answered from memory (quickbooks.md §3). */
function writing(
  execution: Execution,
  call: WritingCall,
  work: (change: Parameters<Work>[0]) => { object: JsonObject; isChanged: boolean },
): Answer {
  const { simulator, realm } = execution;
  const key = keyOf(execution);
  const known = key === undefined ? undefined : replayed(execution, key);
  if (known !== undefined) return known;

  const act: Act = { realm, actor: 'api', requestId: execution.requestId, bodyHash: hashOf(call) };
  const { result } = simulator.perform(
    act,
    (change) => {
      const { object, isChanged } = work(change);
      const shown = presentCompany(call.entity, present(change, object));
      const rendered = render(execution, { [call.entity]: shown });
      const id = textOf(object, 'Id') ?? '';
      return { result: { result: rendered, id }, isChanged, subject: { entity: call.entity, id } };
    },
    (done) =>
      key === undefined
        ? []
        : [
            simulator.requestIds.remember(key, {
              atMs: simulator.nowMs,
              answer: done.result,
              entity: call.entity,
              id: done.id,
            }),
          ],
  );
  return result;
}

function hashOf(call: Call): string {
  return hashBody('body' in call ? call.body : { kind: call.kind });
}

function keyOf({ simulator, realm, call, requestId }: Execution): RequestKey | undefined {
  if (requestId === null) return undefined;
  requireRequestId(requestId, call.kind === 'batch');
  return simulator.behaviour.requestid === 'ignore'
    ? undefined
    : { realm, requestId, bodyHash: hashOf(call) };
}

function replayed(execution: Execution, key: RequestKey): Answer | undefined {
  const { simulator, realm } = execution;
  const known = simulator.requestIds.replay(key, simulator.behaviour, simulator.nowMs);
  if (known === undefined) return undefined;
  if (simulator.behaviour.requestidReplayShows === 'original') return known.answer;
  const entity = toEntityName(known.entity);
  const books = simulator.books(realm);
  const object = entity === undefined ? undefined : books.find(entity, known.id);
  if (entity === undefined || object === undefined) return known.answer;
  return render(execution, { [entity]: present(books, object) });
}

/** Whether a fault is replayed is unknown (quickbooks.md §3); when it is, it must be remembered. */
function rememberFault(execution: Execution, faultAnswer: Answer): void {
  const { simulator, realm, requestId, call } = execution;
  if (!simulator.behaviour.replayFaults || requestId === null || requestId.length > 50) return;
  const key = { realm, requestId, bodyHash: hashOf(call) };
  const about = { atMs: simulator.nowMs, answer: faultAnswer, entity: '', id: '' };
  simulator.books(realm).commit([simulator.requestIds.remember(key, about)]);
}

function batch(execution: Execution, body: JsonObject): Answer {
  const { simulator, realm, requestId } = execution;
  const key = keyOf(execution);
  const known = key === undefined ? undefined : replayed(execution, key);
  if (known !== undefined) return known;

  const items = runBatch(body, { simulator, realm, requestId });
  const rendered = render(execution, { BatchItemResponse: items });
  if (key !== undefined) {
    const about = { atMs: simulator.nowMs, answer: rendered, entity: '', id: '' };
    simulator.books(realm).commit([simulator.requestIds.remember(key, about)]);
  }
  return rendered;
}

/** Codes and rates are made by a service of their own, whose answer has no envelope. */
function taxService(execution: Execution, body: JsonObject): Answer {
  const { simulator, realm, requestId } = execution;
  const act: Act = { realm, actor: 'api', requestId, bodyHash: hashBody(body) };
  const created = simulator.perform(act, (change) => ({
    result: createTaxService(change, body),
    isChanged: true,
  }));
  return render(execution, created);
}
