import type { ReactNode } from 'react';
import { shownCrossing } from '../crossing/shown-crossing.ts';
import { moneyDifference } from '../format/money.ts';
import type { InvoiceSort } from '../invoice-views.ts';
import type { ListedInvoice } from '../invoices/use-invoice-list.ts';
import { paths } from '../paths.ts';
import { directionLabels } from '../state-labels.ts';
import { AppLink } from './app-link.tsx';
import { InvoiceStatusChip } from './state-chips.tsx';
import { AgoText, MoneyText } from './values.tsx';
import { readable } from '../format/sentence.ts';

/** A column of the invoice list; `sort` names what a click on its head sorts by. */
export type InvoiceColumn = {
  readonly name: string;
  readonly label: string;
  readonly track: string;
  readonly look: string;
  readonly sort?: InvoiceSort;
  readonly cell: (invoice: ListedInvoice) => ReactNode;
};

const right = 'text-right';

const direction: InvoiceColumn = {
  name: 'direction',
  label: 'Last',
  track: '2rem',
  look: 'text-center',
  cell: (invoice) => <LastDirection invoice={invoice} />,
};

/** Internal is left of QuickBooks, as everywhere. */
const amounts: readonly InvoiceColumn[] = [
  {
    name: 'internal',
    label: 'Internal',
    track: '6.5rem',
    look: `${right} text-internal`,
    sort: 'total',
    cell: (invoice) => (
      <span className="text-ink">
        <MoneyText value={invoice.internal?.total} />
      </span>
    ),
  },
  {
    name: 'quickbooks',
    label: 'QuickBooks',
    track: '6.5rem',
    look: `${right} text-quickbooks`,
    cell: (invoice) => (
      <span className="text-ink">
        <MoneyText value={invoice.quickbooks?.total} />
      </span>
    ),
  },
  {
    name: 'difference',
    label: 'Difference',
    track: '6rem',
    look: `${right} font-medium`,
    cell: (invoice) => <Difference invoice={invoice} />,
  },
];

const changed: InvoiceColumn = {
  name: 'changed',
  label: 'Changed',
  track: '5.5rem',
  look: `${right} text-ink-soft`,
  sort: 'changed',
  cell: (invoice) => <AgoText instant={invoice.changedAt} />,
};

/** What stands in a wide list, in one line a row. */
export const wideColumns: readonly InvoiceColumn[] = [
  {
    name: 'number',
    label: 'Invoice',
    track: 'minmax(6.5rem,0.6fr)',
    look: '',
    sort: 'number',
    cell: (invoice) => <NumberLink invoice={invoice} />,
  },
  {
    name: 'customer',
    label: 'Customer',
    track: 'minmax(6rem,1fr)',
    look: 'truncate',
    cell: (invoice) => sideOf(invoice)?.customer.name,
  },
  direction,
  {
    name: 'status',
    label: 'Status',
    track: 'minmax(9rem,1.8fr)',
    look: 'flex min-w-0 items-center gap-2',
    cell: (invoice) => (
      <>
        <InvoiceStatusChip status={invoice.status} />
        <Reason invoice={invoice} />
      </>
    ),
  },
  ...amounts,
  changed,
];

/** The same in two lines a row, beside an open panel. */
export const mediumColumns: readonly InvoiceColumn[] = [
  {
    name: 'number',
    label: 'Invoice',
    track: 'minmax(7rem,1fr)',
    look: '',
    sort: 'number',
    cell: (invoice) => (
      <>
        <NumberLink invoice={invoice} />
        <p className="truncate text-[0.8125rem] text-ink-soft">{sideOf(invoice)?.customer.name}</p>
      </>
    ),
  },
  direction,
  {
    name: 'status',
    label: 'Status',
    track: 'minmax(8rem,1.6fr)',
    look: '',
    cell: (invoice) => (
      <>
        <InvoiceStatusChip status={invoice.status} />
        <Reason invoice={invoice} />
      </>
    ),
  },
  ...amounts,
];

/** The same facts in two lines, where there is no room for eight columns. */
export const narrowColumns: readonly InvoiceColumn[] = [
  {
    name: 'number',
    label: 'Invoice',
    track: 'minmax(0,1fr)',
    look: 'min-w-0',
    sort: 'number',
    cell: (invoice) => (
      <>
        <p className="truncate">
          <NumberLink invoice={invoice} /> <LastDirection invoice={invoice} />{' '}
          <span className="text-ink-soft">{sideOf(invoice)?.customer.name}</span>
        </p>
        <Reason invoice={invoice} />
      </>
    ),
  },
  {
    name: 'total',
    label: 'Total and status',
    track: 'auto',
    look: right,
    sort: 'total',
    cell: (invoice) => (
      <>
        <p>
          <MoneyText value={sideOf(invoice)?.total} />
        </p>
        <InvoiceStatusChip status={invoice.status} />
      </>
    ),
  },
];

const sideOf = ({ internal, quickbooks }: ListedInvoice) => internal ?? quickbooks;

type CellProps = { readonly invoice: ListedInvoice };

/** Not a stop of the tab key of its own: the grid is one stop, and opens a row by its keys. */
function NumberLink({ invoice }: CellProps) {
  return (
    <AppLink
      href={paths.invoice(invoice.id)}
      tabIndex={-1}
      className="font-medium whitespace-nowrap underline-offset-4 hover:underline"
    >
      {invoice.number ?? 'No number'}
    </AppLink>
  );
}

function Reason({ invoice }: CellProps) {
  return (
    <span
      className="block truncate text-[0.8125rem] text-ink-soft"
      title={readable(invoice.statusReason)}
    >
      {readable(invoice.statusReason)}
    </span>
  );
}

/** Nothing is shown for equal totals: a column of zeros would hide the one that differs. */
function Difference({ invoice }: CellProps) {
  const difference = moneyDifference(invoice.internal?.total, invoice.quickbooks?.total);
  return difference === null ? null : <MoneyText value={difference} />;
}

const sideHue = { TO_QUICKBOOKS: 'text-quickbooks', TO_INTERNAL: 'text-internal' } as const;

/** The way the last change went; our own echo is none. */
function LastDirection({ invoice }: CellProps) {
  const last = shownCrossing(invoice.outboxEvents?.nodes ?? []);
  if (last === undefined || last.stage === 'SKIPPED') return null;
  const { arrow, within } = directionLabels[last.direction];
  return (
    <span title={`Last change went ${within}`} className={`font-medium ${sideHue[last.direction]}`}>
      <span aria-hidden="true">{arrow}</span>
      <span className="sr-only">{within}</span>
    </span>
  );
}
