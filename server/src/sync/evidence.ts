import { dispositionOf } from '#core/attempt/disposition.ts';
import type { CallFailure, CallOutcome } from '#core/attempt/failure.ts';
import { isGone } from '#core/invoice/invoice.ts';
import { sideNames, sideNamesFirst } from '#core/side.ts';
import type { Intent } from '#core/attempt/intent.ts';
import { importReference } from '#core/plan/plan-import.ts';
import type { Found, Seen, Written } from '#ports/accounting-system.ts';
import type { IntentChange, OpenIntent, StoredDecision } from '#ports/store.ts';
import { afterFailure, closed, resent, send } from './apply.ts';
import type { Arrival, Basis } from './arrival.ts';
import { isAsMeant, keyedAsSent, makerOf } from './as-meant.ts';
import type { Crossing } from './crossing.ts';
import { fileFailure } from './failures.ts';
import { workerLimits } from './limits.ts';
import { arrivedIn, findNamesake, neededOf, settleReference } from './make-reference.ts';
import { callOptions } from './observe.ts';
import { auditOf, markNow, record, statusMoved } from './record.ts';
import { acceptRepeat, adopt } from './settle-write.ts';
import { stop } from './stop.ts';

/** What looking at the other side says about a write without a clear answer. */
export type Evidence =
  | { readonly kind: 'done'; readonly found: Seen; readonly because: string }
  | { readonly kind: 'not-done'; readonly because: string }
  /** Someone else wrote since, and our change is not there: it never will be under this version. */
  | { readonly kind: 'overtaken'; readonly because: string }
  | { readonly kind: 'several'; readonly found: readonly Seen[] };

/**
 * Settles an open intent by evidence before anything else is planned for the object (architecture.md §3, "Uncertain").
 * Every way out records a step and gives the link back.
 */
export async function settleByEvidence(crossing: Crossing, intent: OpenIntent): Promise<void> {
  if (intent.object !== 'Invoice') return settleReferenceByEvidence(crossing, intent);
  const evidence = await lookFor(crossing, intent);
  if (!evidence.ok)
    return fileFailure(crossing, evidence.failure, { link: { uncertain: true } }, intent.side);
  await crossing.engine.store.noteReachability(crossing.lease, true);
  return act(crossing, intent, evidence.value);
}

/** Looks on the side written to for what a write would have done. */
export function lookFor(crossing: Crossing, intent: OpenIntent): Promise<CallOutcome<Evidence>> {
  if (intent.side === 'internal') return lookInternally(crossing, intent);
  return intent.operation === 'CREATED'
    ? lookForCreated(crossing, intent.decision)
    : lookForChanged(crossing, intent);
}

/** A create is looked for by number, else by customer, date and total, and confirmed by the marker. */
export async function lookForCreated(
  crossing: Crossing,
  decision: StoredDecision,
): Promise<CallOutcome<Evidence>> {
  const { wanted } = decision;
  if (wanted === null) throw new Error('a create was decided without content');
  const found = await crossing.accounting.findInvoicesLike(
    {
      number: wanted.number,
      customerId: wanted.customer.id,
      issueDate: wanted.issueDate,
      total: null,
    },
    callOptions(crossing),
  );
  if (!found.ok) return found;
  const marked = crossing.company.settings.markDocuments;
  // A document that is made again carries the marker of the one it takes the place of.
  const ours = found.value.filter(
    ({ invoice }) =>
      invoice.id !== crossing.link.quickbooksId &&
      (marked
        ? invoice.counterpartId === crossing.link.internalId
        : invoice.customer.id === wanted.customer.id && invoice.issueDate === wanted.issueDate),
  );
  const living = ours.filter(({ invoice }) => !isGone(invoice));
  const [first] = living.length > 0 ? living : ours;
  if (first === undefined)
    return { ok: true, value: { kind: 'not-done', because: 'QuickBooks has no such invoice.' } };
  if (living.length > 1) return { ok: true, value: { kind: 'several', found: living } };
  return {
    ok: true,
    value: {
      kind: 'done',
      found: first,
      because: `it had arrived: QuickBooks has it as ${first.invoice.id}, with our marker`,
    },
  };
}

