/** One of the two systems of record. */
export type Side = 'internal' | 'quickbooks';

export const sides = ['internal', 'quickbooks'] as const satisfies readonly Side[];

export const otherSide = (side: Side): Side => (side === 'internal' ? 'quickbooks' : 'internal');

/** What people call a side, within a sentence. */
export const sideNames = {
  internal: 'internal invoicing',
  quickbooks: 'QuickBooks',
} as const satisfies Record<Side, string>;

/** The same at the start of a sentence. */
export const sideNamesFirst = {
  internal: 'Internal invoicing',
  quickbooks: 'QuickBooks',
} as const satisfies Record<Side, string>;
