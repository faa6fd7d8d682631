import type { PartyRef } from '../invoice/invoice.ts';
import type { FieldChoice } from '../merge/field-choice.ts';
import { otherSide, type Side } from '../side.ts';
import { hasMoved, methodOn } from './merge-payment.ts';
import {
  paymentKey,
  type HeldApplication,
  type HeldPayment,
  type PaymentPair,
  type StandingPair,
} from './pairing.ts';
import { choiceFor, type AskedPayments } from './payment-choices.ts';
import {
  barredIn,
  growth,
  nothing,
  type PaymentDispute,
  type PaymentInputs,
  type PaymentPlan,
} from './payment-plan.ts';
import { closedStop, depositedStop, longReferenceStop } from './payment-stops.ts';
import { totalAfter } from './wanted-payment.ts';
import { describeStep, whyDisputed } from './words.ts';

/**
 * A payment that one side alone has is made on the other, unless it is more than is still asked for there. What a person
 * chose about it stands, even where there is room since.
 */
export function planCreate(inputs: PaymentInputs, from: Held, side: Side): PaymentPlan {
  const { currency, room } = inputs;
  const fits = growth(room[side], from.content.amount, currency) <= 0n;
  const holder = otherSide(side);
  const question = wholeOf(from, holder, whyDisputed.noRoom(side, room[side], currency));
  if (fits && choiceFor(inputs.choices, question) === null) return creation(inputs, from, side);
  return asked(inputs, question, {
    [keeping[side]]: removal(inputs, loosePair(from, holder), holder, from),
    ...(fits ? { [keeping[holder]]: creation(inputs, from, side) } : {}),
  });
}

/** A payment of one side; what QuickBooks says of it is known where it is one of QuickBooks. */
export type Held = HeldPayment & Partial<Pick<HeldApplication, 'payment' | 'invoiceId'>>;

function creation(inputs: PaymentInputs, from: HeldPayment, side: Side): PaymentPlan {
  const { methods, currency } = inputs;
  const key = paymentKey(otherSide(side), from.id);
  const method = methodOn(side, from.content.method, methods);
  const wanted = { ...from.content, method };
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

/** A method without a counterpart, to be looked for. */
export const wantedMethod = (
  on: Side,
  method: PartyRef | null,
  found: PartyRef | null,
): PaymentPlan['methodsWanted'] => (method === null || found !== null ? [] : [{ on, method }]);

/** One side removed it. Where the other one edited it meanwhile, a person decides. */
export function planRemoval(
  inputs: PaymentInputs,
  { pair, internal, quickbooks }: StandingPair,
): PaymentPlan {
  const held = internal ?? quickbooks;
  if (held === null) return nothing;
  const side = internal === null ? 'quickbooks' : 'internal';
  const removed = removal(inputs, pair, side, held);
  if (!hasMoved(held.content, pair.base[side])) return removed;
  const there = otherSide(side);
  const made = planMadeAgain(inputs, pair, held, there);
  const question = wholeOf(held, side, whyDisputed.removedAndEdited(there), pair);
  return asked(inputs, question, {
    [keeping[there]]: removed,
    ...(made === null ? {} : { [keeping[side]]: made }),
  });
}

/** Money that QuickBooks only took off this invoice is still in its books: made again, it would be there twice. */
function planMadeAgain(
  inputs: PaymentInputs,
  pair: PaymentPair,
  held: HeldPayment,
  side: Side,
): PaymentPlan | null {
  if (side === 'quickbooks' && inputs.stillThere.includes(pair.quickbooksId)) return null;
  if (growth(inputs.room[side], held.content.amount, inputs.currency) > 0n) return null;
  return { ...creation(inputs, held, side), ended: [pair] };
}

/** Takes a payment off one side, unless that side lets nobody. */
export function removal(
  inputs: PaymentInputs,
  pair: PaymentPair,
  side: Side,
  held: Held,
): PaymentPlan {
  const { payment, invoiceId, content } = held;
  const there =
    payment === undefined || invoiceId === undefined ? null : { ...held, payment, invoiceId };
  const stop =
    side === 'internal' || there === null
      ? null
      : (closedStop([content.date], inputs.booksClosedThrough) ??
        depositedStop(there, totalAfter(there, pair.madeIn, null)));
  if (stop !== null) return { ...nothing, stops: [stop] };
  const isLoose = pair.internalId === '' || pair.quickbooksId === '';
  const step = {
    kind: 'remove',
    side,
    key: pair.key,
    pair,
    held: content,
    ...(isLoose ? { isLoose } : {}),
  } as const;
  const explanation = describeStep({ ...step, currency: inputs.currency });
  return { ...nothing, steps: [{ ...step, explanation }] };
}

/** What a payment without a counterpart is taken off by; one with our marker was made by the bridge, and goes as a whole. */
export const loosePair = ({ id, content, payment }: Held, side: Side): PaymentPair => ({
  key: paymentKey(side, id),
  internalId: side === 'internal' ? id : '',
  quickbooksId: side === 'quickbooks' ? id : '',
  base: { internal: content, quickbooks: content },
  madeIn: payment?.marker == null ? null : 'quickbooks',
});

/** The choice by which a side’s payments stay as they are. */
export const keeping = {
  internal: 'KEEP_INTERNAL',
  quickbooks: 'KEEP_QUICKBOOKS',
} as const satisfies Record<Side, FieldChoice>;

/** Waits for a person, or goes the way one chose; ways that would raise another question, or are stopped, are not offered. */
export function asked(
  inputs: PaymentInputs,
  question: Omit<PaymentDispute, 'options'>,
  ways: Partial<Readonly<Record<FieldChoice, PaymentPlan>>>,
): PaymentPlan {
  const all = choices.flatMap((choice) => {
    const plan = ways[choice];
    return plan === undefined ? [] : [{ choice, plan }];
  });
  const possible = all.filter(({ plan }) => plan.disputes.length === 0 && plan.stops.length === 0);
  const chosen = choiceFor(inputs.choices, question);
  const way = possible.find(({ choice }) => choice === chosen);
  if (way !== undefined) return way.plan;
  const options = possible.map(({ choice, plan }) => ({ choice, steps: plan.steps }));
  return { ...nothing, disputes: [{ ...question, options, ...barredIn(all) }] };
}

const choices = ['KEEP_INTERNAL', 'KEEP_QUICKBOOKS', 'CUSTOM'] as const;

type Question = Omit<PaymentDispute, 'options'>;

/** A question about one payment as a whole, which `side` alone has. */
export function wholeOf(
  held: Held,
  side: Side,
  why: string,
  pair: PaymentPair | null = null,
): Question {
  const { id, content } = held;
  const about: AskedPayments = {
    key: pair?.key ?? paymentKey(side, id),
    field: null,
    shown: { internal: [], quickbooks: [], [side]: [{ id, content }] },
  };
  const values = { internal: null, quickbooks: null, [side]: content.amount };
  return { ...about, ...values, base: pair?.base.internal.amount ?? null, why };
}
