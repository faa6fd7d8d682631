import type { CompanySettings, QuickBooksFacts } from '../company/company.ts';
import type { Currency } from '../brand.ts';
import { isGone, type Invoice, type InvoiceContent } from '../invoice/invoice.ts';
import { shownText } from '../invoice/shown-text.ts';
import { agreedSince, type AcceptedPayments } from '../payment/accepted-payments.ts';
import {
  hasPaymentsOf,
  movedPayments,
  paidApart,
  type KnownPayment,
  type MovedPayments,
} from './judge-payments.ts';
import { isSameContent, type Terms } from '../merge/same.ts';
import type { BaseHalves } from '../plan/advance-base.ts';
import { planInvoice, type Plan } from '../plan/plan.ts';
import { taxTruth, type TaxVariance } from '../plan/tax-truth.ts';
import { wordsFor } from '../plan/words.ts';
import { otherSide, sideNames, sideNamesFirst, sides, type Side } from '../side.ts';
import { unreachable } from '../unreachable.ts';
import {
  moneyOf,
  verdict,
  type DriftKind,
  type FoundDrift,
  type UntoldChange,
  type Verdict,
} from './drift.ts';

/** What a side shows of one invoice now. */
export type Present =
  | { readonly kind: 'shown'; readonly invoice: Invoice }
  /** `last` is what it showed before; null where nothing was ever seen of it. */
  | { readonly kind: 'gone'; readonly last: Invoice | null }
  /** That side says there never was one under this id. */
  | { readonly kind: 'never' }
  | { readonly kind: 'unreadable'; readonly problem: string };

/** What stands in the way of an invoice, so that its difference is no news. */
export type Standing = 'in flight' | 'conflict' | 'dead letter' | 'closed period' | 'paused' | null;

export type LinkedPair = {
  readonly linkId: string;
  readonly internalId: string;
  readonly quickbooksId: string;
  readonly number: string | null;
  readonly base: BaseHalves | null;
  /** Lines keyed by the base. */
  readonly internal: Present;
  readonly quickbooks: Present;
  /** Both sides as the bridge saw them last; what a standing dead letter or conflict is about. */
  readonly observed: { readonly internal: Invoice | null; readonly quickbooks: Invoice | null };
  /** Payments that both sides are known to have; null where one of them was written while the run went on. */
  readonly payments: readonly KnownPayment[] | null;
  /** Payments as they were when a person accepted that they differ. */
  readonly acceptedPayments: AcceptedPayments | null;
  readonly standing: Standing;
  /** The difference in tax the link was left with. */
  readonly taxVariance: TaxVariance | null;
  /** A person accepted exactly what the sides show now. */
  readonly isAccepted: boolean;
  /** A person accepted a difference of it before; the base remembers which. */
  readonly hasAccepted: boolean;
};

/** Settings and translations that a comparison rests on, the same that planning uses. */
export type CompareTerms = {
  readonly settings: CompanySettings;
  readonly facts: QuickBooksFacts;
  readonly isShadow: boolean;
  /** The internal side in QuickBooks' terms; asked for only where something moved. */
  readonly toQuickbooks: (invoice: Invoice) => InvoiceContent;
};

/**
 * Judges one linked invoice: the plan that the main path would make of it says whether anything moved, so that what the
 * sweep raises and what the worker does can never differ. Pure.
 */
export function judgePair(pair: LinkedPair, terms: CompareTerms): Verdict {
  if (pair.standing === 'in flight') return verdict('in flight');
  const unreadable = [pair.internal, pair.quickbooks].find((side) => side.kind === 'unreadable');
  if (unreadable?.kind === 'unreadable') return notUnderstood(pair, terms, unreadable.problem);
  if (isBroken(pair)) return broken(pair, terms);
  const internal = documentOf(pair.internal);
  const quickbooks = documentOf(pair.quickbooks);
  if (internal === null || quickbooks === null) return broken(pair, terms);
  const plan = planInvoice({
    base: pair.base,
    internal,
    translated: terms.toQuickbooks(internal),
    quickbooks,
    // What would be written back is not asked here, only whether anything would be.
    translatedBack: quickbooks,
    taxVariance: pair.taxVariance,
    settings: terms.settings,
    facts: terms.facts,
  });
  return judgePlan(pair, terms, {
    internal,
    quickbooks,
    plan,
    paid: paidIn(pair, terms, { internal, quickbooks }),
  });
}

