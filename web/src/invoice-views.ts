import type { InvoiceSyncStatus } from './graphql/generated/graphql.ts';

/** Views of the invoice list; a view is an address, so a bookmark saves it (api-and-web.md §3.2). */
export const invoiceViews = [
  'all',
  'not-in-sync',
  'needs-you',
  'crossing',
  'unlinked',
  'paused',
] as const;

/** One view of the invoice list. */
export type InvoiceView = (typeof invoiceViews)[number];

type ViewOf = {
  readonly label: string;
  /** Null for every status. */
  readonly statuses: InvoiceSyncStatus[] | null;
  /** Said when the view holds nothing. */
  readonly nothing: string;
};

/** What each view holds. */
export const invoiceViewOf: Record<InvoiceView, ViewOf> = {
  all: { label: 'All', statuses: null, nothing: 'No invoice has been seen yet.' },
  'not-in-sync': {
    label: 'Not in sync',
    statuses: ['PENDING', 'IN_FLIGHT', 'UNCERTAIN', 'CONFLICT', 'DEAD_LETTERED'],
    nothing: 'Everything is across: no invoice differs.',
  },
  'needs-you': {
    label: 'Needs you',
    statuses: ['CONFLICT', 'DEAD_LETTERED'],
    nothing: 'Nothing needs you.',
  },
  crossing: {
    label: 'Crossing',
    statuses: ['PENDING', 'IN_FLIGHT', 'UNCERTAIN'],
    nothing: 'Nothing is crossing right now.',
  },
  unlinked: { label: 'Unlinked', statuses: ['UNLINKED'], nothing: 'Every invoice is linked.' },
  paused: { label: 'Paused', statuses: ['PAUSED'], nothing: 'Nothing is paused.' },
};
