import type { CallFailure } from '#core/attempt/failure.ts';
import type { Intent } from '#core/attempt/intent.ts';
import { matchReference } from '#core/mapping/match-reference.ts';
import type { NeededReference, Reference, ReferenceRecord } from '#core/mapping/reference.ts';
import type { OpenIntent, StoredDecision } from '#ports/store.ts';
import { unreachable } from '#core/unreachable.ts';
import { acknowledged, afterFailure, intentOf, send, type Draft } from './apply.ts';
import { nameOf, type Crossing } from './crossing.ts';
import { fileFailure } from './failures.ts';
import { workerLimits } from './limits.ts';
import { callOptions } from './observe.ts';
import { auditOf, markNow, record, statusMoved } from './record.ts';
import { pairedWith } from './references.ts';

const objects = { CUSTOMER: 'Customer', ITEM: 'Item', TERMS: 'Term' } as const;
type Makeable = keyof typeof objects;

const isMakeable = (kind: string): kind is Makeable => kind in objects;

/** Makes a customer, item or term that has no counterpart; true when the crossing may go on. */
export async function makeReference(
  crossing: Crossing,
  needed: NeededReference,
  along: readonly Reference[],
): Promise<boolean> {
  // Another invoice may have made it since this one looked.
  const [stored] = await crossing.engine.store.references(crossing.company.id, [needed]);
  if (stored?.status === 'MATCHED') return true;
  const draft = draftOf(crossing, needed);
  const intent = intentOf(crossing, draft);
  const prepared = await record(crossing, {
    marks: [
      markNow(
        crossing,
        'CLAIMED',
        `Making ${draft.object.toLowerCase()} “${needed.name}” in QuickBooks first.`,
      ),
    ],
    attempt: { decision: decisionOf(needed) },
    newIntents: [intent],
    references: along,
  });
  if (prepared === 'busy') await waitForTheOther(crossing, needed);
  if (prepared !== 'done') return false;
  const outcome = await send(crossing, intent);
  if (!outcome.ok) return takeNamesake(crossing, intent, needed, outcome.failure);
  const record_ = { id: outcome.value.id, name: outcome.value.name ?? needed.name };
  const settled = await record(crossing, {
    intentChanges: [acknowledged(crossing, intent, outcome.value, null)],
    references: [pairedWith(needed, record_)],
    audit: [referenceAudit(crossing, needed, record_.id, 'made in QuickBooks')],
  });
  return settled === 'done';
}

/** A refusal may say that the name is taken: whoever made it meanwhile, by that name it is the one that is meant. */
async function takeNamesake(
  crossing: Crossing,
  intent: Pick<Intent, 'id' | 'side'>,
  needed: NeededReference,
  failure: CallFailure,
): Promise<boolean> {
  const refused = afterFailure(crossing, intent, failure);
  const namesake = failure.kind === 'refused' ? await findNamesake(crossing, needed) : null;
  if (failure.kind !== 'refused' || namesake === null) {
    await fileFailure(crossing, failure, { intentChanges: [refused] });
    return false;
  }
  const how = failure.mayHaveCommitted ? arrived : 'it was made there meanwhile';
  const made = { id: namesake.id, httpStatus: failure.httpStatus ?? 200, traceId: null, raw: {} };
  const settled = await record(crossing, {
    intentChanges: [failure.mayHaveCommitted ? acknowledged(crossing, intent, made, how) : refused],
    references: [pairedWith(needed, namesake)],
    audit: [referenceAudit(crossing, needed, namesake.id, how)],
  });
  return settled === 'done';
}

/** How a record is known to have been made though no clear answer said so: names are unique in QuickBooks. */
export const arrived = 'it had arrived: QuickBooks has it under that name';

async function findNamesake(
  crossing: Crossing,
  needed: NeededReference,
): Promise<ReferenceRecord | null> {
  const { kind, name } = needed;
  const found = await crossing.accounting.findReferences(kind, name, callOptions(crossing));
  if (!found.ok) return null;
  const match = matchReference(needed, found.value);
  return match.kind === 'matched' ? match.record : null;
}

