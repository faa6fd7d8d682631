import type { Intent } from '#core/attempt/intent.ts';
import { paymentKey, type HeldApplication } from '#core/payment/pairing.ts';
import type { PaymentContent } from '#core/payment/payment.ts';
import type { PaymentStep } from '#core/payment/payment-plan.ts';
import { totalAfter, wantedPayment } from '#core/payment/wanted-payment.ts';
import type { StageMark } from '#core/event/stage.ts';
import type { Reference } from '#core/mapping/reference.ts';
import type { FieldWrite, StoredDecision, StoredSeen } from '#ports/store.ts';
import type { PaymentDecision } from '#ports/stored-payments.ts';
import { afterFailure, intentOf, send, type Draft } from './apply.ts';
import type { Crossing } from './crossing.ts';
import { rememberedOf, type DecidedPayments } from './decide-payments.ts';
import { fileFailure } from './failures.ts';
import type { Observed } from './observe.ts';
import { pairingAudit } from './payment-audit.ts';
import { markNow, record } from './record.ts';
import { isDoneNonetheless } from './payment-evidence.ts';
import { arrivalOfPayment, settlePayment } from './settle-payment.ts';
import { takingUp, underWay } from './standing-conflict.ts';
import { planAgain } from './taken-back.ts';
import { waitForTheOther } from './write-planned.ts';

/** A payment to write, with all that was seen and decided on the way. */
export type PlannedPayment = {
  readonly step: PaymentStep;
  readonly payments: DecidedPayments;
  readonly observed: Observed;
  readonly internal: StoredSeen;
  readonly quickbooks: StoredSeen;
  readonly marks: readonly StageMark[];
  readonly decision: StoredDecision;
  readonly references: readonly Reference[];
};

/**
 * Makes one write of one payment: recorded first, then sent, then settled with its pair. The link is given back at once
 * until nothing is left, so that each write is decided on what both sides show after the one before.
 */
export async function writePayment(crossing: Crossing, planned: PlannedPayment): Promise<void> {
  const { step, payments, observed, marks, references } = planned;
  const decision = decisionOf(planned);
  const intent = intentOf(crossing, draftOf(crossing, planned));
  const remembered = rememberedOf(payments);
  const taken = takingUp(crossing, decision.decided);
  const prepared = await record(crossing, {
    marks: [...marks, markNow(crossing, 'SENDING', step.explanation)],
    writtenTo: [step.side],
    observations: observed.fresh,
    attempt: { decision },
    newIntents: [intent],
    // Until the answer is stored, neither the payment nor the balance it moves is known.
    link: {
      ...(step.side === 'quickbooks' ? { quickbooksFresh: false } : {}),
      ...(taken.conflict === undefined ? {} : { openConflictId: null }),
    },
    ...(taken.conflict === undefined ? {} : { conflict: taken.conflict }),
    payments: { ...remembered, stale: staleAfter(step) },
    references: [...references, ...payments.references],
    audit: [...pairingAudit(crossing, payments), ...taken.audit],
    stream: taken.stream,
  });
  if (prepared === 'taken-back') return planAgain(crossing);
  if (prepared === 'busy') return waitForTheOther(crossing);
  if (prepared !== 'done') return;
  const under = taken.conflict === undefined ? crossing : underWay(crossing);
  return afterSending(under, planned, decision, intent);
}

async function afterSending(
  crossing: Crossing,
  planned: PlannedPayment,
  decision: StoredDecision,
  intent: Intent,
): Promise<void> {
  const { step } = planned;
  const outcome = await send(crossing, intent);
  if (outcome.ok)
    return settlePayment(crossing, decision, arrivalOfPayment(intent, outcome.value), null);
  const { failure } = outcome;
  const { internal: internalThen, quickbooks: quickbooksThen } = planned;
  const sent = { ...intent, decision, internalThen, quickbooksThen };
  if (await isDoneNonetheless(crossing, sent, failure)) return;
  const refusal = {
    intentChanges: [afterFailure(crossing, intent, failure)],
    attempt: { decision },
    writtenTo: [step.side],
    link: { quickbooksFresh: false },
  };
  return fileFailure(crossing, failure, refusal, step.side);
}

const staleAfter = (step: PaymentStep): readonly string[] =>
  step.side === 'quickbooks' && step.kind !== 'create' ? [step.pair.quickbooksId] : [];

