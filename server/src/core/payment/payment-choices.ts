import type { FieldChoice } from '../merge/field-choice.ts';
import { sides, type Side } from '../side.ts';
import { fieldText, hasMoved, type PaymentField } from './merge-payment.ts';
import {
  halvesOf,
  isByLikeness,
  type Doubt,
  type HeldPayment,
  type Pairing,
  type StandingPair,
} from './pairing.ts';

/** Payments in question, as each side shows them. */
type ShownPayments = Readonly<Record<Side, readonly HeldPayment[]>>;

/** What a question about payments is known by, and what it rests on. */
export type AskedPayments = {
  readonly key: string;
  readonly field: PaymentField | null;
  readonly shown: ShownPayments;
};

/** What a person chose about payments: it holds only while both sides show what it was chosen on. */
export type PaymentChoice = AskedPayments & { readonly choice: FieldChoice };

/** What `CUSTOM` says of payments that could be the same: each is money of its own. */
export const separateMoney = 'SEPARATE';

/** Payments without what QuickBooks says of them beyond this invoice. */
export const shownOf = ({ internal, quickbooks }: Partial<Doubt>): ShownPayments => ({
  internal: (internal ?? []).map(({ id, content }) => ({ id, content })),
  quickbooks: (quickbooks ?? []).map(({ id, content }) => ({ id, content })),
});

/** The choice that answers a question; null where none was made, or on other values. */
export const choiceFor = (
  choices: readonly PaymentChoice[],
  asked: AskedPayments,
): FieldChoice | null =>
  choices.find(
    (one) => one.key === asked.key && one.field === asked.field && isSameQuestion(one, asked),
  )?.choice ?? null;

/** Whether a choice was made about some of the payments that are still, or again, in question. */
export const isOvertaken = (choice: PaymentChoice, asked: AskedPayments): boolean =>
  choice.field === asked.field &&
  sides.some((side) =>
    choice.shown[side].some(({ id }) => asked.shown[side].some((one) => one.id === id)),
  );

const isSameQuestion = (one: AskedPayments, other: AskedPayments): boolean =>
  sides.every(
    (side) =>
      one.shown[side].length === other.shown[side].length &&
      one.shown[side].every((held) =>
        other.shown[side].some((again) => isSameHeld(held, again, one.field)),
      ),
  );

const isSameHeld = (one: HeldPayment, other: HeldPayment, field: PaymentField | null): boolean =>
  one.id === other.id &&
  (field === null
    ? !hasMoved(one.content, other.content)
    : fieldText(one.content, field) === fieldText(other.content, field));

/** Payments that could not be told apart, of which a person said what they are. */
type ToldApart = { readonly choice: FieldChoice; readonly members: Doubt };

/**
 * Takes what a person told apart out of what is paired by rule, also once a part of it has crossed: what is left of the
 * group is still treated as it was chosen, also where it would be the only one alike by now.
 */
export function takeTold(
  pairing: Pairing,
  choices: readonly PaymentChoice[],
): { readonly rest: Pairing; readonly told: readonly ToldApart[] } {
  const told = choices.filter(isAboutLikeness).flatMap(({ choice, shown }): ToldApart[] => {
    const isMember = (side: Side) => (held: HeldPayment) =>
      shown[side].some((one) => isSameHeld(one, held, null));
    const touched = pairing.doubts.filter((doubt) =>
      sides.some((side) => doubt[side].some(isMember(side))),
    );
    if (touched.some((doubt) => sides.some((side) => !doubt[side].every(isMember(side)))))
      return [];
    const split = pairing.standing.filter(
      (pair) =>
        isByLikeness(pair) &&
        sides.every((side) => pair[side] !== null && isMember(side)(pair[side])),
    );
    const open = [...touched, ...split.map(halvesOf)];
    const internal = [...pairing.internalOnly, ...open.flatMap((one) => one.internal)];
    const quickbooks = [...pairing.quickbooksOnly, ...open.flatMap((one) => one.quickbooks)];
    const members = {
      internal: internal.filter(isMember('internal')),
      quickbooks: quickbooks.filter(isMember('quickbooks')),
    };
    return members.internal.length + members.quickbooks.length === 0 ? [] : [{ choice, members }];
  });
  const isTold = (side: Side, held: HeldPayment): boolean =>
    told.some(({ members }) => members[side].some(({ id }) => id === held.id));
  const isSplit = (pair: StandingPair): boolean =>
    isByLikeness(pair) && sides.some((side) => pair[side] !== null && isTold(side, pair[side]));
  const rest = {
    ...pairing,
    standing: pairing.standing.filter((pair) => !isSplit(pair)),
    internalOnly: pairing.internalOnly.filter((one) => !isTold('internal', one)),
    quickbooksOnly: pairing.quickbooksOnly.filter((one) => !isTold('quickbooks', one)),
    doubts: pairing.doubts.filter(
      (doubt) => !sides.some((side) => doubt[side].some((one) => isTold(side, one))),
    ),
  };
  return { rest, told };
}

/** Only whether payments are the same is asked of both sides at once and of no field. */
const isAboutLikeness = ({ field, shown }: PaymentChoice): boolean =>
  field === null && sides.every((side) => shown[side].length > 0);
