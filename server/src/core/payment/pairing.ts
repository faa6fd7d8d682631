import type { LocalDate } from '../brand.ts';
import type { Side } from '../side.ts';
import { daysBetween } from '../time/local-date.ts';
import type { AccountingPayment, PaymentContent } from './payment.ts';

/** An internal payment as its invoice shows it. */
export type HeldPayment = { readonly id: string; readonly content: PaymentContent };

/** What a QuickBooks payment gives to the invoice; `id` is the payment's, `invoiceId` the invoice's there. */
export type HeldApplication = HeldPayment & {
  readonly invoiceId: string;
  readonly payment: AccountingPayment;
};

/** An internal payment and a QuickBooks application that are the same money; what each showed when they last agreed. */
export type PaymentPair = {
  /** Key of ours, the same on both sides. */
  readonly key: string;
  readonly internalId: string;
  readonly quickbooksId: string;
  readonly base: Readonly<Record<Side, PaymentContent>>;
  /** Side where the bridge made it; null where people entered both. */
  readonly madeIn: Side | null;
};

/** A pair as it stands now; null where that side no longer has it. */
export type StandingPair = {
  readonly pair: PaymentPair;
  readonly internal: HeldPayment | null;
  readonly quickbooks: HeldApplication | null;
  /** How it was found to be the same payment; null for what was paired before. */
  readonly why: string | null;
};

/** Payments that could be the same and cannot be told apart. */
export type Doubt = {
  readonly internal: readonly HeldPayment[];
  readonly quickbooks: readonly HeldApplication[];
};

export type Pairing = {
  readonly standing: readonly StandingPair[];
  /** Those that only one side has. */
  readonly internalOnly: readonly HeldPayment[];
  readonly quickbooksOnly: readonly HeldApplication[];
  readonly doubts: readonly Doubt[];
  /** What looks like a second copy of a payment that the bridge made and that is still there. */
  readonly seconds: Doubt;
};

/** A payment entered on both sides may carry the day it was sent here and the day it arrived there. */
const daysApartMax = 3;

const onlyOneAlike = 'it is the only one of that amount within three days';

/** Whether two payments count as the same for nothing but their likeness: a person's word goes before it. */
export const isByLikeness = ({ why }: StandingPair): boolean => why === onlyOneAlike;

/** Key of a payment by the side it was first seen on. */
export const paymentKey = (side: Side, id: string): string =>
  `${side === 'internal' ? 'i' : 'q'}-${id}`;

/**
 * Finds which payments are the same money, in this order: stored pairing, marker, exactly one of equal amount within three
 * days. Anything less than unique is a doubt for a person (architecture.md §4, "Payments").
 */
export function pairPayments(
  pairs: readonly PaymentPair[],
  internal: readonly HeldPayment[],
  quickbooks: readonly HeldApplication[],
): Pairing {
  const stored = pairs.map((pair): StandingPair => ({
    pair,
    internal: internal.find(({ id }) => id === pair.internalId) ?? null,
    quickbooks: quickbooks.find(({ id }) => id === pair.quickbooksId) ?? null,
    why: null,
  }));
  const open = {
    internal: internal.filter(({ id }) => !pairs.some(({ internalId }) => internalId === id)),
    quickbooks: quickbooks.filter(
      ({ id }) => !pairs.some(({ quickbooksId }) => quickbooksId === id),
    ),
  };
  const seconds = {
    internal: open.internal.filter((one) => isSecondHere(one, stored)),
    quickbooks: open.quickbooks.filter((one) => isSecondThere(one, stored)),
  };
  const marked = byMarker(open);
  const rest = without(open, [...marked.map(halvesOf), seconds]);
  const { alike, doubts } = byLikeness(rest);
  const last = without(without(rest, alike.map(halvesOf)), doubts);
  return {
    standing: [...stored, ...marked, ...alike],
    internalOnly: last.internal,
    quickbooksOnly: last.quickbooks,
    doubts,
    seconds,
  };
}

/** A late commit that nobody waited for any more leaves two; the second must not cross as money of its own. */
const isSecondThere = ({ payment }: HeldApplication, stored: readonly StandingPair[]): boolean =>
  payment.marker !== null &&
  stored.some(({ pair, quickbooks }) => pair.internalId === payment.marker && quickbooks !== null);