async function lookForChanged(
  crossing: Crossing,
  intent: OpenIntent,
): Promise<CallOutcome<Evidence>> {
  if (intent.externalId === null)
    throw new Error('a change was decided for an object without an id');
  const read = await crossing.accounting.readInvoice(intent.externalId, callOptions(crossing));
  if (!read.ok) return read;
  if ('gone' in read.value)
    return {
      ok: true,
      value: { kind: 'overtaken', because: 'the invoice was deleted in QuickBooks meanwhile' },
    };
  const found = keyedAsSent(intent, read.value);
  if (isAsMeant(crossing, intent, found)) return { ok: true, value: doneAs(intent, found) };
  if (found.invoice.version === intent.restsOnVersion) return { ok: true, value: notDone(intent) };
  return {
    ok: true,
    value: {
      kind: 'overtaken',
      because:
        'someone else changed the invoice in QuickBooks meanwhile, and our change is not in it',
    },
  };
}

/**
 * Internal invoicing keeps the first answer to every key for 30 days (http.md §4): where the document does not tell, the
 * same bytes under the same key do, and `If-Match` refuses them when the version has moved.
 */
async function lookInternally(
  crossing: Crossing,
  intent: OpenIntent,
): Promise<CallOutcome<Evidence>> {
  if (intent.operation === 'CREATED') return lookForImported(crossing);
  if (intent.externalId === null)
    throw new Error('a change was decided for an object without an id');
  const read = await crossing.invoicing.readInvoice(intent.externalId, callOptions(crossing));
  if (!read.ok) return read;
  const found = shownInternally(crossing, intent, read.value);
  if (found === null)
    return {
      ok: true,
      value: { kind: 'overtaken', because: 'the invoice was deleted internally meanwhile' },
    };
  return {
    ok: true,
    value: isAsMeant(crossing, intent, found) ? doneAs(intent, found) : notDone(intent),
  };
}

/** An import carries the reference of its QuickBooks invoice, which internal invoicing lets one invoice have. */
async function lookForImported(crossing: Crossing): Promise<CallOutcome<Evidence>> {
  const read = await findImported(crossing);
  if (!read.ok) return read;
  const [found, second] = read.value;
  if (found === undefined)
    return { ok: true, value: { kind: 'not-done', because: 'Internal invoicing has not got it.' } };
  if (second !== undefined)
    throw new Error('internal invoicing has two invoices with one external reference');
  const because = `it had arrived: internal invoicing has it as ${found.invoice.id}`;
  return { ok: true, value: { kind: 'done', found, because } };
}

/** The internal invoice that was made of the link's QuickBooks invoice, or again of it after the link's own was gone. */
export const findImported = (crossing: Crossing): Promise<CallOutcome<readonly Seen[]>> =>
  crossing.invoicing.findByExternalRef(
    referenceFor(crossing, crossing.link.quickbooksId ?? ''),
    callOptions(crossing),
  );

/** The reference of an internal invoice that is made of a QuickBooks one; one made again has its own, since each is unique. */
export const referenceFor = ({ company, link }: Crossing, quickbooksId: string): string =>
  importReference(company.realmId ?? '', quickbooksId, link.internalId);

/** Gone is one value: a void that found the invoice deleted got what was meant. */
function shownInternally({ link }: Crossing, intent: OpenIntent, read: Found): Seen | null {
  if (!('gone' in read)) return keyedAsSent(intent, read);
  if (intent.operation !== 'VOIDED' || link.internal === null) return null;
  const { invoice, raw } = link.internal;
  return { raw, invoice: { ...invoice, existence: 'deleted' } };
}

const doneAs = ({ side }: OpenIntent, found: Seen): Evidence => ({
  kind: 'done',
  found,
  because: `it had arrived: ${sideNames[side]} shows the change`,
});

const notDone = ({ side }: OpenIntent): Evidence => ({
  kind: 'not-done',
  because: `${sideNamesFirst[side]} does not show the change.`,
});

