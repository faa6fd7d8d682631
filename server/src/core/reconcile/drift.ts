import type { Amount, Currency } from '../brand.ts';
import type { ChangeKind } from '../event/event.ts';
import type { Invoice } from '../invoice/invoice.ts';
import { canonicalText } from '../canonical-text.ts';
import { shownText } from '../invoice/shown-text.ts';
import { amountOf, difference, zero } from '../money/money.ts';
import type { Side } from '../side.ts';
import type { ResidualReason } from './run.ts';

export type DriftKind =
  | 'MISSING_IN_QUICKBOOKS'
  | 'MISSING_INTERNALLY'
  | 'FIELD_MISMATCH'
  | 'SUSPECTED_DUPLICATE'
  | 'BROKEN_LINK'
  | 'BEFORE_GO_LIVE'
  | 'UNEXPLAINED_TOTAL';

/** The documents as they were seen, for whoever looks at the drift later. */
export type DriftEvidence = {
  readonly internal: Invoice | null;
  readonly quickbooks: Invoice | null;
  readonly baseInternal: Invoice | null;
  readonly baseQuickbooks: Invoice | null;
};

/** A disagreement before it is stored. */
export type FoundDrift = {
  readonly kind: DriftKind;
  /** OPEN waits for a person; REPAIRING goes the main path at once. */
  readonly status: 'OPEN' | 'REPAIRING';
  /** What it is about; of one kind and subject at most one stands. */
  readonly subjectKey: string;
  readonly linkId: string | null;
  readonly internalId: string | null;
  readonly quickbooksId: string | null;
  /** What a person calls it. */
  readonly name: string;
  readonly amount: Amount;
  readonly currency: Currency;
  readonly proposedRepair: string;
  readonly evidence: DriftEvidence;
};

/** A change that nobody told of, to be looked at by the main path: a hint, as every event is. */
export type UntoldChange = {
  readonly side: Side;
  readonly id: string;
  readonly kind: ChangeKind;
};

/** What comparing one invoice came to. */
export type Verdict = {
  readonly reason: ResidualReason;
  readonly drift: FoundDrift | null;
  readonly untold: UntoldChange | null;
};

export const verdict = (reason: ResidualReason): Verdict => ({ reason, drift: null, untold: null });

/** One text for what the sides showed, apart from versions and times; an accepted drift stands as long as it is the same. */
export const evidenceText = ({ internal, quickbooks }: DriftEvidence): string =>
  canonicalText([internal, quickbooks].map((side) => (side === null ? null : shownText(side))));

/** Money a drift is about: the difference of the totals, or the whole of a document that stands alone. */
export function moneyOf(
  internal: Invoice | null,
  quickbooks: Invoice | null,
  fallback: Currency,
): { readonly amount: Amount; readonly currency: Currency } {
  const shown = internal ?? quickbooks;
  const currency = shown?.currency ?? fallback;
  const standing = (invoice: Invoice | null): Amount =>
    invoice === null || invoice.existence !== 'present' || invoice.currency !== currency
      ? zero(currency)
      : invoice.derived.total;
  const gap = difference(standing(internal), standing(quickbooks), currency);
  const minor = gap.minor < 0n ? -gap.minor : gap.minor;
  return { amount: amountOf({ minor, currency }), currency };
}

/** By whom a link is paused that may have a second document in QuickBooks; only such a pause is lifted by the bridge. */
export const heldForDuplicate = 'LedgerBridge';
