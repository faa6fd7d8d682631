/** One of the two systems of record. */
export type Side = 'internal' | 'quickbooks';
