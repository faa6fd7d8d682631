import { makingForbidden, type CallFailure, type CallOutcome } from '#core/attempt/failure.ts';
import { deadLetterOf, type DeadLetter } from '#core/attempt/dead-letter.ts';
import type { Intent } from '#core/attempt/intent.ts';
import { matchReference } from '#core/mapping/match-reference.ts';
import {
  keyOfWaiting,
  pairedWith,
  waitingFor,
  type NeededReference,
  type Reference,
  type ReferenceRecord,
} from '#core/mapping/reference.ts';
import { otherSide, sideNames, type Side } from '#core/side.ts';
import { unreachable } from '#core/unreachable.ts';
import type { OpenIntent, StoredDecision } from '#ports/store.ts';
import { acknowledged, afterFailure, intentOf, send, type Draft } from './apply.ts';
import { nameOf, type Crossing } from './crossing.ts';
import { fileFailure } from './failures.ts';
import { workerLimits } from './limits.ts';
import { isTaken, matchInternalRecord } from './match-internally.ts';
import { callOptions } from './observe.ts';
import { auditOf, markNow, record, statusMoved } from './record.ts';
import { kindWords } from './references.ts';
import { stop } from './stop.ts';

const objects = { CUSTOMER: 'Customer', ITEM: 'Item', TERMS: 'Term' } as const;
type Makeable = keyof typeof objects;

const isMakeable = (kind: string): kind is Makeable => kind in objects;

/** The side that lacks the record. */
const whereMade = ({ side }: NeededReference): Side => otherSide(side);

/** Makes a customer, item or term that has no counterpart; true when the crossing may go on. */
export async function makeReference(
  crossing: Crossing,
  needed: NeededReference,
  along: readonly Reference[],
): Promise<boolean> {
  // Another invoice may have made it since this one looked.
  if (await isPaired(crossing, needed)) return true;
  const draft = draftOf(crossing, needed);
  const intent = intentOf(crossing, draft);
  const making = `Making ${draft.object.toLowerCase()} “${needed.name}” in ${sideNames[draft.side]} first.`;
  const prepared = await record(crossing, {
    marks: [markNow(crossing, 'CLAIMED', making)],
    attempt: { decision: decisionOf(needed) },
    newIntents: [intent],
    references: along,
  });
  if (prepared === 'busy') await waitForTheOther(crossing, needed);
  if (prepared !== 'done') return false;
  const outcome = await send(crossing, intent);
  if (!outcome.ok) return takeNamesake(crossing, intent, needed, outcome.failure);
  const made = { id: outcome.value.id, name: outcome.value.name ?? needed.name };
  const settled = await record(crossing, {
    intentChanges: [acknowledged(crossing, intent, outcome.value, null)],
    references: [pairedWith(needed, made)],
    audit: [referenceAudit(crossing, needed, made.id, `made in ${sideNames[draft.side]}`)],
  });
  return settled === 'done';
}

async function isPaired(
  { engine, company }: Crossing,
  { kind, side, id, name }: NeededReference,
): Promise<boolean> {
  const rows =
    side === 'internal'
      ? await engine.store.references(company.id, [{ kind, id }])
      : await engine.store.referencesTo(company.id, [{ kind, quickbooksId: id, name }]);
  return rows.some(({ status }) => status === 'MATCHED');
}

/** A refusal may say that the name is taken: whoever made it meanwhile, by that name it is the one that is meant. */
async function takeNamesake(
  crossing: Crossing,
  intent: Pick<Intent, 'id' | 'side'>,
  needed: NeededReference,
  failure: CallFailure,
): Promise<boolean> {
  const refused = afterFailure(crossing, intent, failure);
  if (failure.kind !== 'refused') {
    await fileFailure(crossing, failure, { intentChanges: [refused] }, intent.side);
    return false;
  }
  const namesake = await findNamesake(crossing, needed);
  if (!namesake.ok || namesake.value === null) {
    const letter = notMade(needed, failure);
    await stop(crossing, letter, {
      intentChanges: [refused],
      references: [waitingFor(needed, 'MISSING', [], undefined)],
      attempt: { fault: failure.fault },
    });
    return false;
  }
  const how = failure.mayHaveCommitted ? arrivedIn(intent.side) : 'it was made there meanwhile';
  const { id } = namesake.value;
  const made = { id, httpStatus: failure.httpStatus ?? 200, traceId: null, raw: {} };
  const settled = await record(crossing, {
    intentChanges: [failure.mayHaveCommitted ? acknowledged(crossing, intent, made, how) : refused],
    references: [pairedWith(needed, namesake.value)],
    audit: [referenceAudit(crossing, needed, id, how)],
  });
  return settled === 'done';
}

/** How a record is known to have been made though no clear answer said so: names are unique on either side. */
export const arrivedIn = (side: Side): string =>
  `it had arrived: ${sideNames[side]} has it under that name`;

/** The one record of that name on the side where it is to be made. */
export async function findNamesake(
  crossing: Crossing,
  needed: NeededReference,
): Promise<CallOutcome<ReferenceRecord | null>> {
  const { kind, name } = needed;
  if (whereMade(needed) === 'internal') return findInternally(crossing, needed);
  const found = await crossing.accounting.findReferences(kind, name, callOptions(crossing));
  if (!found.ok) return found;
  const match = matchReference(needed, found.value);
  return { ok: true, value: match.kind === 'matched' ? match.record : null };
}

