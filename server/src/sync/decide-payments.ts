import type { CallFailure } from '#core/attempt/failure.ts';
import { isGone, type Invoice, type PartyRef } from '#core/invoice/invoice.ts';
import type { NeededReference, Reference } from '#core/mapping/reference.ts';
import type { UnpairedRecord } from '#core/mapping/translate.ts';
import { sinceAccepted } from '#core/payment/accepted-payments.ts';
import { pairPayments } from '#core/payment/pairing.ts';
import { isOvertaken, type PaymentChoice } from '#core/payment/payment-choices.ts';
import type { PaymentInputs, PaymentPlan } from '#core/payment/payment-plan.ts';
import { planPayments } from '#core/payment/plan-payments.ts';
import type { Plan } from '#core/plan/plan.ts';
import type { Side } from '#core/side.ts';
import type { PaymentsChange } from '#ports/stored-payments.ts';
import type { Crossing } from './crossing.ts';
import { matchInternally } from './match-internally.ts';
import { callOptions, type Observed } from './observe.ts';
import { mayHavePayments, observePayments, type ObservedPayments } from './observe-payments.ts';
import { resolveReferences } from './references.ts';

/** What is decided about an invoice's payments beside the invoice itself. */
export type DecidedPayments = {
  readonly plan: PaymentPlan;
  /** All the plan rests on; stored, so that deciding again gives the same. */
  readonly inputs: PaymentInputs;
  readonly observed: ObservedPayments;
  /** Payment methods paired on the way, to be stored. */
  readonly references: readonly Reference[];
  /** What a person chose does not fit what both sides show any more; it is planned without. */
  readonly isOvertaken: boolean;
};

export type PaymentsOutcome =
  | { readonly kind: 'decided'; readonly payments: DecidedPayments | null }
  | { readonly kind: 'failed'; readonly failure: CallFailure; readonly side: Side };

const none: PaymentsOutcome = { kind: 'decided', payments: null };

/**
 * Reads and decides the payments of a linked invoice; null where there are none to decide. While one side is gone, or a
 * person has to say whether it is, payments do not cross, nor do those of an invoice dated before go-live; but what internal invoicing took off before it cancelled the
 * invoice is taken off in QuickBooks, or the invoice could never be voided there (architecture.md §4).
 */
export async function decidePayments(
  crossing: Crossing,
  observed: Observed,
  { merges, decision }: Plan,
): Promise<PaymentsOutcome> {
  const { internal, quickbooks } = observed;
  if (internal === null || quickbooks === null || isGone(quickbooks.invoice)) return none;
  if (internal.invoice.existence === 'deleted') return none;
  if (merges.some(({ group, merge }) => group === 'existence' && merge === 'conflict')) return none;
  const { goLiveDate } = crossing.company.settings;
  if (goLiveDate !== null && internal.invoice.issueDate < goLiveDate) return none;
  if (!mayHavePayments(crossing, [internal.invoice, quickbooks.invoice])) return none;
  const seen = await observePayments(crossing, observed);
  if (!seen.ok) return { kind: 'failed', failure: seen.failure, side: 'quickbooks' };
  const decided = await planned(
    crossing,
    seen.value,
    [internal.invoice, quickbooks.invoice],
    decision?.kind === 'taken' ? (crossing.link.conflict?.resolution?.payments ?? []) : [],
  );
  if (decided.kind === 'failed' || !isGone(internal.invoice)) return decided;
  const { plan } = decided.payments;
  return { kind: 'decided', payments: { ...decided.payments, plan: removalsIn(plan) } };
}

const removalsIn = (plan: PaymentPlan): PaymentPlan => ({
  ...plan,
  steps: plan.steps.filter(({ kind, side }) => kind === 'remove' && side === 'quickbooks'),
  disputes: [],
});

type Planned =
  | { readonly kind: 'decided'; readonly payments: DecidedPayments }
  | Extract<PaymentsOutcome, { kind: 'failed' }>;

