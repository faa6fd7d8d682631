import type { GroupMerge } from '../merge/merge-invoice.ts';
import { otherSide, type Side } from '../side.ts';
import { unreachable } from '../unreachable.ts';

/**
 * Internal invoicing keeps one e-mail address per customer, none per invoice (http.md §4): it cannot take this one. Tax that
 * QuickBooks computed is accepted, not written (architecture.md §4, "Tax").
 */
const notHeldInternally: ReadonlySet<string> = new Set(['billEmail', 'taxTotal']);

const takes = { internal: 'take-internal', quickbooks: 'take-quickbooks' } as const;

/** Whether internal invoicing has a place for the group on an invoice. */
export const isHeldInternally = (group: string): boolean => !notHeldInternally.has(group);

/** Whether the group's value goes from this side, or from a person's decision, to the other. */
export const isCarried = ({ group, merge, to }: GroupMerge, from: Side): boolean =>
  (merge === takes[from] || (merge === 'take-decided' && to?.includes(otherSide(from)) === true)) &&
  (from === 'internal' || isHeldInternally(group));

/** Whether QuickBooks moved it and internal invoicing has no place for it, so that it stays where it is. */
export const staysInQuickbooks = ({ group, merge }: GroupMerge): boolean =>
  merge === 'take-quickbooks' && !isHeldInternally(group);

/**
 * Whether the group keeps its base: it is disputed, its value has no place on the other side, or it is not known to have
 * arrived there. `arrived` are the sides that hold what was meant for them.
 */
export function isOpen(merge: GroupMerge, arrived: readonly Side[]): boolean {
  switch (merge.merge) {
    case 'conflict':
      return true;
    case 'take-internal':
      return !arrived.includes('quickbooks');
    case 'take-quickbooks':
      return staysInQuickbooks(merge) || !arrived.includes('internal');
    case 'take-decided':
      return merge.to?.some((side) => !arrived.includes(side)) ?? true;
    case 'agreed':
    case 'unchanged':
      return false;
    default:
      return unreachable(merge.merge);
  }
}
