/** One of the two systems of record. */
export type Side = 'internal' | 'quickbooks';

export const sides = ['internal', 'quickbooks'] as const satisfies readonly Side[];

export const otherSide = (side: Side): Side => (side === 'internal' ? 'quickbooks' : 'internal');
