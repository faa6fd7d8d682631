import type { CallFailure, CallOutcome } from '#core/attempt/failure.ts';
import { isGone, type Payment } from '#core/invoice/invoice.ts';
import { markerFor } from '#core/mapping/marker.ts';
import { fieldText, hasMoved } from '#core/payment/merge-payment.ts';
import type { PaymentContent } from '#core/payment/payment.ts';
import type { PaymentStep } from '#core/payment/payment-plan.ts';
import { sideNames, sideNamesFirst } from '#core/side.ts';
import type { Seen } from '#ports/accounting-system.ts';
import type { SeenPayment } from '#ports/payments.ts';
import type { OpenIntent } from '#ports/store.ts';
import type { PaymentDecision } from '#ports/stored-payments.ts';
import { resent, send } from './apply.ts';
import type { Crossing } from './crossing.ts';
import { failedAgain, lookAgain, mayStillLand, planAnew } from './evidence.ts';
import { fileFailure } from './failures.ts';
import { callOptions } from './observe.ts';
import { auditOf, markNow, record } from './record.ts';
import { arrivalOfPayment, settlePayment, type PaymentArrival } from './settle-payment.ts';
import { stop } from './stop.ts';

/** What looking says about a write of a payment without a clear answer. */
type PaymentEvidence =
  | { readonly kind: 'done'; readonly arrival: PaymentArrival; readonly because: string }
  | { readonly kind: 'not-done'; readonly because: string }
  | { readonly kind: 'overtaken'; readonly because: string }
  | { readonly kind: 'several'; readonly ids: readonly string[] };

/**
 * Settles an open write of a payment by evidence before anything else is planned for the invoice (architecture.md §3,
 * "Uncertain"). Every way out records a step and gives the link back.
 */
export async function settlePaymentByEvidence(
  crossing: Crossing,
  intent: OpenIntent,
): Promise<void> {
  const { payment: decided } = intent.decision;
  if (decided === undefined) throw new Error('a payment was written without being decided');
  const evidence = await lookFor(crossing, intent, decided);
  if (!evidence.ok)
    return fileFailure(crossing, evidence.failure, { link: { uncertain: true } }, intent.side);
  const found = evidence.value;
  switch (found.kind) {
    case 'done':
      return settlePayment(crossing, intent.decision, found.arrival, found.because);
    case 'several':
      return stopAmbiguous(crossing, found.ids);
    case 'overtaken':
      return planAnew(crossing, intent, found.because);
    case 'not-done':
      return isLookedFor(intent) && mayStillLand(crossing, intent)
        ? lookAgain(crossing, found.because)
        : sendAgain(crossing, intent);
  }
}

/** A refusal that is known to hide a commit is looked into before it counts (quickbooks.md §4.2, 6000); true where it was done. */
export async function isDoneNonetheless(
  crossing: Crossing,
  intent: OpenIntent,
  failure: CallFailure,
): Promise<boolean> {
  const { payment: decided } = intent.decision;
  if (failure.kind !== 'refused' || !failure.mayHaveCommitted || decided === undefined)
    return false;
  const evidence = await lookFor(crossing, intent, decided);
  if (!evidence.ok || evidence.value.kind !== 'done') return false;
  const { arrival, because } = evidence.value;
  await settlePayment(
    crossing,
    intent.decision,
    arrival,
    `QuickBooks refused it and yet ${because}`,
  );
  return true;
}

/** Internal invoicing keeps the first answer to every key (http.md §4): there a repeat never makes a second payment. */
const isLookedFor = ({ side, operation }: OpenIntent): boolean =>
  side === 'quickbooks' && operation === 'CREATED';

function lookFor(
  crossing: Crossing,
  intent: OpenIntent,
  decided: PaymentDecision,
): Promise<CallOutcome<PaymentEvidence>> {
  if (intent.side === 'internal') return lookInternally(crossing, intent, decided);
  return decided.step.kind === 'create'
    ? lookForCreated(crossing, intent, decided, decided.step)
    : lookForChanged(crossing, intent, decided, decided.step);
}

