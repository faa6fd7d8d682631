import type { FieldChoice } from '../merge/field-choice.ts';
import { moneyOf } from '../money/money.ts';
import { otherSide, sides, type Side } from '../side.ts';
import { mergePayment } from './merge-payment.ts';
import {
  paymentKey,
  standing,
  type Doubt,
  type HeldApplication,
  type HeldPayment,
  type StandingPair,
} from './pairing.ts';
import { shownOf, takeTold } from './payment-choices.ts';
import { nothing, together, type PaymentInputs, type PaymentPlan } from './payment-plan.ts';
import {
  asked,
  keeping,
  loosePair,
  planCreate,
  planRemoval,
  removal,
  wholeOf,
  type Held,
} from './plan-one-sided.ts';
import { decidedMerge, planChange, planMerged } from './plan-pair.ts';
import { whyDisputed } from './words.ts';

/** Decides what becomes of the payments of one invoice on both sides; pure. */
export function planPayments(inputs: PaymentInputs): PaymentPlan {
  const { rest, told } = takeTold(inputs.pairing, inputs.choices);
  const { internalOnly, quickbooksOnly, doubts, seconds } = rest;
  const plans = [
    ...told.map(({ choice, members }) => planTold(inputs, choice, members)),
    ...rest.standing.map((one) => planStanding(inputs, one)),
    ...internalOnly.map((one) => planCreate(inputs, one, 'quickbooks')),
    ...quickbooksOnly.map((one) => planCreate(inputs, one, 'internal')),
    ...doubts.map((one) => doubtful(inputs, one)),
    ...seconds.internal.map((one) => second(inputs, one, 'internal')),
    ...seconds.quickbooks.map((one) => second(inputs, one, 'quickbooks')),
  ];
  return together(plans, inputs.currency);
}

function planStanding(inputs: PaymentInputs, standing: StandingPair): PaymentPlan {
  const { pair, internal, quickbooks } = standing;
  if (internal === null && quickbooks === null) return { ...nothing, ended: [pair] };
  if (internal === null || quickbooks === null) return planRemoval(inputs, standing);
  return planChange(inputs, standing, internal, quickbooks);
}

/** What looks like a second copy is no money of its own until a person says so. */
const second = (inputs: PaymentInputs, one: Held, side: Side): PaymentPlan =>
  asked(inputs, wholeOf(one, side, whyDisputed.second(side)), {
    [keeping[side]]: planCreate(inputs, one, otherSide(side)),
    [keeping[otherSide(side)]]: removal(inputs, loosePair(one, side), side, one),
  });

/** Payments that cannot be told apart: nothing is made of any of them until a person has said which is which. */
function doubtful(inputs: PaymentInputs, doubt: Doubt): PaymentPlan {
  const [first] = doubt.internal;
  const texts = (held: readonly HeldPayment[]): string =>
    held.map(({ content }) => `${content.amount} on ${content.date}`).join(', ');
  const question = {
    key: paymentKey('internal', first?.id ?? ''),
    field: null,
    shown: shownOf(doubt),
    base: null,
    internal: texts(doubt.internal),
    quickbooks: texts(doubt.quickbooks),
    why: whyDisputed.same,
  };
  const told = (choice: FieldChoice): PaymentPlan => planTold(inputs, choice, doubt);
  return asked(inputs, question, {
    KEEP_INTERNAL: told('KEEP_INTERNAL'),
    KEEP_QUICKBOOKS: told('KEEP_QUICKBOOKS'),
    ...(fits(inputs, doubt) ? { CUSTOM: told('CUSTOM') } : {}),
  });
}

/** Whether both sides still ask for all that the other one has. */
const fits = ({ room, currency }: PaymentInputs, doubt: Doubt): boolean =>
  sides.every((side) => {
    const amounts = doubt[otherSide(side)].map(({ content }) => content.amount);
    const needed = amounts.reduce((total, one) => total + moneyOf(one, currency).minor, 0n);
    return needed <= moneyOf(room[side], currency).minor;
  });

/**
 * What a person said of payments that could be the same. Where one side is kept, they are paired as far as both have them,
 * and the other side gets or loses the rest; else each is money of its own.
 */
function planTold(inputs: PaymentInputs, choice: FieldChoice, members: Doubt): PaymentPlan {
  const { currency } = inputs;
  if (choice !== 'KEEP_INTERNAL' && choice !== 'KEEP_QUICKBOOKS')
    return together(
      sides.flatMap((side) => members[side].map((one) => planCreate(inputs, one, otherSide(side)))),
      currency,
    );
  const kept = choice === 'KEEP_INTERNAL' ? 'internal' : 'quickbooks';
  const { pairs, internal, quickbooks } = pairedUp(members);
  const rest = { internal, quickbooks };
  const lost = otherSide(kept);
  return together(
    [
      ...pairs.map((pair) => planPaired(inputs, pair, choice)),
      ...rest[kept].map((one) => planCreate(inputs, one, lost)),
      ...rest[lost].map((one) => removal(inputs, loosePair(one, lost), lost, one)),
    ],
    currency,
  );
}

type Couple = { readonly internal: HeldPayment; readonly quickbooks: HeldApplication };

function planPaired(
  inputs: PaymentInputs,
  { internal, quickbooks }: Couple,
  choice: 'KEEP_INTERNAL' | 'KEEP_QUICKBOOKS',
): PaymentPlan {
  const madeIn = quickbooks.payment.marker === internal.id ? 'quickbooks' : null;
  const { pair, why } = standing(internal, quickbooks, madeIn, 'a person said so');
  const now = { internal: internal.content, quickbooks: quickbooks.content };
  const merge = mergePayment(pair, now.internal, now.quickbooks, inputs.methods);
  const isEqual = now.internal.amount === now.quickbooks.amount;
  const decided = isEqual ? merge : decidedMerge(merge, 'amount', choice);
  return planMerged(inputs, { pair, now, merge: decided, application: quickbooks }, why);
}

/** The likeliest couples first: our marker, then the same amount, then whatever is left; by date. */
function pairedUp({ internal, quickbooks }: Doubt): Doubt & { readonly pairs: readonly Couple[] } {
  const pairs: Couple[] = [];
  const likeliest: readonly ((one: HeldPayment, other: HeldApplication) => boolean)[] = [
    (one, other) => other.payment.marker === one.id,
    (one, other) => other.content.amount === one.content.amount,
    () => true,
  ];
  const isOpen = (held: HeldPayment): boolean =>
    !pairs.some((couple) => couple.internal === held || couple.quickbooks === held);
  for (const isLikely of likeliest)
    for (const one of internal.filter(isOpen).toSorted(byDate)) {
      const other = quickbooks
        .filter(isOpen)
        .toSorted(byDate)
        .find((each) => isLikely(one, each));
      if (other !== undefined) pairs.push({ internal: one, quickbooks: other });
    }
  return { pairs, internal: internal.filter(isOpen), quickbooks: quickbooks.filter(isOpen) };
}

const byDate = (one: HeldPayment, other: HeldPayment): number =>
  one.content.date.localeCompare(other.content.date) || one.id.localeCompare(other.id);
