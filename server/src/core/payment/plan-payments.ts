import type { Amount, Currency, LocalDate } from '../brand.ts';
import type { Reference } from '../mapping/reference.ts';
import type { PartyRef } from '../invoice/invoice.ts';
import { moneyOf } from '../money/money.ts';
import type { Stop } from '../plan/stop.ts';
import { otherSide, type Side } from '../side.ts';
import {
  baseOfPair,
  fieldText,
  hasMoved,
  mergePayment,
  methodOn,
  paymentFields,
  takenTo,
  type PaymentField,
  type PaymentMerge,
} from './merge-payment.ts';
import {
  paymentKey,
  type Doubt,
  type HeldApplication,
  type HeldPayment,
  type PaymentPair,
  type Pairing,
  type StandingPair,
} from './pairing.ts';
import type { PaymentContent } from './payment.ts';
import { closedStop, depositedStop, longReferenceStop } from './payment-stops.ts';
import { totalAfter } from './wanted-payment.ts';
import { describeStep, whyDisputed } from './words.ts';

/** One write of one payment; contents are in the terms of the side written to. */
export type PaymentStep = {
  /** Side written to. */
  readonly side: Side;
  readonly key: string;
  /** One sentence a bookkeeper can read. */
  readonly explanation: string;
} & (
  | {
      readonly kind: 'create';
      /** That of the payment it is made from, on the other side. */
      readonly fromId: string;
      readonly from: PaymentContent;
      readonly wanted: PaymentContent;
    }
  | {
      readonly kind: 'change';
      readonly pair: PaymentPair;
      readonly held: PaymentContent;
      readonly wanted: PaymentContent;
      readonly fields: readonly PaymentField[];
      /** The pair's base once the write is acknowledged as it was sent. */
      readonly baseAfter: PaymentPair['base'];
    }
  | { readonly kind: 'remove'; readonly pair: PaymentPair; readonly held: PaymentContent }
);

/** A payment that waits for a person, with what base and both sides say; `field` is null where it is about the whole. */
export type PaymentDispute = {
  readonly key: string;
  readonly field: PaymentField | null;
  readonly base: string | null;
  readonly internal: string | null;
  readonly quickbooks: string | null;
  readonly why: string;
};

export type PaymentPlan = {
  /** In the order they are made: removals and decreases, then changes, then new and larger payments. */
  readonly steps: readonly PaymentStep[];
  readonly disputes: readonly PaymentDispute[];
  readonly stops: readonly Stop[];
  /** Pairs that are new, or whose base moves though nothing is written. */
  readonly agreed: readonly { readonly pair: PaymentPair; readonly why: string | null }[];
  /** Pairs that neither side has any more. */
  readonly ended: readonly PaymentPair[];
  /** Methods without a counterpart that a step would have used. */
  readonly methodsWanted: readonly { readonly on: Side; readonly method: PartyRef }[];
};

/** All that payments of one invoice are decided on. */
export type PaymentInputs = {
  readonly pairing: Pairing;
  readonly currency: Currency;
  /** What each side still asks for: no payment takes it below zero. */
  readonly room: Readonly<Record<Side, Amount>>;
  readonly methods: readonly Reference[];
  /** Nothing dated on or before it is written to QuickBooks. */
  readonly booksClosedThrough: LocalDate | null;
};

const nothing: PaymentPlan = {
  steps: [],
  disputes: [],
  stops: [],
  agreed: [],
  ended: [],
  methodsWanted: [],
};

/** Decides what becomes of the payments of one invoice on both sides; pure. */
export function planPayments(inputs: PaymentInputs): PaymentPlan {
  const { standing, internalOnly, quickbooksOnly, doubts, seconds } = inputs.pairing;
  const plans = [
    ...standing.map((one) => planStanding(inputs, one)),
    ...internalOnly.map((one) => planCreate(inputs, one, 'quickbooks')),
    ...quickbooksOnly.map((one) => planCreate(inputs, one, 'internal')),
    ...doubts.map(doubtful),
    ...seconds.internal.map((one) => second(one, 'internal')),
    ...seconds.quickbooks.map((one) => second(one, 'quickbooks')),
  ];
  return {
    steps: plans.flatMap(({ steps }) => steps).toSorted(byOrder(inputs.currency)),
    disputes: plans.flatMap(({ disputes }) => disputes),
    stops: plans.flatMap(({ stops }) => stops),
    agreed: plans.flatMap(({ agreed }) => agreed),
    ended: plans.flatMap(({ ended }) => ended),
    methodsWanted: plans.flatMap(({ methodsWanted }) => methodsWanted),
  };
}

/** Whether the step makes room: such steps go before the invoice's own writes, all others after them (architecture.md §4). */
export const makesRoom = (step: PaymentStep, currency: Currency): boolean =>
  rankOf(step, currency) === 0;

function rankOf(step: PaymentStep, currency: Currency): number {
  if (step.kind !== 'change') return step.kind === 'remove' ? 0 : 3;
  const grows = growth(step.held.amount, step.wanted.amount, currency);
  if (grows < 0n) return 0;
  return grows === 0n ? 1 : 2;
}

const byOrder =
  (currency: Currency) =>
  (one: PaymentStep, other: PaymentStep): number =>
    rankOf(one, currency) - rankOf(other, currency) ||
    dateOf(one).localeCompare(dateOf(other)) ||
    one.key.localeCompare(other.key);

const dateOf = (step: PaymentStep): string =>
  step.kind === 'remove' ? step.held.date : step.wanted.date;

const growth = (from: Amount, to: Amount, currency: Currency): bigint =>
  moneyOf(to, currency).minor - moneyOf(from, currency).minor;

