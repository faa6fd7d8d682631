import type { Amount, Currency, Decimal, LineKey } from '../brand.ts';
import { isGone, type Invoice, type Line } from '../invoice/invoice.ts';
import type { GroupMerge } from '../merge/merge-invoice.ts';
import { divideHalfUp, unitsAt } from '../money/decimal.ts';
import { amountOf, difference, isZero, placesOf } from '../money/money.ts';

/** A difference that tax explains, kept with the link: a state of its own, never a drift (architecture.md §4, "Tax"). */
export type TaxVariance = {
  /** QuickBooks total minus internal total. */
  readonly amount: Amount;
  readonly currency: Currency;
  readonly internalTax: Amount;
  readonly quickbooksTax: Amount;
  /** The line it comes from, where only one is taxed. */
  readonly lineKey: LineKey | null;
  readonly reason: string;
  /** Whether a person let it stand; it counts for these two amounts of tax only. */
  readonly accepted: boolean;
};

/** What the totals of two documents say once everything they are computed from agrees. */
export type TaxTruth =
  | { readonly kind: 'equal' }
  /** What they are computed from is disputed or on its way: they say nothing yet. */
  | { readonly kind: 'open' }
  /** They differ by more than tax: one side has lines the other lacks, or counts otherwise. */
  | { readonly kind: 'unexplained' }
  | { readonly kind: 'variance'; readonly variance: TaxVariance }
  /** More than the company lets pass: a person chooses. */
  | { readonly kind: 'dispute'; readonly variance: TaxVariance };

/** Groups that totals are computed from; only where all of them agree can tax alone explain a difference. */
const moneyGroups: ReadonlySet<string> = new Set([
  'existence',
  'customer',
  'taxInclusive',
  'discount',
  'amount',
  'taxCode',
  'line',
]);

/** Whether totals are computed from it. */
export const movesMoney = ({ group }: Pick<GroupMerge, 'group'>): boolean => moneyGroups.has(group);

/** The dispute about tax as a merge like any other; its values are derived ones, so it has no base to move. */
export const taxDispute: GroupMerge = {
  group: 'taxTotal',
  paths: ['taxTotal'],
  merge: 'conflict',
  lineKey: null,
};

export const isAboutTax = ({ group }: Pick<GroupMerge, 'group'>): boolean =>
  group === taxDispute.group;

/**
 * Compares the totals of both sides. `open` are the merges that are not agreed; `before` is the variance the link has, which
 * a person may have accepted.
 */
export function taxTruth(
  internal: Invoice,
  quickbooks: Invoice,
  open: readonly GroupMerge[],
  tolerance: Decimal,
  before: TaxVariance | null,
): TaxTruth {
  if (isGone(internal) || isGone(quickbooks)) return { kind: 'equal' };
  if (open.some(movesMoney)) return { kind: 'open' };
  const { currency } = internal;
  if (currency !== quickbooks.currency) return { kind: 'open' };
  const gap = amountOf(difference(quickbooks.derived.total, internal.derived.total, currency));
  const taxGap = difference(quickbooks.derived.taxTotal, internal.derived.taxTotal, currency);
  // Tax that is contained in the amounts moves no total; lines that one side alone has move more than tax.
  const explained = internal.taxInclusive ? isZero(gap) : gap === amountOf(taxGap);
  if (!explained || isCountedOtherwise(internal, quickbooks)) return { kind: 'unexplained' };
  if (taxGap.minor === 0n) return { kind: 'equal' };
  const variance = varianceOf(internal, quickbooks, gap, before);
  const size = taxGap.minor < 0n ? -taxGap.minor : taxGap.minor;
  return variance.accepted || size <= minorUnits(tolerance, currency)
    ? { kind: 'variance', variance }
    : { kind: 'dispute', variance };
}

/** QuickBooks shows amounts that contain tax without it, so only amounts without tax compare. */
const isCountedOtherwise = (internal: Invoice, quickbooks: Invoice): boolean =>
  !internal.taxInclusive && internal.derived.subtotal !== quickbooks.derived.subtotal;

/** The tolerance in the currency's smallest unit; a part of one counts as one, since nothing smaller can differ. */
function minorUnits(tolerance: Decimal, currency: Currency): bigint {
  const places = placesOf(currency);
  const fine = unitsAt(tolerance, 7);
  const step = 10n ** BigInt(7 - places);
  const rounded = divideHalfUp(fine, step);
  return rounded * step < fine ? rounded + 1n : rounded;
}

function varianceOf(
  internal: Invoice,
  quickbooks: Invoice,
  amount: Amount,
  before: TaxVariance | null,
): TaxVariance {
  const internalTax = internal.derived.taxTotal;
  const quickbooksTax = quickbooks.derived.taxTotal;
  const line = onlyTaxedLine(internal, quickbooks);
  const place = line === null ? '' : ` on ${line.description ?? line.item?.name ?? 'its one line'}`;
  return {
    amount,
    currency: internal.currency,
    internalTax,
    quickbooksTax,
    lineKey: line?.key ?? null,
    reason: `QuickBooks has ${quickbooksTax} ${internal.currency} tax${place} where internal invoicing has ${internalTax}.`,
    accepted:
      before?.accepted === true &&
      before.internalTax === internalTax &&
      before.quickbooksTax === quickbooksTax,
  };
}

/** The line that explains it: the only one that QuickBooks taxes. */
function onlyTaxedLine(internal: Invoice, quickbooks: Invoice): Line | null {
  const isTaxed = (line: Line): boolean => {
    const code = quickbooks.lines.find(({ key }) => key === line.key)?.taxCode ?? line.taxCode;
    return code !== null && code.id !== 'NON' && !isZero(line.amount);
  };
  const [first, ...others] = internal.lines.filter(isTaxed);
  return first === undefined || others.length > 0 ? null : first;
}
