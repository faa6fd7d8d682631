import type { FieldChoice } from '../merge/field-choice.ts';
import { moneyOf } from '../money/money.ts';
import type { Stop } from '../plan/stop.ts';
import { otherSide, type Side } from '../side.ts';
import {
  baseOfPair,
  fieldText,
  mergePayment,
  methodOn,
  paymentFields,
  takenTo,
  type PaymentField,
  type PaymentMerge,
} from './merge-payment.ts';
import type { HeldApplication, HeldPayment, PaymentPair, StandingPair } from './pairing.ts';
import type { Merge } from '../merge/merge-field.ts';
import { choiceFor, type AskedPayments } from './payment-choices.ts';
import {
  barredIn,
  growth,
  nothing,
  type PaymentDispute,
  type PaymentInputs,
  type PaymentOption,
  type PaymentPlan,
} from './payment-plan.ts';
import type { PaymentContent } from './payment.ts';
import { closedStop, depositedStop, longReferenceStop } from './payment-stops.ts';
import { wantedMethod } from './plan-one-sided.ts';
import { totalAfter } from './wanted-payment.ts';
import { describeStep, whyDisputed } from './words.ts';

type Change = {
  readonly pair: PaymentPair;
  readonly now: Readonly<Record<Side, PaymentContent>>;
  readonly merge: PaymentMerge;
  readonly application: HeldApplication;
};

/** Decides what becomes of a payment that both sides have. */
export function planChange(
  inputs: PaymentInputs,
  { pair, why }: StandingPair,
  internal: HeldPayment,
  quickbooks: HeldApplication,
): PaymentPlan {
  const now = { internal: internal.content, quickbooks: quickbooks.content };
  const merged = mergePayment(pair, now.internal, now.quickbooks, inputs.methods);
  const planned = (merge: PaymentMerge): PaymentPlan =>
    planMerged(inputs, { pair, now, merge, application: quickbooks }, why);
  const open = planned(merged).disputes.map((dispute) => ({
    ...dispute,
    ...optionsOf(dispute, merged, planned),
  }));
  const found = { pair, now };
  const chosen = paymentFields.reduce((merge, field) => {
    const choice = choiceFor(inputs.choices, aboutField(found, field));
    const decided = isSettled(merged[field]) ? merge : decidedMerge(merge, field, choice);
    return isOpen(planned(decided), field) ? merge : decided;
  }, merged);
  const plan = planned(chosen);
  const disputes = plan.disputes.map(
    (dispute) => open.find(({ field }) => field === dispute.field) ?? dispute,
  );
  return { ...plan, disputes };
}

const takes = { KEEP_INTERNAL: 'take-internal', KEEP_QUICKBOOKS: 'take-quickbooks' } as const;

/** How a field stands once a person chose one side. */
export function decidedMerge(
  merge: PaymentMerge,
  field: PaymentField | null,
  choice: FieldChoice | null,
): PaymentMerge {
  if (choice !== 'KEEP_INTERNAL' && choice !== 'KEEP_QUICKBOOKS') return merge;
  return { ...merge, [field ?? 'amount']: takes[choice] };
}

/** The choices for a field of a pair that would not raise the same question again. */
const optionsOf = (
  { field }: PaymentDispute,
  merge: PaymentMerge,
  planned: (merge: PaymentMerge) => PaymentPlan,
): Pick<PaymentDispute, 'options' | 'barred'> => {
  const ways = (['KEEP_INTERNAL', 'KEEP_QUICKBOOKS'] as const).map((choice) => ({
    choice,
    plan: planned(decidedMerge(merge, field, choice)),
  }));
  const options = ways.flatMap(({ choice, plan }): readonly PaymentOption[] =>
    isOpen(plan, field) ? [] : [{ choice, steps: plan.steps }],
  );
  return { options, ...barredIn(ways) };
};

const isOpen = ({ disputes, stops }: PaymentPlan, field: PaymentField | null): boolean =>
  stops.length > 0 || disputes.some((one) => one.field === field);

/** Both sides agree about it: there is nothing left to be decided. */
const isSettled = (merge: Merge): boolean => merge === 'agreed' || merge === 'unchanged';

