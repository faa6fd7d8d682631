import type { Invoice, InvoiceContent } from '../invoice/invoice.ts';

/**
 * Paths of a new pair that both sides never held equal (architecture.md §5, "First connection"). The base says nothing
 * there, whatever it shows: the two values count as two moves, so a difference waits for a person instead of passing as
 * agreed or overwriting one side. Kept on the internal half, for both.
 */
export type NeverAgreed = { readonly neverAgreed?: readonly string[] };

const everything = '*';

/** The base of two documents that were paired and never compared: nothing in it is agreed. */
export const nothingAgreed = <Content extends InvoiceContent | Invoice>(
  internal: Content,
  quickbooks: Content,
): { readonly internal: Content & NeverAgreed; readonly quickbooks: Content } => ({
  internal: { ...internal, neverAgreed: [everything] },
  quickbooks,
});

/** Whether the base says nothing at a path; a whole line stands for each of its fields. */
export const isNeverAgreed = ({ neverAgreed = [] }: NeverAgreed, path: string): boolean =>
  neverAgreed.some(
    (never) => never === everything || never === path || path.startsWith(`${never}.`),
  );

/** What QuickBooks fills in by itself where nobody says anything: from the terms, and from the customer. */
const filledIn = ['dueDate', 'billTo', 'billEmail'] as const;

/**
 * The internal side in QuickBooks' terms, with what it leaves open as QuickBooks filled it in: after the bridge's own create
 * that is no difference either.
 */
export const withFilledIn = (
  never: NeverAgreed,
  translated: InvoiceContent,
  quickbooks: InvoiceContent,
): InvoiceContent => ({
  ...translated,
  ...Object.fromEntries(
    filledIn
      .filter((field) => translated[field] === null && isNeverAgreed(never, field))
      .map((field) => [field, quickbooks[field]] as const),
  ),
});

/** What stays without agreement after a crossing: everything, as long as it is open whether the document stands at all. */
export const stillNeverAgreed = (
  open: readonly { readonly group: string; readonly paths: readonly string[] }[],
): NeverAgreed => {
  const paths = open.flatMap((merge) => (merge.group === 'existence' ? [everything] : merge.paths));
  return paths.length === 0 ? {} : { neverAgreed: paths };
};