async function findInternally(
  crossing: Crossing,
  needed: NeededReference,
): Promise<CallOutcome<ReferenceRecord | null>> {
  const found = await crossing.invoicing.listReferences(needed.kind, callOptions(crossing));
  if (!found.ok) return found;
  const match = matchInternalRecord(needed, found.value);
  if (match.kind !== 'matched') return { ok: true, value: null };
  const taken = await isTaken(crossing, pairedWith(needed, match.record));
  return { ok: true, value: taken ? null : match.record };
}

/** One name space for customers, vendors and employees; no customer of that name was found (quickbooks.md §3). */
const nameTaken = '6240';

/** Why a record could not be made: it waits for a person, and all that need it wait with it. */
function notMade(
  needed: NeededReference,
  failure: Extract<CallFailure, { kind: 'refused' }>,
): DeadLetter {
  const side = whereMade(needed);
  const letter = deadLetterOf(failure, side);
  const waitsFor = [keyOfWaiting(waitingFor(needed, 'MISSING', [], undefined))];
  const title = `${kindWords[needed.kind]} “${needed.name}”`;
  const { code, detail, message } = failure.fault;
  if (code === nameTaken)
    return {
      reason: 'MISSING_REFERENCE',
      explanation: `${title} could not be made in QuickBooks: a vendor or an employee goes by that name, and names are unique across them.`,
      suggestedFix: [
        `Rename the vendor or employee “${needed.name}” in QuickBooks, or pair ${kindWords[needed.kind].toLowerCase()} “${needed.name}” with another record.`,
        'It then goes on by itself once it is paired, or replay.',
      ],
      cause: letter.cause,
      waitsFor,
    };
  if (code !== makingForbidden)
    return {
      ...letter,
      explanation: `${title} could not be made in ${sideNames[side]}: ${detail ?? message}`,
      waitsFor,
    };
  return {
    reason: 'MISSING_REFERENCE',
    explanation: `${title} exists in ${sideNames[needed.side]} only, and ${sideNames[side]} does not let the bridge make it.`,
    suggestedFix: [
      `Make “${needed.name}” in ${sideNames[side]}, or pair it with a record that is there.`,
      'It then goes on by itself, or replay.',
    ],
    cause: letter.cause,
    waitsFor,
  };
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
  const { id } = found;
  const written = { id, httpStatus: 200, traceId: null, raw: {} };
  await record(crossing, {
    intentChanges: [acknowledged(crossing, intent, written, evidence)],
    references: [pairedWith(needed, found)],
    link: {
      uncertain: false,
      crashMarks: 0,
      statusReason: `“${needed.name}” is in ${sideNames[whereMade(needed)]}; the invoice goes on.`,
      release: { dueInMs: 0 },
    },
    audit: [
      referenceAudit(crossing, needed, id, why),
      statusMoved(crossing, 'PENDING', `“${needed.name}”: ${why}.`),
    ],
  });
}

const referenceAudit = (crossing: Crossing, needed: NeededReference, id: string, how: string) =>
  auditOf(
    crossing,
    'REFERENCE_MAPPED',
    `${nameOf(crossing)}: “${needed.name}” is ${id} in ${sideNames[whereMade(needed)]}; ${how}.`,
    [{ path: `reference.${needed.kind}.${needed.id}`, side: null, before: null, after: id }],
  );

/** Another invoice is making the same record right now; its pairing will be there in a moment. */
async function waitForTheOther(crossing: Crossing, needed: NeededReference): Promise<void> {
  const note = `“${needed.name}” is being made in ${sideNames[whereMade(needed)]} for another invoice.`;
  await record(crossing, {
    marks: [markNow(crossing, 'RETRY_SCHEDULED', note)],
    link: { statusReason: note, release: { dueInMs: workerLimits.busyMs } },
    audit: [statusMoved(crossing, 'PENDING', note)],
  });
}

function draftOf(crossing: Crossing, needed: NeededReference): Draft {
  if (!isMakeable(needed.kind)) throw new Error(`a ${needed.kind} is never made`);
  const side = whereMade(needed);
  return {
    side,
    object: objects[needed.kind],
    objectKey: needed.id,
    operation: 'CREATED',
    body:
      side === 'internal'
        ? internalBody(crossing, needed)
        : quickbooksBody(crossing, needed, needed.kind),
    restsOnVersion: null,
    externalId: null,
  };
}

function quickbooksBody(crossing: Crossing, needed: NeededReference, kind: Makeable): string {
  const { spelling } = crossing.engine.sides;
  switch (kind) {
    case 'CUSTOMER':
      return spelling.customer(needed, needed.currency ?? crossing.facts.homeCurrency);
    case 'TERMS':
      return spelling.term(needed);
    case 'ITEM':
      return spelling.item(needed, incomeAccountOf(crossing));
    default:
      return unreachable(kind);
  }
}

function internalBody({ engine }: Crossing, needed: NeededReference): string {
  const { invoicingSpelling } = engine.sides;
  if (needed.kind === 'CUSTOMER') return invoicingSpelling.customer(needed);
  if (needed.kind === 'ITEM') return invoicingSpelling.item(needed);
  throw new Error(`a ${needed.kind} is never made in internal invoicing`);
}

function incomeAccountOf({ company }: Crossing): string {
  const { incomeAccountId } = company.settings;
  if (incomeAccountId === null) throw new Error('an item was to be made without an income account');
  return incomeAccountId;
}

const decisionOf = (reference: NeededReference): StoredDecision => ({
  explanation: `“${reference.name}” has no counterpart in ${sideNames[whereMade(reference)]}; it is made there first.`,
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
  taxVariance: null,
  edits: null,
  context: null,
  policyVersion: 1,
  reference,
});