type Looked = {
  readonly internal: Invoice;
  readonly quickbooks: Invoice;
  readonly plan: Plan;
  /** Sides whose payments nobody told of. */
  readonly paid: readonly MovedPayments[];
};

function judgePlan(pair: LinkedPair, terms: CompareTerms, looked: Looked): Verdict {
  const { plan } = looked;
  const disputed = plan.merges.some(({ merge }) => merge === 'conflict');
  const moved = plan.next.kind !== 'nothing';
  if (!moved && !disputed)
    return looked.paid.length === 0
      ? judgeTotals(pair, terms, looked)
      : judgePaid(pair, terms, looked);
  if (pair.standing !== null && isAsObserved(pair, looked)) return verdict(pair.standing);
  if (pair.standing === 'paused') return verdict('paused');
  if (terms.isShadow) return verdict('shadow mode');
  const untold = untoldIn(looked);
  if (plan.next.kind === 'leave') return beforeGoLive(pair, terms, looked);
  // Both moved: the conflict that the main path opens is the record of it.
  if (disputed) return { reason: 'conflict', drift: null, untold };
  return {
    reason: 'being repaired',
    drift: driftOf(pair, terms, 'FIELD_MISMATCH', 'REPAIRING', repairWords(looked)),
    untold,
  };
}

/**
 * Payments cross only while both documents stand and were not dated before go-live, as on the main path (sync/decide-payments.ts).
 */
function paidIn(
  { payments, acceptedPayments, observed }: LinkedPair,
  { settings }: CompareTerms,
  now: Readonly<Record<Side, Invoice>>,
): readonly MovedPayments[] {
  if (payments === null || isGone(now.internal) || isGone(now.quickbooks)) return [];
  if (settings.goLiveDate !== null && now.internal.issueDate < settings.goLiveDate) return [];
  const idsOn = (side: Side) => now[side].payments.map(({ id }) => id);
  const shown = { internal: idsOn('internal'), quickbooks: idsOn('quickbooks') };
  const known = agreedSince(payments, acceptedPayments, shown);
  return sides.flatMap(
    (side) => movedPayments(side, { now: now[side], observed: observed[side], known }) ?? [],
  );
}

/** The invoices agree and their payments do not: one side's is brought to the other, both sides' are paired or asked about. */
function judgePaid(pair: LinkedPair, terms: CompareTerms, looked: Looked): Verdict {
  const { observed, standing } = pair;
  const isSeen = sides.every((side) => hasPaymentsOf(observed[side], looked[side]));
  if (standing === 'paused' || (standing !== null && isSeen)) return verdict(standing);
  if (pair.isAccepted) return verdict('accepted');
  if (terms.isShadow) return verdict('shadow mode');
  const untold = untoldIn(looked);
  const [first, ...others] = looked.paid;
  if (first === undefined || others.length > 0 || !first.isCertain)
    return { reason: 'being repaired', drift: null, untold };
  const drift = driftOf(pair, terms, 'FIELD_MISMATCH', 'REPAIRING', paidWords(first));
  return { reason: 'being repaired', drift: { ...drift, amount: paidApart(looked) }, untold };
}

const paidVerbs = {
  PAYMENT_APPLIED: 'was recorded',
  PAYMENT_CHANGED: 'was changed',
  PAYMENT_REMOVED: 'was taken off the invoice',
} as const satisfies Record<MovedPayments['kind'], string>;

const paidWords = ({ side, kind }: MovedPayments): string =>
  `A payment ${paidVerbs[kind]} in ${sideNames[side]} and nobody told. It is brought to ${sideNames[otherSide(side)]}.`;

/** Whether either side shows anything else than when both last agreed; only then is a translation needed to judge it. */
export function hasMoved(
  { base, internal, quickbooks }: Pick<LinkedPair, 'base' | 'internal' | 'quickbooks'>,
  { defaultTaxCodeId }: QuickBooksFacts,
): boolean {
  const [here, there] = [documentOf(internal), documentOf(quickbooks)];
  if (base === null || here === null || there === null) return true;
  if (base.internal.neverAgreed !== undefined) return true;
  const isSame = (now: Invoice, was: InvoiceContent, terms: Terms): boolean =>
    isGone(now) === isGone(was) && (isGone(now) || isSameContent(now, was, terms));
  return !(
    isSame(here, base.internal, { defaultTaxCodeId: null }) &&
    isSame(there, base.quickbooks, { defaultTaxCodeId })
  );
}

