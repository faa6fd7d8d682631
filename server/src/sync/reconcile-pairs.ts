import type { Invoice } from '#core/invoice/invoice.ts';
import { neededReferences, translatedAsFarAsPaired } from '#core/mapping/translate.ts';
import type { Verdict } from '#core/reconcile/drift.ts';
import {
  documentOf,
  hasMoved,
  judgePair,
  type LinkedPair,
  type Present,
} from '#core/reconcile/judge-pair.ts';
import type { Side } from '#core/side.ts';
import type { StagedSide, StoredPair } from '#ports/reconciles.ts';
import type { Drain } from './crossing.ts';
import { keyed } from './observe.ts';
import { fingerprintOf } from './reconcile-slice.ts';

/** A link with both of its documents as the run saw them. */
export type PairNow = {
  readonly stored: StoredPair;
  readonly internalId: string;
  /** Why a side's document is not understood. */
  readonly problems: Readonly<Record<Side, string | null>>;
  /** Whether that side says that there never was one. */
  readonly never: Readonly<Record<Side, boolean>>;
};

export type JudgedPair = { readonly pair: LinkedPair; readonly verdict: Verdict };

/** Judges linked invoices; references are looked up once for all that moved, and for the others not at all. */
export async function judgePairs(
  work: Drain,
  pairs: readonly PairNow[],
): Promise<readonly JudgedPair[]> {
  const { engine, company, facts } = work;
  const linked = pairs.map((pair) => linkedPair(work, pair));
  const moved = linked
    .filter((pair) => hasMoved(pair, facts))
    .flatMap(({ internal }) => (internal.kind === 'shown' ? [internal.invoice] : []));
  const needed = new Map(
    moved
      .flatMap(neededReferences)
      .map((reference) => [`${reference.kind}:${reference.id}`, reference]),
  );
  const references = await engine.store.references(company.id, [...needed.values()]);
  const terms = {
    settings: company.settings,
    facts,
    isShadow: company.mode === 'SHADOW',
    toQuickbooks: (invoice: Invoice) => translatedAsFarAsPaired(invoice, references),
  };
  return linked.map((pair) => ({ pair, verdict: judgePair(pair, terms) }));
}

function linkedPair(
  { engine }: Drain,
  { stored, internalId, problems, never }: PairNow,
): LinkedPair {
  const side = (name: Side): Present =>
    presentOf(
      stored[name],
      problems[name],
      never[name],
      (invoice) =>
        keyed(invoice, [
          ...(stored.base?.[name].lines ?? []),
          ...(stored.observed[name]?.lines ?? []),
        ]),
      stored.observed[name] ?? stored.base?.[name] ?? null,
    );
  const [internal, quickbooks] = [side('internal'), side('quickbooks')];
  const evidence = {
    internal: documentOf(internal),
    quickbooks: documentOf(quickbooks),
    baseInternal: null,
    baseQuickbooks: null,
  };
  return {
    linkId: stored.linkId,
    internalId,
    quickbooksId: stored.quickbooksId,
    number: stored.number,
    base: stored.base,
    internal,
    quickbooks,
    observed: stored.observed,
    payments: stored.payments,
    acceptedPayments: stored.acceptedPayments,
    standing: stored.standing,
    taxVariance: stored.taxVariance,
    isAccepted:
      stored.accepted.length > 0 && stored.accepted.includes(fingerprintOf(engine, evidence)),
    hasAccepted: stored.hasAccepted,
  };
}

function presentOf(
  staged: StagedSide | null,
  problem: string | null,
  isNever: boolean,
  keyLines: (invoice: Invoice) => Invoice,
  last: Invoice | null,
): Present {
  if (isNever) return { kind: 'never' };
  if (staged === null || staged.existence === 'deleted') return { kind: 'gone', last };
  if (staged.invoice === null)
    return { kind: 'unreadable', problem: problem ?? 'its form is not known' };
  return { kind: 'shown', invoice: keyLines(staged.invoice) };
}
