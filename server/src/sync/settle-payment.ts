import type { Intent } from '#core/attempt/intent.ts';
import type { AuditChange, AuditEntry } from '#core/audit/entry.ts';
import type { PaymentPair } from '#core/payment/pairing.ts';
import type { PaymentContent } from '#core/payment/payment.ts';
import type { PaymentStep } from '#core/payment/payment-plan.ts';
import { sideNames, sideNamesFirst, sides, type Side } from '#core/side.ts';
import type { Seen, Written } from '#ports/accounting-system.ts';
import type { SeenPayment } from '#ports/payments.ts';
import type { StoredDecision } from '#ports/store.ts';
import type { PaymentsChange } from '#ports/stored-payments.ts';
import { acknowledged } from './apply.ts';
import { nameOf, type Crossing } from './crossing.ts';
import { keyed, observationOf } from './observe.ts';
import { auditOf, markNow, record, statusMoved, type StepParts } from './record.ts';

/** A write of a payment that is known to have happened, with what its side shows since. */
export type PaymentArrival = {
  readonly intent: Intent;
  readonly written: Pick<Written, 'id' | 'httpStatus' | 'traceId' | 'raw'>;
  /** The internal invoice that holds the payment; null for a write to QuickBooks. */
  readonly invoice: Seen | null;
  /** The payment in QuickBooks; null where it is gone, and for a write to internal invoicing. */
  readonly payment: SeenPayment | null;
};

/** A write of a payment that was answered. */
export const arrivalOfPayment = (intent: Intent, written: Written): PaymentArrival => ({
  intent,
  written,
  invoice: written.seen,
  payment: written.payment,
});

/**
 * Settles a write of a payment with its pair in one step, and gives the link back at once: the balance has moved, and more
 * may be left to do. `evidence` says how it was known to have happened where there was no clear answer.
 */
export async function settlePayment(
  crossing: Crossing,
  decision: StoredDecision,
  arrival: PaymentArrival,
  evidence: string | null,
): Promise<void> {
  const { payment: decided } = decision;
  if (decided === undefined) throw new Error('a payment was written without being decided');
  const { step, invoiceId } = decided;
  const { intent, written } = arrival;
  const returned = returnedBy(arrival, invoiceId);
  const pair = pairAfter(step, written.id, returned);
  const note = evidence ?? ownWay(step, returned);
  const isOpenElsewhere = crossing.link.openIntents.some(({ id }) => id !== intent.id);
  await record(crossing, {
    marks:
      evidence === null
        ? [
            markNow(crossing, 'ACKNOWLEDGED'),
            markNow(crossing, 'VERIFIED', note),
            markNow(crossing, 'CLAIMED', again),
          ]
        : [markNow(crossing, 'CLAIMED', evidence)],
    writtenTo: [step.side],
    attempt: {
      endedAt: crossing.engine.clock.now(),
      outcome: 'SUCCEEDED',
      ...(evidence === null ? {} : { decision: { ...decision, explanation: evidence } }),
    },
    ...shownSince(crossing, arrival),
    intentChanges: [acknowledged(crossing, intent, written, evidence)],
    payments: rememberedAfter(step, pair, arrival),
    link: {
      uncertain: isOpenElsewhere,
      failures: 0,
      firstFailedAt: null,
      crashMarks: 0,
      ...(step.side === 'quickbooks' ? { quickbooksFresh: false } : {}),
      statusReason: again,
      release: { dueInMs: 0 },
    },
    audit: [
      writeAudit(crossing, step, written.id, returned, evidence),
      ...(isLoose(step) ? [] : [pairAudit(crossing, step, pair)]),
      statusMoved(crossing, isOpenElsewhere ? 'UNCERTAIN' : 'PENDING', again),
    ],
  });
}

const again = 'A payment crossed; the invoice is looked at again for what is left.';

/** The payment as its side shows it after the write; null where it is gone. */
function returnedBy(
  { intent, written, invoice, payment }: PaymentArrival,
  invoiceId: string,
): PaymentContent | null {
  if (intent.side === 'internal') {
    const shown = invoice?.invoice.payments.find(({ id }) => id === written.id);
    if (shown === undefined || shown.amount === null || shown.date === null) return null;
    const { amount, date, method, reference } = shown;
    return {
      amount,
      date,
      method: method === null ? null : { id: method, name: method },
      reference,
    };
  }
  const given = payment?.payment.applications.find((one) => one.invoiceId === invoiceId);
  if (given === undefined || payment === null) return null;
  const { date, method, reference } = payment.payment;
  return { amount: given.amount, date, method, reference };
}

