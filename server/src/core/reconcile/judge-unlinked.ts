import { isGone, type Invoice } from '../invoice/invoice.ts';
import { shownText } from '../invoice/shown-text.ts';
import { moneyOf, verdict, type DriftKind, type FoundDrift, type Verdict } from './drift.ts';
import { wordsForSecond } from './second-document.ts';
import type { CompareTerms, Standing } from './judge-pair.ts';

type UnlinkedTerms = Pick<CompareTerms, 'settings' | 'facts' | 'isShadow'>;

/** An internal invoice that no QuickBooks invoice is linked to. */
export type UnlinkedInternal = {
  /** Null where the bridge does not understand it. */
  readonly invoice: Invoice | null;
  readonly internalId: string;
  readonly linkId: string | null;
  /** As the bridge saw it last; what a standing dead letter is about. */
  readonly observed: Invoice | null;
  readonly standing: Standing;
  /** An unlinked QuickBooks invoice that carries its marker, or its number and total: creating it could double it. */
  readonly twinId: string | null;
  /** The twin carries this invoice's own mark: the bridge made it, and lost the memory of it with a backup. */
  readonly isTwinMarked?: boolean;
  /** A person discarded what it died on; only a later change counts. */
  readonly isDiscarded?: boolean;
  /** A person unlinked it, and so it stays. */
  readonly isApart?: boolean;
  readonly isAccepted: boolean;
};

/** Judges an internal invoice without a counterpart: created by the main path, or left to a person. Pure. */
export function judgeUnlinkedInternal(found: UnlinkedInternal, terms: UnlinkedTerms): Verdict {
  const { invoice, internalId, standing } = found;
  const raise = (
    reason: Verdict['reason'],
    words: string,
    status: FoundDrift['status'] = 'OPEN',
  ): Verdict => ({
    reason,
    untold: null,
    drift: {
      kind: 'MISSING_IN_QUICKBOOKS',
      status,
      subjectKey: `internal:${internalId}`,
      linkId: found.linkId,
      internalId,
      quickbooksId: found.twinId,
      name: invoice?.number ?? internalId,
      ...moneyOf(invoice, null, terms.facts.homeCurrency),
      proposedRepair: words,
      evidence: { internal: invoice, quickbooks: null, baseInternal: null, baseQuickbooks: null },
    },
  });
  if (standing === 'in flight') return verdict('in flight');
  if (invoice === null)
    return found.isAccepted ? verdict('accepted') : raise('not understood', unreadWords);
  if (isGone(invoice)) return verdict('matched');
  if (found.isApart === true) return verdict('unlinked');
  const isNews = found.observed === null || shownText(found.observed) !== shownText(invoice);
  if (standing !== null && (standing === 'paused' || !isNews)) return verdict(standing);
  if (terms.isShadow) return verdict('shadow mode');
  if (found.isDiscarded === true && !isNews) return verdict('accepted');
  if (found.isAccepted) return verdict('accepted');
  const { goLiveDate } = terms.settings;
  if (goLiveDate !== null && invoice.issueDate < goLiveDate)
    return raise(
      'before go-live',
      `It is dated ${invoice.issueDate}, before go-live on ${goLiveDate}, so it is not created in QuickBooks. Accept it, or move the go-live date and repair.`,
    );
  if (found.twinId !== null && found.isTwinMarked === true)
    return {
      ...raise(
        'being repaired',
        `QuickBooks has it as document ${found.twinId}, with the bridge's mark. The two are linked again; nothing is created.`,
        'REPAIRING',
      ),
      untold: { side: 'quickbooks', id: found.twinId, kind: 'CREATED' },
    };
  if (found.twinId !== null)
    return raise(
      'unlinked',
      `QuickBooks has document ${found.twinId} that may be this invoice and is linked to nothing, so it is not created again. A repair links the two; nothing is written by that.`,
    );
  return {
    ...raise('being repaired', 'It is created in QuickBooks.', 'REPAIRING'),
    untold: { side: 'internal', id: internalId, kind: 'CREATED' },
  };
}

