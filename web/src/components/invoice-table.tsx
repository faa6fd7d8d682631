import type { ReactNode } from 'react';
import type { InvoicesQuery } from '../graphql/generated/graphql.ts';
import { moneyDifference } from '../format/money.ts';
import { paths } from '../paths.ts';
import { AppLink } from './app-link.tsx';
import { InvoiceStatusChip } from './state-chips.tsx';
import { AgoText, MoneyText } from './values.tsx';

/** On a narrow screen a row keeps number, customer, total and status. */
const columns =
  'grid grid-cols-[minmax(0,1fr)_auto] gap-x-4 px-4 md:grid-cols-[minmax(0,14rem)_minmax(0,1fr)_7rem_6.5rem] lg:grid-cols-[minmax(0,16rem)_minmax(0,1fr)_8rem_8rem_7rem_6.5rem]';

const inSixColumns = 'hidden lg:block';
const inFourColumns = 'hidden md:block';

/** The table around the pages of invoices. */
export function InvoiceTable({ children }: { readonly children: ReactNode }) {
  return (
    <div role="table" aria-label="Invoices, newest change first">
      <div role="rowgroup" className="border-b border-line text-xs text-ink-soft">
        <div role="row" className={`${columns} py-1.5`}>
          <span role="columnheader">Invoice</span>
          <span role="columnheader" className={inFourColumns}>
            Status
          </span>
          <span role="columnheader" className={`${inSixColumns} text-right text-internal`}>
            Internal
          </span>
          <span role="columnheader" className={`${inSixColumns} text-right text-quickbooks`}>
            QuickBooks
          </span>
          <span role="columnheader" className="text-right lg:hidden">
            Total
          </span>
          <span role="columnheader" className={`${inSixColumns} text-right`}>
            Difference
          </span>
          <span role="columnheader" className={`${inFourColumns} text-right`}>
            Changed
          </span>
        </div>
      </div>
      <div role="rowgroup">{children}</div>
    </div>
  );
}

type ListedInvoice = InvoicesQuery['invoices']['nodes'][number];

/** One invoice: both totals, and the sentence that says why it stands where it stands. */
export function InvoiceRow({ invoice }: { readonly invoice: ListedInvoice }) {
  const { internal, quickbooks, status, statusReason } = invoice;
  const side = internal ?? quickbooks;
  return (
    <div
      role="row"
      className={`${columns} min-h-13 items-center border-b border-line py-1.5 transition-colors hover:bg-raised`}
    >
      <div role="cell" className="min-w-0">
        <AppLink
          href={paths.invoice(invoice.id)}
          className="font-medium underline-offset-4 hover:underline"
        >
          {invoice.number ?? 'No number'}
        </AppLink>
        <p className="truncate text-[0.8125rem] text-ink-soft">{side?.customer.name}</p>
      </div>
      <div role="cell" className={`${inFourColumns} min-w-0`}>
        <InvoiceStatusChip status={status} />
        <p className="truncate text-[0.8125rem] text-ink-soft" title={statusReason}>
          {statusReason}
        </p>
      </div>
      <div role="cell" className={`${inSixColumns} text-right`}>
        <MoneyText value={internal?.total} />
      </div>
      <div role="cell" className={`${inSixColumns} text-right`}>
        <MoneyText value={quickbooks?.total} />
      </div>
      <div role="cell" className="text-right lg:hidden">
        <MoneyText value={side?.total} />
        <p className="md:hidden">
          <InvoiceStatusChip status={status} />
        </p>
      </div>
      <div role="cell" className={`${inSixColumns} text-right font-medium`}>
        <Difference invoice={invoice} />
      </div>
      <div role="cell" className={`${inFourColumns} text-right text-ink-soft`}>
        <AgoText instant={invoice.changedAt} />
      </div>
    </div>
  );
}

/** Nothing is shown for equal totals: a column of zeros would hide the one that differs. */
function Difference({ invoice }: { readonly invoice: ListedInvoice }) {
  const difference = moneyDifference(invoice.internal?.total, invoice.quickbooks?.total);
  return difference === null ? null : <MoneyText value={difference} />;
}