/** The pair after the write: what was sent on one half, what came back on the other; null where it is over. */
function pairAfter(
  step: PaymentStep,
  writtenId: string,
  returned: PaymentContent | null,
): PaymentPair | null {
  if (step.kind === 'remove') return null;
  const shown = returned ?? step.wanted;
  if (step.kind === 'create') {
    const there = step.side === 'quickbooks';
    return {
      key: step.key,
      internalId: there ? step.fromId : writtenId,
      quickbooksId: there ? writtenId : step.fromId,
      base: {
        internal: there ? step.from : shown,
        quickbooks: there ? shown : step.from,
      },
      madeIn: step.side,
    };
  }
  const half = { ...step.baseAfter[step.side] };
  // Fields that were written are agreed at the value returned; of the others the base stays.
  const written = Object.fromEntries(step.fields.map((field) => [field, shown[field]]));
  return { ...step.pair, base: { ...step.baseAfter, [step.side]: { ...half, ...written } } };
}

function rememberedAfter(
  step: PaymentStep,
  pair: PaymentPair | null,
  { payment }: PaymentArrival,
): PaymentsChange {
  return {
    paired: pair === null ? [] : [pair],
    ended: step.kind === 'remove' ? [step.key] : [],
    seen: payment === null ? [] : [payment],
  };
}

/** The internal invoice came with the answer, its lines under the keys they had. */
function shownSince(
  crossing: Crossing,
  { invoice }: PaymentArrival,
): Pick<StepParts, 'observations'> {
  if (invoice === null) return {};
  const known = [
    ...(crossing.link.base?.internal.lines ?? []),
    ...(crossing.link.internal?.invoice.lines ?? []),
  ];
  const lines = [...Map.groupBy(known, ({ key }) => key).values()].flatMap(([line]) => line ?? []);
  const seen = { raw: invoice.raw, invoice: keyed(invoice.invoice, lines) };
  return { observations: [observationOf(crossing, seen, 'internal')] };
}

/** What a side keeps of the payment otherwise than it was sent, in a sentence; null when it keeps all as sent. */
function ownWay(step: PaymentStep, returned: PaymentContent | null): string | null {
  if (step.kind === 'remove' || returned === null) return null;
  const fields = (['amount', 'date', 'reference'] as const).filter(
    (field) => returned[field] !== step.wanted[field],
  );
  return fields.length === 0
    ? null
    : `${sideNamesFirst[step.side]} keeps the payment’s ${fields.join(' and ')} in its own way.`;
}

const verbs = {
  create: 'Recorded a payment for',
  change: 'Changed a payment of',
  remove: 'Took a payment off',
} as const satisfies Record<PaymentStep['kind'], string>;

function writeAudit(
  crossing: Crossing,
  step: PaymentStep,
  id: string,
  returned: PaymentContent | null,
  evidence: string | null,
): AuditEntry {
  const how = evidence === null ? '' : `; ${evidence}`;
  const summary = `${verbs[step.kind]} ${nameOf(crossing)} in ${sideNames[step.side]} (${id})${how}.`;
  const before = step.kind === 'create' ? null : step.held;
  const after = step.kind === 'remove' ? null : (returned ?? step.wanted);
  const path = `payments[key=${step.key}]`;
  return auditOf(crossing, 'WRITE', summary, [{ path, side: step.side, before, after }]);
}

/** Never paired: no agreement ends with it. */
const isLoose = (step: PaymentStep): boolean => step.kind === 'remove' && step.isLoose === true;

const pairAudit = (crossing: Crossing, step: PaymentStep, pair: PaymentPair | null): AuditEntry =>
  pairMoved(
    crossing,
    step.key,
    step.kind === 'create' ? null : step.pair.base,
    pair?.base ?? null,
    `${nameOf(crossing)}: what both sides agree on of a payment moved.`,
  );

/** The audit entry of a pair whose base moved, so that folding the trail gives the pairs again. */
export function pairMoved(
  crossing: Crossing,
  key: string,
  before: PaymentPair['base'] | null,
  after: PaymentPair['base'] | null,
  summary: string,
): AuditEntry {
  const change = (side: Side): AuditChange => ({
    path: `payments[key=${key}]`,
    side,
    before: before?.[side] ?? null,
    after: after?.[side] ?? null,
  });
  return auditOf(crossing, 'BASE_ADVANCED', summary, sides.map(change));
}