/** Internal payments carry no mark: one that says just what the bridge wrote for another is asked about. */
const isSecondHere = ({ content }: HeldPayment, stored: readonly StandingPair[]): boolean =>
  stored.some(
    ({ pair, internal, quickbooks }) =>
      pair.madeIn === 'internal' &&
      internal !== null &&
      quickbooks !== null &&
      isSameContent(internal.content, content),
  );

const isSameContent = (one: PaymentContent, other: PaymentContent): boolean =>
  one.amount === other.amount &&
  one.date === other.date &&
  one.reference === other.reference &&
  one.method?.id === other.method?.id;

/** What a pair is made of. */
export const halvesOf = ({ internal, quickbooks }: StandingPair): Doubt => ({
  internal: internal === null ? [] : [internal],
  quickbooks: quickbooks === null ? [] : [quickbooks],
});

const without = (open: Doubt, taken: readonly Doubt[]): Doubt => ({
  internal: open.internal.filter((one) => !taken.some((each) => each.internal.includes(one))),
  quickbooks: open.quickbooks.filter((one) => !taken.some((each) => each.quickbooks.includes(one))),
});

/** The bridge's own mark says which internal payment it was made from; the base is what it wrote. */
function byMarker({ internal, quickbooks }: Doubt): readonly StandingPair[] {
  return internal.flatMap((here) => {
    const there = quickbooks.filter(({ payment }) => payment.marker === here.id);
    const [only] = there;
    if (only === undefined || there.length > 1 || !isSameMoney(here, only)) return [];
    return [standing(here, only, 'quickbooks', 'it carries our marker')];
  });
}

const isSameMoney = (one: HeldPayment, other: HeldPayment): boolean =>
  one.content.amount === other.content.amount;

const isClose = (one: LocalDate, other: LocalDate): boolean =>
  Math.abs(daysBetween(one, other)) <= daysApartMax;

const couldBe = (one: HeldPayment, other: HeldApplication): boolean =>
  other.payment.marker === one.id ||
  (isSameMoney(one, other) && isClose(one.content.date, other.content.date));

function byLikeness({ internal, quickbooks }: Doubt): {
  readonly alike: readonly StandingPair[];
  readonly doubts: readonly Doubt[];
} {
  const alike: StandingPair[] = [];
  const doubts: Doubt[] = [];
  const seen = new Set<HeldPayment>();
  for (const one of internal) {
    if (seen.has(one)) continue;
    const group = groupAround(one, internal, quickbooks);
    for (const each of group.internal) seen.add(each);
    const [there, ...others] = group.quickbooks;
    if (there === undefined) continue;
    const isUnique = group.internal.length === 1 && others.length === 0;
    if (isUnique && isSameMoney(one, there)) alike.push(standing(one, there, null, onlyOneAlike));
    else doubts.push(group);
  }
  return { alike, doubts };
}

/** All payments that hang together with one by what they could be. */
function groupAround(
  one: HeldPayment,
  internal: readonly HeldPayment[],
  quickbooks: readonly HeldApplication[],
): Doubt {
  let group: Doubt = { internal: [one], quickbooks: [] };
  for (;;) {
    const there = quickbooks.filter((other) => group.internal.some((here) => couldBe(here, other)));
    const here = internal.filter(
      (other) => other === one || there.some((each) => couldBe(other, each)),
    );
    if (there.length === group.quickbooks.length && here.length === group.internal.length)
      return group;
    group = { internal: here, quickbooks: there };
  }
}

/** A new pair begins with what each side shows now: nobody has moved from it. */
export const standing = (
  internal: HeldPayment,
  quickbooks: HeldApplication,
  madeIn: Side | null,
  why: string,
): StandingPair => ({
  pair: {
    key: paymentKey('internal', internal.id),
    internalId: internal.id,
    quickbooksId: quickbooks.id,
    base: { internal: internal.content, quickbooks: quickbooks.content },
    madeIn,
  },
  internal,
  quickbooks,
  why,
});