/** A payment that one side alone has is made on the other, unless it is more than is still asked for there. */
function planCreate(inputs: PaymentInputs, from: HeldPayment, side: Side): PaymentPlan {
  const { methods, currency, room } = inputs;
  const key = paymentKey(otherSide(side), from.id);
  const method = methodOn(side, from.content.method, methods);
  const wanted = { ...from.content, method };
  const content = { [otherSide(side)]: from.content };
  if (growth(room[side], wanted.amount, currency) > 0n)
    return disputed([
      disputeOf(key, null, content, whyDisputed.noRoom(side, room[side], currency)),
    ]);
  const stop =
    side === 'quickbooks'
      ? (closedStop([wanted.date], inputs.booksClosedThrough) ?? longReferenceStop(wanted))
      : null;
  if (stop !== null) return { ...nothing, stops: [stop] };
  const step = { kind: 'create', side, key, fromId: from.id, from: from.content, wanted } as const;
  return {
    ...nothing,
    steps: [{ ...step, explanation: describeStep({ ...step, currency }) }],
    methodsWanted: wantedMethod(side, from.content.method, method),
  };
}

const wantedMethod = (
  on: Side,
  method: PartyRef | null,
  found: PartyRef | null,
): PaymentPlan['methodsWanted'] => (method === null || found !== null ? [] : [{ on, method }]);

function planStanding(inputs: PaymentInputs, standing: StandingPair): PaymentPlan {
  const { pair, internal, quickbooks } = standing;
  if (internal === null && quickbooks === null) return { ...nothing, ended: [pair] };
  if (internal === null || quickbooks === null) return planRemoval(inputs, standing);
  return planChange(inputs, standing, internal, quickbooks);
}

/** One side removed it. Where the other one edited it meanwhile, a person decides. */
function planRemoval(inputs: PaymentInputs, standing: StandingPair): PaymentPlan {
  const { pair, internal, quickbooks } = standing;
  const held = internal ?? quickbooks;
  if (held === null) return nothing;
  const side = internal === null ? 'quickbooks' : 'internal';
  if (hasMoved(held.content, pair.base[side])) {
    const why = whyDisputed.removedAndEdited(otherSide(side));
    return disputed([disputeOf(pair.key, null, { [side]: held.content }, why, pair)]);
  }
  const stop =
    quickbooks === null
      ? null
      : (closedStop([quickbooks.content.date], inputs.booksClosedThrough) ??
        depositedStop(quickbooks, totalAfter(quickbooks, pair.madeIn, null)));
  if (stop !== null) return { ...nothing, stops: [stop] };
  const step = { kind: 'remove', side, key: pair.key, pair, held: held.content } as const;
  const explanation = describeStep({ ...step, currency: inputs.currency });
  return { ...nothing, steps: [{ ...step, explanation }] };
}

type Change = {
  readonly pair: PaymentPair;
  readonly now: Readonly<Record<Side, PaymentContent>>;
  readonly merge: PaymentMerge;
  readonly application: HeldApplication;
};

function planChange(
  inputs: PaymentInputs,
  { pair, why }: StandingPair,
  internal: HeldPayment,
  quickbooks: HeldApplication,
): PaymentPlan {
  const now = { internal: internal.content, quickbooks: quickbooks.content };
  const merge = mergePayment(pair, now.internal, now.quickbooks, inputs.methods);
  const base = baseOfPair(pair, now, merge, []);
  const isMoved = JSON.stringify(base) !== JSON.stringify(pair.base);
  const settled = { ...pair, base };
  const conflicts = paymentFields
    .filter((field) => merge[field] === 'conflict')
    .map((field) => disputeOf(pair.key, field, now, whyDisputed.bothEdited(field), pair));
  const change = { pair: settled, now, merge, application: quickbooks };
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
function changeOf(
  inputs: PaymentInputs,
  { pair, now, merge, application }: Change,
  side: Side,
): PaymentPlan {
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
    .map((field) => disputeOf(pair.key, field, now, whyDisputed.shared(field), pair));
  const rest = { ...nothing, disputes, methodsWanted };
  if (fields.length === 0) return rest;
  const wanted = overlaid(held, { ...from, method }, fields);
  if (growth(held.amount, wanted.amount, currency) > moneyOf(room[side], currency).minor) {
    const why = whyDisputed.noRoom(side, room[side], currency);
    return { ...rest, disputes: [...disputes, disputeOf(pair.key, 'amount', now, why, pair)] };
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

const disputed = (disputes: readonly PaymentDispute[]): PaymentPlan => ({ ...nothing, disputes });

/** Payments that cannot be told apart: nothing is made of any of them until a person has said which is which. */
const second = ({ id, content }: HeldPayment, side: Side): PaymentPlan =>
  disputed([disputeOf(paymentKey(side, id), null, { [side]: content }, whyDisputed.second(side))]);

const doubtful = ({ internal, quickbooks }: Doubt): PaymentPlan => {
  const [first] = internal;
  const key = paymentKey('internal', first?.id ?? '');
  const texts = (held: readonly HeldPayment[]): string =>
    held.map(({ content }) => `${content.amount} on ${content.date}`).join(', ');
  return disputed([
    {
      key,
      field: null,
      base: null,
      internal: texts(internal),
      quickbooks: texts(quickbooks),
      why: whyDisputed.same,
    },
  ]);
};

function disputeOf(
  key: string,
  field: PaymentField | null,
  now: Partial<Readonly<Record<Side, PaymentContent>>>,
  why: string,
  pair: PaymentPair | null = null,
): PaymentDispute {
  const shown = (content: PaymentContent | undefined): string | null =>
    content === undefined ? null : fieldText(content, field ?? 'amount');
  return {
    key,
    field,
    base: pair === null ? null : shown(pair.base.internal),
    internal: shown(now.internal),
    quickbooks: shown(now.quickbooks),
    why,
  };
}