/** Nothing that is merged has moved; the totals that each side computes may still differ. */
function judgeTotals(pair: LinkedPair, terms: CompareTerms, looked: Looked): Verdict {
  const { internal, quickbooks } = looked;
  const bothGone = isGone(internal) && isGone(quickbooks);
  const sameTotal =
    isGone(internal) === isGone(quickbooks) &&
    internal.currency === quickbooks.currency &&
    internal.derived.total === quickbooks.derived.total;
  if (bothGone || sameTotal) return verdict('matched');
  if (pair.isAccepted || (pair.hasAccepted && isBaseTotal(pair, looked)))
    return verdict('accepted');
  if (pair.standing !== null) return verdict(pair.standing);
  if (terms.isShadow) return verdict('shadow mode');
  // Tax is a state of its own, never drift; the main path notes one that nobody told.
  const untold = isBaseTotal(pair, looked) ? null : untoldIn(looked);
  if (isTaxVariance(pair, terms, looked)) return { reason: 'tax variance', drift: null, untold };
  const words =
    'The fields agree and the totals do not. A repair compares both sides anew and says which line it comes from.';
  return {
    reason: 'unexplained',
    drift: driftOf(pair, terms, 'UNEXPLAINED_TOTAL', 'OPEN', words),
    untold,
  };
}

function isTaxVariance(
  { taxVariance }: LinkedPair,
  { settings }: CompareTerms,
  { internal, quickbooks }: Looked,
): boolean {
  const tolerance = settings.taxVarianceTolerance;
  const { kind } = taxTruth(internal, quickbooks, [], tolerance, taxVariance);
  return kind === 'variance' || kind === 'dispute';
}

/** Whether the totals are those that both sides showed when they last agreed. */
const isBaseTotal = ({ base }: LinkedPair, { internal, quickbooks }: Looked): boolean =>
  base !== null &&
  base.internal.derived.total === internal.derived.total &&
  base.quickbooks.derived.total === quickbooks.derived.total;

/** The document a side shows, or what is left of one that is gone. */
export const documentOf = (present: Present): Invoice | null => {
  switch (present.kind) {
    case 'shown':
      return present.invoice;
    case 'gone':
      return present.last === null ? null : { ...present.last, existence: 'deleted' };
    case 'never':
    case 'unreadable':
      return null;
    default:
      return unreachable(present);
  }
};

/** Points at nothing: never there, or deleted in QuickBooks while the other side stands and both had agreed that it stands. */
function isBroken({ base, internal, quickbooks }: LinkedPair): boolean {
  if (internal.kind === 'never' || quickbooks.kind === 'never') return true;
  const wasGone = base !== null && isGone(base.quickbooks);
  const stands = internal.kind === 'shown' && !isGone(internal.invoice);
  return quickbooks.kind === 'gone' && !wasGone && stands;
}

function broken(pair: LinkedPair, terms: CompareTerms): Verdict {
  if (pair.standing !== null) return verdict(pair.standing);
  if (pair.isAccepted) return verdict('accepted');
  const where: Side = pair.quickbooks.kind === 'shown' ? 'internal' : 'quickbooks';
  const words =
    where === 'quickbooks'
      ? 'QuickBooks no longer has the document this invoice is linked to. A repair voids the invoice in internal invoicing too, unless money is applied to it.'
      : 'Internal invoicing has no invoice under the linked id. A repair looks at both sides again; nothing is voided in QuickBooks without a person.';
  return {
    reason: 'broken link',
    drift: driftOf(pair, terms, 'BROKEN_LINK', 'OPEN', words),
    untold: null,
  };
}