async function planned(
  crossing: Crossing,
  observed: ObservedPayments,
  [internal, quickbooks]: readonly [Invoice, Invoice],
  choices: readonly PaymentChoice[],
): Promise<Planned> {
  const stored = await storedMethods(crossing, observed);
  const inputs: PaymentInputs = {
    pairing: sinceAccepted(
      pairPayments(observed.pairs, observed.internal, observed.quickbooks),
      observed.accepted,
    ),
    currency: internal.currency,
    room: { internal: internal.derived.balanceDue, quickbooks: quickbooks.derived.balanceDue },
    methods: stored,
    booksClosedThrough: crossing.facts.booksClosedThrough,
    choices,
    stillThere: [...observed.wire.values()].flatMap(({ payment }) =>
      isGone(payment) ? [] : [payment.id],
    ),
  };
  const first = planPayments(inputs);
  const looked = await lookForMethods(crossing, first, stored);
  if (looked.kind === 'failed') return looked;
  const { references } = looked;
  const known = { ...inputs, methods: [...stored, ...references] };
  const plan = references.length === 0 ? first : planPayments(known);
  const isLost = choices.some((choice) => plan.disputes.some((one) => isOvertaken(choice, one)));
  const undecided = { ...known, choices: [] };
  const payments = isLost
    ? { plan: planPayments(undecided), inputs: undecided, isOvertaken: true }
    : { plan, inputs: known, isOvertaken: false };
  return { kind: 'decided', payments: { ...payments, observed, references } };
}

async function storedMethods(
  { engine, company }: Crossing,
  { internal, quickbooks }: ObservedPayments,
): Promise<readonly Reference[]> {
  const ours = internal.flatMap(({ content }) => content.method ?? []);
  const theirs = quickbooks.flatMap(({ content }) => content.method ?? []);
  const kind = 'PAYMENT_METHOD';
  const [there, back] = await Promise.all([
    engine.store.references(
      company.id,
      ours.map(({ id }) => ({ kind, id })),
    ),
    engine.store.referencesTo(
      company.id,
      theirs.map(({ id, name }) => ({ kind, quickbooksId: id, name })),
    ),
  ]);
  return [...there, ...back];
}

type Looked =
  | { readonly kind: 'looked'; readonly references: readonly Reference[] }
  | Extract<PaymentsOutcome, { kind: 'failed' }>;

/** Looks up methods met for the first time. Money matters more than how it came: without a counterpart it crosses without. */
async function lookForMethods(
  crossing: Crossing,
  { methodsWanted }: PaymentPlan,
  stored: readonly Reference[],
): Promise<Looked> {
  const found: Reference[] = [];
  const there = unmetOn('quickbooks', methodsWanted, stored);
  if (there.length > 0) {
    const names = await crossing.invoicing.listReferences('PAYMENT_METHOD', callOptions(crossing));
    if (!names.ok) return { kind: 'failed', failure: names.failure, side: 'internal' };
    const needed = there.map(({ id }): NeededReference => ({
      kind: 'PAYMENT_METHOD',
      side: 'internal',
      id,
      name: names.value.find((one) => one.id === id)?.name ?? id,
      email: null,
      sku: null,
    }));
    const resolved = await resolveReferences(crossing, needed, stored);
    if (resolved.kind === 'failed') return { ...resolved, side: 'quickbooks' };
    found.push(...resolved.matched, ...resolved.waiting);
  }
  const back = unmetOn('internal', methodsWanted, stored).map(({ id, name }): UnpairedRecord => ({
    kind: 'PAYMENT_METHOD',
    quickbooksId: id,
    name,
  }));
  const matched = await matchInternally(crossing, back, stored);
  if (matched.kind === 'failed') return matched;
  found.push(...matched.matched, ...matched.waiting.map(({ reference }) => reference));
  return { kind: 'looked', references: found };
}

/** Methods that nobody has looked for on that side yet, each once. */
function unmetOn(
  side: Side,
  wanted: PaymentPlan['methodsWanted'],
  stored: readonly Reference[],
): readonly PartyRef[] {
  const idIn = ({ internalId, quickbooksId }: Reference) =>
    side === 'quickbooks' ? internalId : quickbooksId;
  const unmet = wanted.filter(
    ({ on, method }) => on === side && !stored.some((row) => idIn(row) === method.id),
  );
  return [...new Map(unmet.map(({ method }) => [method.id, method])).values()];
}

/** Whether anything of the payments is left to be done, remembered or asked. */
export const hasWork = (decided: DecidedPayments | null): boolean =>
  decided !== null &&
  [
    decided.plan.steps,
    decided.plan.disputes,
    decided.plan.stops,
    decided.plan.agreed,
    decided.plan.ended,
  ].some((list) => list.length > 0);

/** What is remembered of payments without a write: what was read, what turned out to be the same, what both sides removed. */
export const rememberedOf = (decided: DecidedPayments | null): PaymentsChange =>
  decided === null
    ? {}
    : {
        paired: decided.plan.agreed.map(({ pair }) => pair),
        ended: decided.plan.ended.map(({ key }) => key),
        seen: decided.observed.fresh,
      };
