import { canonicalText } from '../canonical-text.ts';
import type { Json } from '../json.ts';
import { sides, type Side } from '../side.ts';
import { hasMoved } from './merge-payment.ts';
import type { HeldPayment, PaymentPair, Pairing, StandingPair } from './pairing.ts';
import type { PaymentContent } from './payment.ts';

type Shown = { readonly id: string; readonly content: PaymentContent };

/**
 * What both sides showed of an invoice's payments when a person accepted that they differ, and what the pairs had agreed on
 * until then: only a later move counts (architecture.md §4, "Discard and accept are remembered").
 */
export type AcceptedPayments = Readonly<Record<Side, readonly Shown[]>> & {
  readonly pairs: readonly Pick<PaymentPair, 'key' | 'base'>[];
};

/** What there is to remember; null where neither side shows a payment and none was paired. */
export function acceptedNow(
  pairs: readonly PaymentPair[],
  internal: readonly HeldPayment[],
  quickbooks: readonly HeldPayment[],
): AcceptedPayments | null {
  if (pairs.length + internal.length + quickbooks.length === 0) return null;
  const shown = ({ id, content }: HeldPayment): Shown => ({ id, content });
  return {
    internal: internal.map(shown),
    quickbooks: quickbooks.map(shown),
    pairs: pairs.map(({ key, base }) => ({ key, base })),
  };
}

/** The payments without what was accepted and did not move since; where one did, it is judged by what was accepted. */
export function sinceAccepted(pairing: Pairing, accepted: AcceptedPayments | null): Pairing {
  if (accepted === null) return pairing;
  const isNews = (side: Side) => (one: HeldPayment) => !isAsAccepted(one, accepted[side]);
  return {
    ...pairing,
    standing: pairing.standing.flatMap((one) => standingSince(one, accepted) ?? []),
    internalOnly: pairing.internalOnly.filter(isNews('internal')),
    quickbooksOnly: pairing.quickbooksOnly.filter(isNews('quickbooks')),
  };
}

const isAsAccepted = ({ id, content }: HeldPayment, shown: readonly Shown[]): boolean =>
  shown.some((one) => one.id === id && !hasMoved(content, one.content));

/** A pair that agreed on something since is judged by that; null where nothing moved since one side lacked it. */
function standingSince(one: StandingPair, accepted: AcceptedPayments): StandingPair | null {
  const { pair } = one;
  const then = accepted.pairs.find(({ key }) => key === pair.key);
  if (then === undefined || textOf(then.base) !== textOf(pair.base)) return one;
  const was = {
    internal: accepted.internal.find(({ id }) => id === pair.internalId),
    quickbooks: accepted.quickbooks.find(({ id }) => id === pair.quickbooksId),
  };
  if (one.internal !== null && one.quickbooks !== null)
    return was.internal === undefined || was.quickbooks === undefined
      ? one
      : {
          ...one,
          pair: {
            ...pair,
            base: { internal: was.internal.content, quickbooks: was.quickbooks.content },
          },
        };
  const isUnmoved = sides.every((side) => {
    const now = one[side];
    return now === null ? was[side] === undefined : isAsAccepted(now, accepted[side]);
  });
  return isUnmoved ? null : one;
}

/** A payment that is paired, as a comparison knows it. */
export type AgreedPayment = Pick<PaymentPair, 'key' | 'internalId' | 'quickbooksId' | 'base'>;

/**
 * What the pairs count as agreed on since a person accepted how they differ; one that a side lacked then, and lacks now, is no
 * pair to compare. Of payments the ids each side shows are enough.
 */
export function agreedSince<Paired extends AgreedPayment>(
  known: readonly Paired[],
  accepted: AcceptedPayments | null,
  shown: Readonly<Record<Side, readonly string[]>>,
): readonly Paired[] {
  if (accepted === null) return known;
  return known.flatMap((one) => {
    const then = accepted.pairs.find(({ key }) => key === one.key);
    if (then === undefined || textOf(then.base) !== textOf(one.base)) return [one];
    const ids = { internal: one.internalId, quickbooks: one.quickbooksId };
    const was = {
      internal: accepted.internal.find(({ id }) => id === ids.internal),
      quickbooks: accepted.quickbooks.find(({ id }) => id === ids.quickbooks),
    };
    if (was.internal !== undefined && was.quickbooks !== undefined)
      return [
        { ...one, base: { internal: was.internal.content, quickbooks: was.quickbooks.content } },
      ];
    const isAsAcceptedThen = sides.every(
      (side) => shown[side].includes(ids[side]) === (was[side] !== undefined),
    );
    return isAsAcceptedThen ? [] : [one];
  });
}

const textOf = ({ internal, quickbooks }: PaymentPair['base']): string =>
  canonicalText([contentOf(internal), contentOf(quickbooks)]);

const contentOf = ({ amount, date, method, reference }: PaymentContent): Json => ({
  amount,
  date,
  method: method?.id ?? null,
  reference,
});