/** What a merge of a pair comes to; `why` says how a new pair was found. */
export function planMerged(inputs: PaymentInputs, found: Change, why: string | null): PaymentPlan {
  const { pair, now, merge } = found;
  const base = baseOfPair(pair, now, merge, []);
  const isMoved = JSON.stringify(base) !== JSON.stringify(pair.base);
  const settled = { ...pair, base };
  const conflicts = paymentFields
    .filter((field) => merge[field] === 'conflict')
    .map((field) => disputeOf(found, field, whyDisputed.bothEdited(field)));
  const change = { ...found, pair: settled };
  const there = changeOf(inputs, change, 'quickbooks');
  const here = changeOf(inputs, change, 'internal');
  return {
    steps: [...there.steps, ...here.steps],
    disputes: [...conflicts, ...there.disputes, ...here.disputes],
    stops: [...there.stops, ...here.stops],
    agreed: why !== null || isMoved ? [{ pair: settled, why }] : [],
    ended: [],
    methodsWanted: [...there.methodsWanted, ...here.methodsWanted],
  };
}

/** The change of one side that takes what the other side alone moved. */
function changeOf(inputs: PaymentInputs, change: Change, side: Side): PaymentPlan {
  const { pair, now, merge, application } = change;
  const { methods, currency, room } = inputs;
  const from = now[otherSide(side)];
  const held = now[side];
  const method = methodOn(side, from.method, methods);
  const taken = takenTo(side, merge);
  const methodsWanted = taken.includes('method') ? wantedMethod(side, from.method, method) : [];
  const known = methodsWanted.length === 0 ? taken : taken.filter((field) => field !== 'method');
  // Date, method and reference of such a payment belong to other invoices too: only this one's share crosses.
  const isShared = side === 'quickbooks' && application.payment.applications.length > 1;
  const fields = isShared ? known.filter((field) => field === 'amount') : known;
  const disputes = known
    .filter((field) => !fields.includes(field))
    .map((field) => disputeOf(change, field, whyDisputed.shared(field)));
  const rest = { ...nothing, disputes, methodsWanted };
  if (fields.length === 0) return rest;
  const wanted = overlaid(held, { ...from, method }, fields);
  if (growth(held.amount, wanted.amount, currency) > moneyOf(room[side], currency).minor) {
    const why = whyDisputed.noRoom(side, room[side], currency);
    return { ...rest, disputes: [...disputes, disputeOf(change, 'amount', why)] };
  }
  const stop = side === 'quickbooks' ? stopOf(inputs, pair, application, wanted) : null;
  if (stop !== null) return { ...rest, stops: [stop] };
  const baseAfter = baseOfPair(pair, { ...now, [side]: wanted }, merge, fields);
  const step = {
    kind: 'change',
    side,
    key: pair.key,
    pair,
    held,
    wanted,
    fields,
    baseAfter,
  } as const;
  return { ...rest, steps: [{ ...step, explanation: describeStep({ ...step, currency }) }] };
}

const overlaid = (
  held: PaymentContent,
  from: PaymentContent,
  fields: readonly PaymentField[],
): PaymentContent => ({
  amount: fields.includes('amount') ? from.amount : held.amount,
  date: fields.includes('date') ? from.date : held.date,
  method: fields.includes('method') ? from.method : held.method,
  reference: fields.includes('reference') ? from.reference : held.reference,
});

const stopOf = (
  { booksClosedThrough }: PaymentInputs,
  { madeIn }: PaymentPair,
  application: HeldApplication,
  wanted: PaymentContent,
): Stop | null =>
  closedStop([application.content.date, wanted.date], booksClosedThrough) ??
  longReferenceStop(wanted) ??
  depositedStop(application, totalAfter(application, madeIn, wanted.amount));

/** What a question about one field of a payment that both sides have rests on. */
const aboutField = (
  { pair, now }: Pick<Change, 'pair' | 'now'>,
  field: PaymentField,
): AskedPayments => ({
  key: pair.key,
  field,
  shown: {
    internal: [{ id: pair.internalId, content: now.internal }],
    quickbooks: [{ id: pair.quickbooksId, content: now.quickbooks }],
  },
});

const disputeOf = (change: Change, field: PaymentField, why: string): PaymentDispute => ({
  ...aboutField(change, field),
  base: fieldText(change.pair.base.internal, field),
  internal: fieldText(change.now.internal, field),
  quickbooks: fieldText(change.now.quickbooks, field),
  why,
  options: [],
});