/** A write answered with its document, or found to have made one. */
export function arrivalOf(
  intent: Intent,
  written: Arrival['written'] & Pick<Written, 'seen'>,
): Arrival {
  const { seen } = written;
  if (seen === null)
    throw new Error(`${sideNames[intent.side]} answered a write of an invoice without the invoice`);
  return { intent, written, seen };
}

/** What was found instead of an answer, as the answer it stands for. */
export const foundAs = (found: Seen) => ({
  id: found.invoice.id,
  httpStatus: 200,
  traceId: null,
  raw: found.raw,
  seen: found,
});

export function basisOf({ decision, internalThen, quickbooksThen }: OpenIntent): Basis {
  return {
    decision,
    internal: internalThen?.invoice ?? null,
    quickbooks: quickbooksThen?.invoice ?? null,
  };
}

/** What was found is what one of the creates so far made; the one that was looked for then never happens. */
async function adoptMaker(
  crossing: Crossing,
  intent: OpenIntent,
  found: Seen,
  because: string,
): Promise<void> {
  const creates = intent.operation === 'CREATED' ? crossing.link.refusedCreates : [];
  const maker = makerOf(crossing, [...creates, intent], intent.side, found) ?? intent;
  const instead = 'an earlier one had arrived';
  const also = maker === intent ? [] : [closed(crossing, intent, instead)];
  return adopt(crossing, basisOf(maker), arrivalOf(maker, foundAs(found)), because, also);
}

async function act(crossing: Crossing, intent: OpenIntent, evidence: Evidence): Promise<void> {
  switch (evidence.kind) {
    case 'done':
      return adoptMaker(crossing, intent, evidence.found, evidence.because);
    case 'several':
      return stopAmbiguous(crossing, evidence.found);
    case 'overtaken':
      return planAnew(crossing, intent, evidence.because);
    case 'not-done':
      return mayStillLand(crossing, intent)
        ? lookAgain(crossing, evidence.because)
        : sendAgain(crossing, intent);
  }
}

/**
 * QuickBooks may take up to 120 s: until then "not found" proves nothing (engine-evidence.md §3.1). Internal invoicing
 * answers a repeat under the same key with its first answer, so nothing is waited for.
 */
export const mayStillLand = ({ engine, link }: Crossing, intent: OpenIntent): boolean =>
  intent.operation === 'CREATED' &&
  intent.side === 'quickbooks' &&
  // By database time on both ends: the machines that sent and that looks may be hours apart.
  link.claimedAt - intent.lastSentAt < engine.commitWaitMs;

/** Gives the link back until the write may be there, or can no longer arrive. */
export async function lookAgain(crossing: Crossing, because: string): Promise<void> {
  const note = `${because} The write may still be on its way, so it is looked for again before anything is sent.`;
  await record(crossing, {
    marks: [markNow(crossing, 'RETRY_SCHEDULED', note)],
    attempt: { endedAt: crossing.engine.clock.now(), outcome: 'UNKNOWN' },
    link: { uncertain: true, statusReason: note, release: { dueInMs: workerLimits.lookAgainMs } },
    audit: [statusMoved(crossing, 'UNCERTAIN', note)],
  });
}

/** Closes a write that never happens under the version it rested on; what is still wanted is planned anew. */
export async function planAnew(
  crossing: Crossing,
  intent: OpenIntent,
  because: string,
): Promise<void> {
  const note = `The earlier write is closed: ${because}.`;
  crossing.reads.distrust(crossing.link);
  const uncertain = crossing.link.openIntents.some(({ id }) => id !== intent.id);
  await record(crossing, {
    marks: [markNow(crossing, 'RETRY_SCHEDULED', note)],
    attempt: { endedAt: crossing.engine.clock.now(), outcome: 'STALE' },
    intentChanges: [closed(crossing, intent, because)],
    link: { uncertain, quickbooksFresh: false, statusReason: note, release: { dueInMs: 0 } },
    audit: [statusMoved(crossing, uncertain ? 'UNCERTAIN' : 'PENDING', note)],
  });
}