type Step<Kind extends PaymentStep['kind']> = Extract<PaymentStep, { kind: Kind }>;

/** By customer, date and total, confirmed by the marker; without markers by the invoice it pays. */
async function lookForCreated(
  crossing: Crossing,
  intent: OpenIntent,
  { customerId, invoiceId }: PaymentDecision,
  { wanted, fromId }: Step<'create'>,
): Promise<CallOutcome<PaymentEvidence>> {
  const likeness = { customerId, date: wanted.date, total: wanted.amount };
  const like = await crossing.accounting.findPaymentsLike(likeness, callOptions(crossing));
  if (!like.ok) return like;
  const isMarked = intent.body.includes(markerFor(fromId));
  const { engine, company, link } = crossing;
  const { pairs } = await engine.store.payments(company.id, link.id, []);
  const ours = like.value.filter(({ payment }) =>
    isMarked
      ? payment.marker === fromId
      : payment.applications.some((one) => one.invoiceId === invoiceId) &&
        !pairs.some(({ quickbooksId }) => quickbooksId === payment.id),
  );
  const [first, ...others] = ours.filter(({ payment }) => !isGone(payment));
  if (first === undefined)
    return value({ kind: 'not-done', because: 'QuickBooks has no such payment.' });
  if (others.length > 0)
    return value({ kind: 'several', ids: [first, ...others].map(({ payment }) => payment.id) });
  const because = `it had arrived: QuickBooks has it as ${first.payment.id}`;
  return value({ kind: 'done', arrival: foundThere(intent, first.payment.id, first), because });
}

async function lookForChanged(
  crossing: Crossing,
  intent: OpenIntent,
  { invoiceId }: PaymentDecision,
  step: Exclude<PaymentStep, { kind: 'create' }>,
): Promise<CallOutcome<PaymentEvidence>> {
  const id = step.pair.quickbooksId;
  const read = await crossing.accounting.readPayment(id, callOptions(crossing));
  if (!read.ok) return read;
  const seen = 'gone' in read.value || isGone(read.value.payment) ? null : read.value;
  const given = seen?.payment.applications.find((one) => one.invoiceId === invoiceId);
  const done = value({
    kind: 'done',
    arrival: foundThere(intent, id, seen),
    because: 'it had arrived: QuickBooks shows the change',
  });
  if (step.kind === 'remove' && given === undefined) return done;
  if (seen === null || given === undefined)
    return value({ kind: 'overtaken', because: 'the payment was removed in QuickBooks meanwhile' });
  const { version, date, method, reference } = seen.payment;
  if (version === intent.restsOnVersion)
    return value({ kind: 'not-done', because: 'QuickBooks does not show the change.' });
  if (step.kind === 'change' && isAsMeant(step, { amount: given.amount, date, method, reference }))
    return done;
  return value({
    kind: 'overtaken',
    because:
      'someone else changed the payment in QuickBooks meanwhile, and our change is not in it',
  });
}

/** The invoice shows its payments; where it does not tell, the same bytes under the same key do (http.md §4). */
async function lookInternally(
  crossing: Crossing,
  intent: OpenIntent,
  { step }: PaymentDecision,
): Promise<CallOutcome<PaymentEvidence>> {
  const { link, invoicing } = crossing;
  if (link.internalId === null) throw new Error('a payment was written to no invoice');
  const read = await invoicing.readInvoice(link.internalId, callOptions(crossing));
  if (!read.ok) return read;
  if ('gone' in read.value)
    return value({ kind: 'overtaken', because: 'the invoice was deleted internally meanwhile' });
  const invoice = read.value;
  const notDone = value({
    kind: 'not-done' as const,
    because: 'Internal invoicing does not show it.',
  });
  const doneAs = (id: string, what: string) =>
    value({
      kind: 'done' as const,
      arrival: {
        intent,
        written: { id, httpStatus: 200, traceId: null, raw: invoice.raw },
        invoice,
        payment: null,
      },
      because: `it had arrived: ${sideNames.internal} ${what}`,
    });
  if (step.kind === 'create') {
    const madeId = await madeInternally(crossing, intent, invoice, step);
    return madeId === null ? notDone : doneAs(madeId, `has it as ${madeId}`);
  }
  const { internalId } = step.pair;
  const shown = invoice.invoice.payments.find(({ id }) => id === internalId);
  const done = doneAs(internalId, 'shows the change');
  if (shown === undefined)
    return step.kind === 'remove'
      ? done
      : value({ kind: 'overtaken', because: 'the payment was removed internally meanwhile' });
  const content = contentOf(shown);
  if (step.kind === 'remove' || content === null) return notDone;
  return shown.version !== intent.restsOnVersion && isAsMeant(step, content) ? done : notDone;
}

