import type { ConflictOrder, ConflictStatus } from './graphql/generated/graphql.ts';

/** Views of the conflict list; a view is an address, so a bookmark saves it (api-and-web.md §3.2). */
export const conflictViews = ['open', 'crossing', 'settled'] as const;

/** One view of the conflict list. */
export type ConflictView = (typeof conflictViews)[number];

type ViewOf = {
  readonly label: string;
  readonly statuses: ConflictStatus[];
  /** Said when the view holds nothing. */
  readonly nothing: string;
};

/** What each view holds. */
export const conflictViewOf: Record<ConflictView, ViewOf> = {
  open: { label: 'Open', statuses: ['OPEN'], nothing: 'No conflict waits for you.' },
  crossing: {
    label: 'On its way',
    statuses: ['UNDO_WINDOW', 'APPLYING'],
    nothing: 'No decision is on its way.',
  },
  settled: {
    label: 'Settled',
    statuses: ['RESOLVED', 'SUPERSEDED'],
    nothing: 'No conflict has been settled yet.',
  },
};

/** Orders of the conflict list. */
export const conflictOrders = ['money', 'newest'] as const;

/** One order of the conflict list. */
export type ConflictOrderName = (typeof conflictOrders)[number];

/** What each order means. */
export const conflictOrderOf: Record<
  ConflictOrderName,
  { readonly label: string; readonly order: ConflictOrder }
> = {
  money: { label: 'Most money first', order: { field: 'AMOUNT_AT_STAKE', direction: 'DESC' } },
  newest: { label: 'Newest first', order: { field: 'DETECTED_AT', direction: 'DESC' } },
};
