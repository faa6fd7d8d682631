import type { ReactNode } from 'react';
import type { InvoicesQuery } from '../graphql/generated/graphql.ts';
import { formatMoney, moneyDifference } from '../format/money.ts';
import { paths } from '../paths.ts';
import { AppLink } from './app-link.tsx';
import { InvoiceStatusChip } from './state-chips.tsx';
import { AgoText, MoneyText } from './values.tsx';

type ColumnProps = { readonly children: ReactNode; readonly look?: string };

function Column({ children, look = '' }: ColumnProps) {
  return (
    <th scope="col" className={`px-2 py-2 font-medium first:pl-4 last:pr-4 ${look}`}>
      {children}
    </th>
  );
}

/** The table around the pages of invoices. On a narrow screen it keeps number, status and total. */
export function InvoiceTable({ children }: { readonly children: ReactNode }) {
  return (
    <table className="w-full table-fixed border-collapse">
      <caption className="sr-only">Invoices, newest change first</caption>
      <thead className="text-left text-xs text-ink-soft">
        <tr className="border-b border-line">
          <Column look="w-[38%] md:w-[22%]">Invoice</Column>
          <Column look="md:w-auto">Status</Column>
          <Column look="hidden w-32 text-right text-internal lg:table-cell">Internal</Column>
          <Column look="hidden w-32 text-right text-quickbooks lg:table-cell">QuickBooks</Column>
          <Column look="w-28 text-right lg:w-28">
            <span className="lg:hidden">Total</span>
            <span className="hidden lg:inline">Difference</span>
          </Column>
          <Column look="hidden w-28 text-right md:table-cell">Changed</Column>
        </tr>
      </thead>
      {children}
    </table>
  );
}

/** A row over the whole width, under the rows. */
export function InvoiceTableFoot({ children }: { readonly children: ReactNode }) {
  return (
    <tbody>
      <tr>
        <td colSpan={6} className="px-4 py-3 text-center">
          {children}
        </td>
      </tr>
    </tbody>
  );
}

type ListedInvoice = InvoicesQuery['invoices']['nodes'][number];

/** One invoice: both totals, and the sentence that says why it stands where it stands. */
export function InvoiceRow({ invoice }: { readonly invoice: ListedInvoice }) {
  const { internal, quickbooks } = invoice;
  const side = internal ?? quickbooks;
  const difference = moneyDifference(internal?.total, quickbooks?.total);
  return (
    <tr className="h-13 border-b border-line align-middle transition-colors last:border-0 hover:bg-raised">
      <td className="truncate py-1.5 pr-2 pl-4">
        <AppLink
          href={paths.invoice(invoice.id)}
          className="font-medium underline-offset-4 hover:underline"
        >
          {invoice.number ?? 'No number'}
        </AppLink>
        <div className="truncate text-[0.8125rem] text-ink-soft">{side?.customer.name}</div>
      </td>
      <td className="px-2 py-1.5">
        <InvoiceStatusChip status={invoice.status} />
        <div
          className="hidden truncate text-[0.8125rem] text-ink-soft md:block"
          title={invoice.statusReason}
        >
          {invoice.statusReason}
        </div>
      </td>
      <td className="hidden px-2 text-right lg:table-cell">
        <MoneyText value={internal?.total} />
      </td>
      <td className="hidden px-2 text-right lg:table-cell">
        <MoneyText value={quickbooks?.total} />
      </td>
      <td className="px-2 pr-4 text-right md:pr-2">
        <span className="lg:hidden">
          <MoneyText value={side?.total} />
        </span>
        <span className="hidden lg:inline">
          {difference === null ? null : (
            <span className="font-medium">{formatMoney(difference)}</span>
          )}
        </span>
      </td>
      <td className="hidden pr-4 pl-2 text-right text-ink-soft md:table-cell">
        <AgoText instant={invoice.changedAt} />
      </td>
    </tr>
  );
}
