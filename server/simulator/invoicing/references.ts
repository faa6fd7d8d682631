import type { Company } from './company.ts';
import type { FieldError } from './problem.ts';

/** A reference as a client writes it: an id, and perhaps what it was read with. */
export type ReferenceWrite = Readonly<Record<string, unknown>> & { readonly id: string };

/**
 * Finds what a reference names. What it names now, or what the invoice already holds under that id, is accepted: a
 * reference once taken stays valid. Other fields of the reference are read-only, but may be sent back as they were read.
 */
export function resolveReference<Shown extends { readonly id: string }>(
  reference: ReferenceWrite,
  candidates: readonly (Shown | undefined)[],
  path: string,
): { readonly found: Shown | null; readonly errors: readonly FieldError[] } {
  const found = candidates.find((candidate) => candidate?.id === reference.id);
  if (found === undefined) {
    return { found: null, errors: [{ path: `${path}.id`, message: 'is not known' }] };
  }
  const shown = new Map<string, unknown>(Object.entries(found));
  const errors = Object.keys(reference)
    .filter((key) => reference[key] !== shown.get(key))
    .map((key) => ({ path: `${path}.${key}`, message: 'is read-only' }));
  return { found, errors };
}

/** A customer as an invoice shows it. */
export function shownCustomer(company: Company, id: string) {
  const customer = company.records.customers.get(id);
  if (customer === undefined) return undefined;
  const { displayName, email, version } = customer;
  return { id, displayName, email, version };
}

/** An item as a line shows it. */
export function shownItem(company: Company, id: string) {
  const item = company.records.items.get(id);
  return item === undefined ? undefined : { id, sku: item.sku, name: item.name };
}