/** The decision as it is stored: the invoice's own, with the one payment that is written beside it. */
function decisionOf({ decision, step, quickbooks }: PlannedPayment): StoredDecision {
  const writes = [writeOf(step)];
  const payment: PaymentDecision = {
    step,
    invoiceId: quickbooks.invoice.id,
    customerId: quickbooks.invoice.customer.id,
  };
  return {
    ...decision,
    explanation: step.explanation,
    quickbooksWrites: step.side === 'quickbooks' ? writes : [],
    internalWrites: step.side === 'internal' ? writes : [],
    payment,
  };
}

/** Stable path of a payment. */
const paymentPath = (key: string): string => `payments[key=${key}]`;

/** What one write of a payment changes, for the person who reads it. */
export const writeOf = (step: PaymentStep): FieldWrite => ({
  path: paymentPath(step.key),
  label: 'Payment',
  before: step.kind === 'create' ? null : step.held,
  after: step.kind === 'remove' ? null : step.wanted,
});

const draftOf = (crossing: Crossing, planned: PlannedPayment): Draft =>
  planned.step.side === 'internal'
    ? internalDraft(crossing, planned)
    : quickbooksDraft(crossing, planned);

function internalDraft(crossing: Crossing, { step, internal }: PlannedPayment): Draft {
  const { invoicingSpelling } = crossing.engine.sides;
  const common = { side: 'internal', object: 'Payment' } as const;
  if (step.kind === 'create')
    return {
      ...common,
      // One QuickBooks payment may bring a payment to each of several invoices.
      objectKey: `${step.key} ${internal.invoice.id}`,
      operation: 'CREATED',
      body: invoicingSpelling.paymentCreate(step.wanted),
      restsOnVersion: null,
      externalId: null,
    };
  const { internalId } = step.pair;
  const held = internal.invoice.payments.find(({ id }) => id === internalId);
  const rest = {
    ...common,
    objectKey: paymentKey('internal', internalId),
    restsOnVersion: held?.version ?? null,
    externalId: internalId,
  };
  return step.kind === 'remove'
    ? { ...rest, operation: 'DELETED', body: '' }
    : {
        ...rest,
        operation: 'UPDATED',
        body: invoicingSpelling.paymentUpdate(step.wanted, step.fields),
      };
}

function quickbooksDraft(crossing: Crossing, planned: PlannedPayment): Draft {
  const { step, quickbooks } = planned;
  const { spelling } = crossing.engine.sides;
  const { invoice } = quickbooks;
  const common = { side: 'quickbooks', object: 'Payment' } as const;
  if (step.kind === 'create')
    return {
      ...common,
      objectKey: step.key,
      operation: 'CREATED',
      body: spelling.paymentCreate({
        ...step.wanted,
        customerId: invoice.customer.id,
        invoiceId: invoice.id,
        currency: invoice.currency,
        exchangeRate: invoice.exchangeRate,
        marker: crossing.company.settings.markDocuments ? step.fromId : null,
      }),
      restsOnVersion: null,
      externalId: null,
    };
  return { ...common, ...changeInQuickbooks(crossing, planned, step) };
}

/** A payment that goes is deleted; of any other the whole is written, with this invoice's share as it is to be. */
function changeInQuickbooks(
  crossing: Crossing,
  { payments, quickbooks }: PlannedPayment,
  step: Exclude<PaymentStep, { kind: 'create' }>,
): Pick<Draft, 'objectKey' | 'operation' | 'body' | 'restsOnVersion' | 'externalId'> {
  const { spelling } = crossing.engine.sides;
  const { pair } = step;
  const seen = payments.observed.wire.get(pair.quickbooksId);
  if (seen === undefined) throw new Error('a payment was to be changed that was never seen');
  const { payment, raw } = seen;
  const held: Pick<HeldApplication, 'payment' | 'invoiceId'> = {
    payment,
    invoiceId: quickbooks.invoice.id,
  };
  const content: PaymentContent | null = step.kind === 'remove' ? null : step.wanted;
  const total = totalAfter(held, pair.madeIn, content?.amount ?? null);
  const rest = {
    // Two invoices must not write one payment at once: its own id is the key.
    objectKey: paymentKey('quickbooks', payment.id),
    restsOnVersion: payment.version,
    externalId: payment.id,
  };
  return total === null
    ? { ...rest, operation: 'DELETED', body: spelling.paymentDelete(payment.id, payment.version) }
    : {
        ...rest,
        operation: 'UPDATED',
        body: spelling.paymentUpdate(wantedPayment(held, content, total), raw),
      };
}
