import type { CallFailure, CallOutcome } from '#core/attempt/failure.ts';
import type { Intent, WrittenObject } from '#core/attempt/intent.ts';
import { toIntentId, type Version } from '#core/brand.ts';
import { sideNamesFirst, type Side } from '#core/side.ts';
import type { AccountingObject, Written } from '#ports/accounting-system.ts';
import type { InvoicingWrite } from '#ports/invoicing-system.ts';
import type { InvoicingPaymentWrite } from '#ports/payments.ts';
import type { IntentChange } from '#ports/store.ts';
import type { Crossing } from './crossing.ts';
import { callOptions } from './observe.ts';

/** What an intent is made from; the bytes are final before it is stored. */
export type Draft = {
  readonly side: Side;
  readonly object: Extract<WrittenObject, AccountingObject>;
  readonly objectKey: string;
  readonly operation: Intent['operation'];
  readonly body: string;
  readonly restsOnVersion: Version | null;
  readonly externalId: string | null;
};

/** A new write, recorded as sent: from the commit on, it may have happened (architecture.md §3, step 7). */
export function intentOf(crossing: Crossing, draft: Draft): Intent {
  const { engine } = crossing;
  return {
    ...draft,
    id: toIntentId(engine.ids.next()),
    attemptId: crossing.attemptId,
    state: 'SENT',
    bodyHash: engine.digest.sha256(draft.body),
    lastSentAt: engine.clock.now(),
  };
}

/** Sends the stored bytes under the intent's id; a repeat sends the same again. */
export function send(crossing: Crossing, intent: Intent): Promise<CallOutcome<Written>> {
  if (intent.side === 'internal') return sendInternally(crossing, intent);
  const { object, operation, body } = intent;
  return crossing.accounting.write(
    { requestId: intent.id, object, operation, body },
    callOptions(crossing),
  );
}

function sendInternally(crossing: Crossing, intent: Intent): Promise<CallOutcome<Written>> {
  const write =
    intent.object === 'Payment' ? paymentWriteOf(crossing, intent) : internalWriteOf(intent);
  return crossing.invoicing.write(write, callOptions(crossing));
}

/** A new payment goes to the link's own invoice, any other write to the payment itself. */
function paymentWriteOf({ link }: Crossing, intent: Intent): InvoicingPaymentWrite {
  const { id: requestId, operation, body, externalId, restsOnVersion } = intent;
  const object = 'Payment';
  if (operation === 'CREATED' && link.internalId !== null)
    return { object, requestId, operation, invoiceId: link.internalId, body };
  if (operation === 'CREATED' || operation === 'VOIDED' || externalId === null)
    throw new Error(`a payment was to be ${operation} without an invoice or an id`);
  if (restsOnVersion === null)
    throw new Error('a change was decided for an internal payment without a version');
  return operation === 'UPDATED'
    ? { object, requestId, operation, id: externalId, restsOnVersion, body }
    : { object, requestId, operation, id: externalId, restsOnVersion };
}

function internalWriteOf({
  id: requestId,
  object,
  operation,
  body,
  externalId,
  restsOnVersion,
}: Intent): InvoicingWrite {
  if (object === 'Payment' || object === 'Term' || operation === 'DELETED')
    throw new Error(`internal invoicing is never asked for this: ${object} ${operation}`);
  if (operation === 'CREATED') return { requestId, object, operation, body };
  if (object !== 'Invoice') throw new Error(`internal invoicing never changes a ${object}`);
  if (externalId === null || restsOnVersion === null)
    throw new Error('a change was decided for an internal invoice without id or version');
  return { requestId, object, operation, id: externalId, restsOnVersion, body };
}

/** The intent as acknowledged. `evidence` says how it was settled when there was no clear answer. */
export function acknowledged(
  crossing: Crossing,
  intent: Pick<Intent, 'id'>,
  written: Pick<Written, 'id' | 'httpStatus' | 'traceId' | 'raw'>,
  evidence: string | null,
): IntentChange {
  return {
    id: intent.id,
    state: 'ACKNOWLEDGED',
    sentAt: null,
    settledAt: crossing.engine.clock.now(),
    evidence,
    externalId: written.id,
    httpStatus: written.httpStatus,
    fault: null,
    traceId: written.traceId,
    response: written.raw,
  };
}

/** The intent after a failed call: still open when it may have happened, closed when it certainly did not. */
export function afterFailure(
  crossing: Crossing,
  intent: Pick<Intent, 'id' | 'side'>,
  failure: CallFailure,
): IntentChange {
  const open = failure.kind === 'no-answer';
  return {
    id: intent.id,
    state: open ? 'UNCERTAIN' : 'REFUSED',
    sentAt: null,
    settledAt: open ? null : crossing.engine.clock.now(),
    evidence: open ? null : notDone[failure.kind](sideNamesFirst[intent.side]),
    externalId: null,
    httpStatus: 'httpStatus' in failure ? failure.httpStatus : null,
    fault: 'fault' in failure ? failure.fault : null,
    traceId: null,
    response: null,
  };
}

/** Why each clear failure means that nothing was written; `where` is the side at the start of a sentence. */
const notDone = {
  'stale-version': (where) => `Refused: ${where} holds a newer version.`,
  throttled: (where) => `Refused before it was looked at: ${where} asked us to slow down.`,
  'not-sent': () => 'It never left the bridge.',
  'read-failed': () => 'It never left the bridge.',
  refused: (where) => `${where} refused it.`,
  'not-found': (where) => `${where} does not have the object any more.`,
  'access-lapsed': () => 'Refused: access had lapsed.',
} as const satisfies Record<Exclude<CallFailure['kind'], 'no-answer'>, (where: string) => string>;

/** The intent closed because evidence shows that it did not happen and never will. */
export const closed = (
  crossing: Crossing,
  intent: Pick<Intent, 'id'>,
  evidence: string,
): IntentChange => ({
  id: intent.id,
  state: 'REFUSED',
  sentAt: null,
  settledAt: crossing.engine.clock.now(),
  evidence,
  externalId: null,
  httpStatus: null,
  fault: null,
  traceId: null,
  response: null,
});

/** The intent sent once more, the same bytes under the same id. */
export const resent = (crossing: Crossing, intent: Pick<Intent, 'id'>): IntentChange => ({
  id: intent.id,
  state: 'SENT',
  sentAt: crossing.engine.clock.now(),
  settledAt: null,
  evidence: null,
  externalId: null,
  httpStatus: null,
  fault: null,
  traceId: null,
  response: null,
});
