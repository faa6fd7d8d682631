import { canonicalText } from '../canonical-text.ts';
import type { Invoice } from './invoice.ts';

/**
 * Everything an invoice shows, as one text: equal texts, nothing to look at. Versions and times are left out, because both
 * move without the content and the content without them (quickbooks.md §4.1); so are the line keys, which are the bridge's.
 */
export function shownText(invoice: Invoice): string {
  const { version: _version, modifiedAt: _at, modifiedBy: _by, ...shown } = invoice;
  return canonicalText({
    ...shown,
    lines: invoice.lines.map(({ key: _key, ...line }) => line),
    payments: invoice.payments.map(({ version: _of, ...payment }) => payment),
  });
}