const unreadWords =
  'The bridge does not understand the document, so it was not compared. Correct it there, or tell the operator of LedgerBridge; a repair reads it again.';

/** A linked QuickBooks document. */
export type Rival = {
  readonly linkId: string;
  readonly internalId: string | null;
  readonly quickbooksId: string;
  readonly number: string | null;
};

/** A QuickBooks invoice that no link holds. */
export type UnlinkedQuickbooks = {
  readonly invoice: Invoice | null;
  readonly quickbooksId: string;
  /** A living linked document of the same internal invoice, by marker or by number, customer and total. */
  readonly rival: Rival | null;
  /** It may belong to an internal invoice without a counterpart, whose own drift says so. */
  readonly hasTwin: boolean;
  /** News of it waits for its turn. */
  readonly isInFlight: boolean;
  /** As the bridge saw it last; null where it never looked. */
  readonly observed?: Invoice | null;
  /** A person discarded what it died on; only a later change counts. */
  readonly isDiscarded?: boolean;
  /** A person unlinked it, and so it stays. */
  readonly isApart?: boolean;
  readonly isAccepted: boolean;
};

/** Judges a QuickBooks invoice without a counterpart; the bridge voids nothing by itself. Pure. */
export function judgeUnlinkedQuickbooks(found: UnlinkedQuickbooks, terms: UnlinkedTerms): Verdict {
  const { invoice, quickbooksId, rival } = found;
  const { settings, facts, isShadow } = terms;
  const raise = (
    reason: Verdict['reason'],
    kind: DriftKind,
    words: string,
    status: FoundDrift['status'] = 'OPEN',
  ): Verdict => ({
    reason,
    untold: null,
    drift: {
      kind,
      status,
      subjectKey: `quickbooks:${quickbooksId}`,
      linkId: rival?.linkId ?? null,
      internalId: rival?.internalId ?? null,
      quickbooksId,
      name: invoice?.number ?? quickbooksId,
      ...moneyOf(null, invoice, facts.homeCurrency),
      proposedRepair: words,
      evidence: { internal: null, quickbooks: invoice, baseInternal: null, baseQuickbooks: null },
    },
  });
  if (found.isInFlight) return verdict('in flight');
  if (invoice === null)
    return found.isAccepted
      ? verdict('accepted')
      : raise('not understood', 'MISSING_INTERNALLY', unreadWords);
  if (isGone(invoice)) return verdict('matched');
  if (found.isApart === true) return verdict('unlinked');
  const { observed = null } = found;
  const isNews = observed === null || shownText(observed) !== shownText(invoice);
  if (found.isAccepted || (found.isDiscarded === true && !isNews)) return verdict('accepted');
  if (rival !== null)
    return raise(
      'suspected duplicate',
      'SUSPECTED_DUPLICATE',
      wordsForSecond(invoice, rival, facts),
    );
  if (found.hasTwin) return verdict('unlinked');
  if (isShadow) return verdict('shadow mode');
  const { goLiveDate, importFromQuickbooks } = settings;
  if (goLiveDate !== null && invoice.issueDate < goLiveDate)
    return raise(
      'before go-live',
      'MISSING_INTERNALLY',
      `It is dated ${invoice.issueDate}, before go-live on ${goLiveDate}, so it is not brought into internal invoicing. Accept it, or move the go-live date and repair.`,
    );
  if (!importFromQuickbooks)
    return raise(
      'unlinked',
      'MISSING_INTERNALLY',
      'It was made in QuickBooks, and the company does not bring such invoices into internal invoicing. Accept it, or allow imports and repair.',
    );
  return {
    ...raise(
      'being repaired',
      'MISSING_INTERNALLY',
      'It is brought into internal invoicing.',
      'REPAIRING',
    ),
    untold: { side: 'quickbooks', id: quickbooksId, kind: 'CREATED' },
  };
}