/** The kind and name of a reference that an open intent makes. */
export function neededOf(intent: OpenIntent): NeededReference {
  const { reference } = intent.decision;
  if (reference === null)
    throw new Error('an intent for a reference was stored without the reference');
  return reference;
}

/** Adopts or acknowledges an earlier making, and gives the link back at once to go on with the invoice. */
export async function settleReference(
  crossing: Crossing,
  intent: Pick<Intent, 'id'>,
  needed: NeededReference,
  found: Pick<ReferenceRecord, 'id' | 'name'>,
  evidence: string | null,
): Promise<void> {
  const why = evidence ?? 'it was made when sent again';
  await record(crossing, {
    intentChanges: [
      acknowledged(
        crossing,
        intent,
        { id: found.id, httpStatus: 200, traceId: null, raw: {} },
        evidence,
      ),
    ],
    references: [pairedWith(needed, found)],
    link: {
      uncertain: false,
      crashMarks: 0,
      statusReason: `“${needed.name}” is in QuickBooks; the invoice goes on.`,
      release: { dueInMs: 0 },
    },
    audit: [
      referenceAudit(crossing, needed, found.id, why),
      statusMoved(crossing, 'PENDING', `“${needed.name}”: ${why}.`),
    ],
  });
}

const referenceAudit = (crossing: Crossing, needed: NeededReference, id: string, how: string) =>
  auditOf(
    crossing,
    'REFERENCE_MAPPED',
    `${nameOf(crossing)}: “${needed.name}” is ${id} in QuickBooks; ${how}.`,
    [
      {
        path: `reference.${needed.kind}.${needed.internalId}`,
        side: null,
        before: null,
        after: id,
      },
    ],
  );

/** Another invoice is making the same record right now; its pairing will be there in a moment. */
async function waitForTheOther(crossing: Crossing, needed: NeededReference): Promise<void> {
  const note = `“${needed.name}” is being made in QuickBooks for another invoice.`;
  await record(crossing, {
    marks: [markNow(crossing, 'RETRY_SCHEDULED', note)],
    link: { statusReason: note, release: { dueInMs: workerLimits.busyMs } },
    audit: [statusMoved(crossing, 'PENDING', note)],
  });
}

function draftOf(crossing: Crossing, needed: NeededReference): Draft {
  const { spelling } = crossing.engine.sides;
  if (!isMakeable(needed.kind)) throw new Error(`a ${needed.kind} is never made`);
  const common = {
    side: 'quickbooks',
    objectKey: needed.internalId,
    operation: 'CREATED',
    restsOnVersion: null,
    externalId: null,
  } as const;
  switch (needed.kind) {
    case 'CUSTOMER':
      return {
        ...common,
        object: 'Customer',
        body: spelling.customer(needed, crossing.facts.homeCurrency),
      };
    case 'TERMS':
      return { ...common, object: 'Term', body: spelling.term(needed) };
    case 'ITEM':
      return { ...common, object: 'Item', body: spelling.item(needed, incomeAccountOf(crossing)) };
    default:
      return unreachable(needed.kind);
  }
}

function incomeAccountOf({ company }: Crossing): string {
  const { incomeAccountId } = company.settings;
  if (incomeAccountId === null) throw new Error('an item was to be made without an income account');
  return incomeAccountId;
}

const decisionOf = (reference: NeededReference): StoredDecision => ({
  explanation: `“${reference.name}” has no counterpart in QuickBooks; it is made there first.`,
  internalObservationId: null,
  quickbooksObservationId: null,
  baseInternal: null,
  baseQuickbooks: null,
  wanted: null,
  wantedInternal: null,
  translated: null,
  translatedBack: null,
  merges: [],
  quickbooksWrites: [],
  internalWrites: [],
  policyVersion: 1,
  reference,
});