/** The same bytes under the same request id: either side answers a repeat with its first answer. */
async function sendAgain(crossing: Crossing, intent: OpenIntent): Promise<void> {
  const outcome = await sentAgain(crossing, intent);
  if (outcome === null) return;
  if (!outcome.ok) return failedAgain(crossing, intent, outcome.failure);
  return acceptRepeat(crossing, basisOf(intent), arrivalOf(intent, outcome.value));
}

/** The answer to such a repeat; null when the lease is no longer ours. */
export async function sentAgain(
  crossing: Crossing,
  intent: OpenIntent,
): Promise<CallOutcome<Written> | null> {
  const sent = await record(crossing, {
    marks: [
      markNow(
        crossing,
        'SENDING',
        'It did not arrive; the same request is sent again under the same id.',
      ),
    ],
    writtenTo: [intent.side],
    attempt: { decision: intent.decision },
    intentChanges: [resent(crossing, intent)],
    audit: [
      auditOf(
        crossing,
        'STATE_CHANGED',
        'The write had not arrived; the same bytes are sent again under the same request id.',
      ),
    ],
  });
  return sent === 'done' ? send(crossing, intent) : null;
}

/** Files a repeat that failed as well. */
export async function failedAgain(
  crossing: Crossing,
  intent: OpenIntent,
  failure: CallFailure,
): Promise<void> {
  const others = crossing.link.openIntents.some(({ id }) => id !== intent.id);
  const uncertain = failure.kind === 'no-answer' || others;
  const intentChanges = [afterFailure(crossing, intent, failure)];
  if (others && dispositionOf[failure.kind].next === 'dead-letter')
    return settleTheOther(crossing, intentChanges);
  await fileFailure(crossing, failure, { intentChanges, link: { uncertain } }, intent.side);
}

/** Nobody would look for the other write once this one had stopped the invoice: it goes first, and then what is left stops it. */
async function settleTheOther(
  crossing: Crossing,
  intentChanges: readonly IntentChange[],
): Promise<void> {
  const note = 'One write was refused; whether the other one arrived is found out first.';
  await record(crossing, {
    marks: [markNow(crossing, 'RETRY_SCHEDULED', note)],
    attempt: { endedAt: crossing.engine.clock.now(), outcome: 'REJECTED' },
    intentChanges,
    link: { uncertain: true, statusReason: note, release: { dueInMs: 0 } },
    audit: [statusMoved(crossing, 'UNCERTAIN', note)],
  });
}

/** Two documents carry our marker: no event may heal that, a person has to look. */
export function stopAmbiguous(crossing: Crossing, found: readonly Seen[]): Promise<void> {
  const ids = found.map(({ invoice }) => invoice.id).join(' and ');
  return stop(
    crossing,
    {
      reason: 'AMBIGUOUS_WRITE',
      explanation: `QuickBooks has more than one invoice made from this one: ${ids}. Nothing more is written until one of them is void.`,
      suggestedFix: [`Void all but one of ${ids} in QuickBooks.`, 'Then replay.'],
      cause: 'AMBIGUOUS_WRITE:several',
    },
    { link: { uncertain: false } },
  );
}

/** Names are unique on either side, so a reference that was made is found by its name. */
async function settleReferenceByEvidence(crossing: Crossing, intent: OpenIntent): Promise<void> {
  const made = neededOf(intent);
  const found = await findNamesake(crossing, made);
  if (!found.ok)
    return fileFailure(crossing, found.failure, { link: { uncertain: true } }, intent.side);
  if (found.value !== null)
    return settleReference(crossing, intent, made, found.value, arrivedIn(intent.side));
  const outcome = await resendReference(crossing, intent);
  if (outcome === null) return;
  if (!outcome.ok) return failedAgain(crossing, intent, outcome.failure);
  return settleReference(
    crossing,
    intent,
    made,
    { id: outcome.value.id, name: outcome.value.name ?? made.name },
    null,
  );
}

async function resendReference(crossing: Crossing, intent: OpenIntent) {
  const sent = await record(crossing, {
    attempt: { decision: intent.decision },
    intentChanges: [resent(crossing, intent)],
  });
  return sent === 'done' ? send(crossing, intent) : null;
}
