import type { CompanySettings } from '../company/company.ts';
import { isGone, type Invoice } from '../invoice/invoice.ts';
import type { Stop } from './stop.ts';

/** Everything the decision rests on to make a QuickBooks invoice in internal invoicing. */
export type ImportInputs = {
  readonly quickbooks: Invoice;
  /** An internal invoice that goes by the same number; it may be the same one. */
  readonly sameNumber: string | null;
  readonly settings: Pick<CompanySettings, 'importFromQuickbooks' | 'goLiveDate'>;
};

export type ImportPlan = {
  /** A sentence a bookkeeper can read. */
  readonly explanation: string;
  readonly next:
    | { readonly kind: 'create' }
    | { readonly kind: 'nothing' }
    | { readonly kind: 'stop'; readonly stop: Stop };
};

/** Decides whether an invoice that only QuickBooks has is made in internal invoicing; pure. */
export function planImport({ quickbooks, sameNumber, settings }: ImportInputs): ImportPlan {
  const reason = whyLeft(quickbooks, settings);
  if (reason !== null) return { explanation: reason, next: { kind: 'nothing' } };
  const stop = whyStopped(quickbooks, sameNumber);
  if (stop !== null) return { explanation: stop.explanation, next: { kind: 'stop', stop } };
  return {
    explanation:
      'It was made in QuickBooks and internal invoicing has not got it; it is made there.',
    next: { kind: 'create' },
  };
}

function whyLeft(
  quickbooks: Invoice,
  { importFromQuickbooks, goLiveDate }: ImportInputs['settings'],
): string | null {
  if (isGone(quickbooks))
    return 'It was cancelled in QuickBooks before it was imported; nothing is written.';
  if (!importFromQuickbooks)
    return 'It was made in QuickBooks, and the company does not import invoices from there; it is left alone.';
  return goLiveDate !== null && quickbooks.issueDate < goLiveDate
    ? `It is dated ${quickbooks.issueDate}, before go-live on ${goLiveDate}; it is left alone.`
    : null;
}

/** What internal invoicing cannot hold would make another total there, and a number twice is a likely duplicate. */
function whyStopped({ carriedLines, number }: Invoice, sameNumber: string | null): Stop | null {
  if (carriedLines.length > 0) {
    const kinds = [...new Set(carriedLines.map(({ reason }) => reason))].join(', ');
    return {
      reason: 'MAPPING',
      explanation: `It has lines that internal invoicing cannot hold (${kinds}), so it would come out with another total. Nothing was imported.`,
      fix: [
        'Replace those lines by ordinary ones in QuickBooks, or keep the invoice in QuickBooks alone and discard this.',
        'A change in QuickBooks goes on by itself, or replay.',
      ],
    };
  }
  if (sameNumber === null) return null;
  return {
    reason: 'DUPLICATE_NUMBER',
    explanation: `Internal invoicing already has an invoice ${number}: ${sameNumber}. It may be the same one, so nothing was imported.`,
    fix: [
      'Give the invoice another number in QuickBooks if it is another one; void it there if it is the same.',
      'It then goes on by itself, or replay.',
    ],
  };
}

/** First part of the reference by which an import is found again; it is written once and unique there (http.md §4). */
const scheme = 'quickbooks';

/**
 * The reference an imported invoice carries in internal invoicing; one that was made in place of another names that too, so
 * that it is unique.
 */
export const importReference = (
  realmId: string,
  quickbooksId: string,
  replacedId: string | null,
): string =>
  [scheme, realmId, quickbooksId, ...(replacedId === null ? [] : [replacedId])].join(':');

/** The QuickBooks invoice of this company that an internal one was imported from; null when it was not. */
export function importedFrom(
  { counterpartId }: Pick<Invoice, 'counterpartId'>,
  realmId: string | null,
): string | null {
  const prefix = `${scheme}:${realmId ?? ''}:`;
  if (realmId === null || counterpartId?.startsWith(prefix) !== true) return null;
  const [id = ''] = counterpartId.slice(prefix.length).split(':');
  return id === '' ? null : id;
}
