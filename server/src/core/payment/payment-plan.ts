import type { Amount, Currency, LocalDate } from '../brand.ts';
import type { PartyRef } from '../invoice/invoice.ts';
import type { Reference } from '../mapping/reference.ts';
import type { FieldChoice } from '../merge/field-choice.ts';
import { moneyOf } from '../money/money.ts';
import type { Stop } from '../plan/stop.ts';
import type { Side } from '../side.ts';
import type { PaymentField } from './merge-payment.ts';
import type { PaymentPair, Pairing } from './pairing.ts';
import type { AskedPayments, PaymentChoice } from './payment-choices.ts';
import type { PaymentContent } from './payment.ts';

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
  | {
      readonly kind: 'remove';
      readonly pair: PaymentPair;
      readonly held: PaymentContent;
      /** It was never paired: only a person takes such a payment off. */
      readonly isLoose?: true;
    }
);

/** A choice that both sides would take, and what it would write. */
export type PaymentOption = {
  readonly choice: FieldChoice;
  readonly steps: readonly PaymentStep[];
};

/** A choice that a stop keeps from being offered, and its words. */
export type BarredOption = { readonly choice: FieldChoice; readonly why: string };

/** A payment that waits for a person, with what base and both sides say; `field` is null where it is about the whole. */
export type PaymentDispute = AskedPayments & {
  readonly base: string | null;
  readonly internal: string | null;
  readonly quickbooks: string | null;
  readonly why: string;
  readonly options: readonly PaymentOption[];
  /** Absent where no stop bars a choice. */
  readonly barred?: readonly BarredOption[];
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
  /** What a person chose, once it is in force. */
  readonly choices: readonly PaymentChoice[];
  /** QuickBooks payments that are still there, whatever they are applied to now. */
  readonly stillThere: readonly string[];
};

/** What bars a choice that would come to such a plan, for the question it answers; nothing where no stop does. */
export function barredIn(
  ways: readonly { readonly choice: FieldChoice; readonly plan: PaymentPlan }[],
): Pick<PaymentDispute, 'barred'> {
  const barred = ways.flatMap(({ choice, plan: { stops } }) => {
    const [stop] = stops;
    return stop === undefined ? [] : [{ choice, why: stop.explanation }];
  });
  return barred.length === 0 ? {} : { barred };
}

/** A plan that does nothing. */
export const nothing: PaymentPlan = {
  steps: [],
  disputes: [],
  stops: [],
  agreed: [],
  ended: [],
  methodsWanted: [],
};

/** Several plans as one, in the order their steps are made. */
export function together(plans: readonly PaymentPlan[], currency: Currency): PaymentPlan {
  return {
    steps: plans.flatMap(({ steps }) => steps).toSorted(byOrder(currency)),
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

/** How much more money `to` is, in minor units. */
export const growth = (from: Amount, to: Amount, currency: Currency): bigint =>
  moneyOf(to, currency).minor - moneyOf(from, currency).minor;
