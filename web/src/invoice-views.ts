import type {
  InvoiceOrderField,
  InvoiceSyncStatus,
  SortDirection,
} from './graphql/generated/graphql.ts';

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

/** Columns that the server can sort by. */
export const invoiceSorts = ['changed', 'number', 'total', 'due'] as const;

/** One of them. */
export type InvoiceSort = (typeof invoiceSorts)[number];

type SortOf = { readonly label: string; readonly field: InvoiceOrderField };

/** What each sorts by. */
export const invoiceSortOf: Record<InvoiceSort, SortOf> = {
  changed: { label: 'Changed', field: 'CHANGED_AT' },
  number: { label: 'Number', field: 'NUMBER' },
  total: { label: 'Total', field: 'TOTAL' },
  due: { label: 'Due date', field: 'DUE_DATE' },
};

/** Newest, largest and latest first, unless asked otherwise. */
export const sortWays = ['down', 'up'] as const;

/** Which way a list is sorted. */
export type SortWay = (typeof sortWays)[number];

/** As the API calls it. */
export const sortDirectionOf: Record<SortWay, SortDirection> = { down: 'DESC', up: 'ASC' };

/** How the list is shown: a grid that scrolls through all of it, or a plain table in pages. */
export const invoiceForms = ['grid', 'table'] as const;

/** One of them. */
export type InvoiceForm = (typeof invoiceForms)[number];