/** The one payment that is new since the write was decided, belongs to none in QuickBooks and says what was meant. */
async function madeInternally(
  { engine, company, link }: Crossing,
  { internalThen }: OpenIntent,
  { invoice }: Seen,
  { wanted }: Step<'create'>,
): Promise<string | null> {
  const { pairs } = await engine.store.payments(company.id, link.id, []);
  const isKnown = (id: string): boolean =>
    pairs.some(({ internalId }) => internalId === id) ||
    internalThen?.invoice.payments.some((payment) => payment.id === id) === true;
  const [made, ...others] = invoice.payments.filter((payment) => {
    const content = contentOf(payment);
    return !isKnown(payment.id) && content !== null && !hasMoved(content, wanted);
  });
  return made === undefined || others.length > 0 ? null : made.id;
}

/** What an internal payment says; null for one without amount or date, which nobody could compare. */
function contentOf({ amount, date, method, reference }: Payment): PaymentContent | null {
  if (amount === null || date === null) return null;
  return {
    amount,
    date,
    method: method === null ? null : { id: method, name: method },
    reference,
  };
}

const value = (evidence: PaymentEvidence): CallOutcome<PaymentEvidence> => ({
  ok: true,
  value: evidence,
});

const isAsMeant = ({ fields, wanted }: Step<'change'>, shown: PaymentContent): boolean =>
  fields.every((field) => fieldText(shown, field) === fieldText(wanted, field));

/** What was found instead of an answer. */
const foundThere = (
  intent: OpenIntent,
  id: string,
  payment: SeenPayment | null,
): PaymentArrival => ({
  intent,
  written: { id, httpStatus: 200, traceId: null, raw: payment?.raw ?? {} },
  invoice: null,
  payment,
});

/** The same bytes under the same request id: either side answers a repeat with its first answer. */
async function sendAgain(crossing: Crossing, intent: OpenIntent): Promise<void> {
  const note = 'It did not arrive; the same request is sent again under the same id.';
  const sent = await record(crossing, {
    marks: [markNow(crossing, 'SENDING', note)],
    writtenTo: [intent.side],
    attempt: { decision: intent.decision },
    intentChanges: [resent(crossing, intent)],
    audit: [
      auditOf(
        crossing,
        'STATE_CHANGED',
        `The payment had not arrived in ${sideNames[intent.side]}; the same bytes are sent again under the same request id.`,
      ),
    ],
  });
  if (sent !== 'done') return;
  const outcome = await send(crossing, intent);
  if (!outcome.ok) return failedAgain(crossing, intent, outcome.failure);
  const because = `${sideNamesFirst[intent.side]} answered when it was sent again under the same request id`;
  return settlePayment(crossing, intent.decision, arrivalOfPayment(intent, outcome.value), because);
}

/** Two payments carry our marker: no event may heal that, a person has to look. */
const stopAmbiguous = (crossing: Crossing, ids: readonly string[]): Promise<void> =>
  stop(
    crossing,
    {
      reason: 'AMBIGUOUS_WRITE',
      explanation: `QuickBooks has more than one payment made from this one: ${ids.join(' and ')}. Nothing more is written until one of them is gone.`,
      suggestedFix: [`Delete all but one of ${ids.join(' and ')} in QuickBooks.`, 'Then replay.'],
      cause: 'AMBIGUOUS_WRITE:payments',
    },
    { link: { uncertain: false } },
  );