function notUnderstood(pair: LinkedPair, terms: CompareTerms, problem: string): Verdict {
  if (pair.standing !== null) return verdict(pair.standing);
  if (pair.isAccepted) return verdict('accepted');
  const words = `The bridge does not understand the document (${problem}), so it was not compared. Correct it there, or tell the operator of LedgerBridge; a repair reads it again.`;
  return {
    reason: 'not understood',
    drift: driftOf(pair, terms, 'FIELD_MISMATCH', 'OPEN', words),
    untold: null,
  };
}

function beforeGoLive(pair: LinkedPair, terms: CompareTerms, looked: Looked): Verdict {
  if (pair.isAccepted) return verdict('accepted');
  // What never agreed was so when the two were matched; only what changes afterwards is a drift.
  const moved = looked.plan.merges.filter(
    ({ merge }) => merge !== 'unchanged' && merge !== 'agreed',
  );
  if (moved.every((merge) => merge.neverAgreed === true)) return verdict('before go-live');
  const words = `It is dated before go-live and ${movedWords(looked)}. It is left alone; accept the difference, or move the go-live date and repair.`;
  return {
    reason: 'before go-live',
    drift: driftOf(pair, terms, 'BEFORE_GO_LIVE', 'OPEN', words),
    untold: null,
  };
}

/** Both sides still show what the bridge saw when it stopped: what it stopped for stands, and is not raised again. */
const isAsObserved = ({ observed }: LinkedPair, { internal, quickbooks }: Looked): boolean =>
  isSameDocument(observed.internal, internal) && isSameDocument(observed.quickbooks, quickbooks);

const isSameDocument = (one: Invoice | null, other: Invoice): boolean =>
  one !== null && (shownText(one) === shownText(other) || (isGone(one) && isGone(other)));

/**
 * The side that moved, internal invoicing first: the event is about it. Payments that moved in QuickBooks go before everything,
 * since only news of QuickBooks has it read again.
 */
function untoldIn({ internal, quickbooks, plan, paid }: Looked): UntoldChange {
  const isMoved =
    plan.next.kind !== 'nothing' || plan.merges.some(({ merge }) => merge === 'conflict');
  const money = paid.find(({ side }) => side === 'quickbooks') ?? (isMoved ? undefined : paid[0]);
  if (money !== undefined) {
    const { id } = money.side === 'internal' ? internal : quickbooks;
    return { side: money.side, id, kind: money.kind };
  }
  const writesBack = plan.merges.some(({ merge }) => merge === 'take-quickbooks');
  const moved =
    writesBack && !plan.merges.some(({ merge }) => merge === 'take-internal')
      ? quickbooks
      : internal;
  const isAboutExistence = plan.merges.some(
    ({ group, merge }) => group === 'existence' && merge !== 'unchanged',
  );
  return {
    side: moved.side,
    id: moved.id,
    kind: isAboutExistence && isGone(moved) ? goneKinds[moved.existence] : 'UPDATED',
  };
}

const goneKinds = { present: 'UPDATED', void: 'VOIDED', deleted: 'DELETED' } as const;

function movedWords({ plan }: Looked): string {
  const moved = plan.merges.filter(({ merge }) => merge !== 'unchanged' && merge !== 'agreed');
  return `${wordsFor(moved)} changed since both sides agreed`;
}

function repairWords(looked: Looked): string {
  const { side } = untoldIn(looked);
  const other = side === 'internal' ? 'quickbooks' : 'internal';
  return `${sideNamesFirst[side]} changed and nobody told: ${movedWords(looked)}. It is brought to ${sideNames[other]}.`;
}

function driftOf(
  pair: LinkedPair,
  { facts }: CompareTerms,
  kind: DriftKind,
  status: FoundDrift['status'],
  proposedRepair: string,
): FoundDrift {
  const internal = documentOf(pair.internal);
  const quickbooks = documentOf(pair.quickbooks);
  const home: Currency = facts.homeCurrency;
  return {
    kind,
    status,
    subjectKey: `link:${pair.linkId}`,
    linkId: pair.linkId,
    internalId: pair.internalId,
    quickbooksId: pair.quickbooksId,
    name: pair.number ?? pair.internalId,
    ...moneyOf(internal, quickbooks, home),
    proposedRepair,
    evidence: {
      internal,
      quickbooks,
      baseInternal: pair.base?.internal ?? null,
      baseQuickbooks: pair.base?.quickbooks ?? null,
    },
  };
}
