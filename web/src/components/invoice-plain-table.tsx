import { InvoicesDocument } from '../graphql/generated/graphql.ts';
import type { InvoicesQuery } from '../graphql/generated/graphql.ts';
import { useLiveQuery } from '../graphql/use-live-query.ts';
import { askedOf } from '../invoices/use-invoice-list.ts';
import { paths } from '../paths.ts';
import type { InvoicesSearch } from '../search.ts';
import { moneyDifference } from '../format/money.ts';
import { Skeleton } from '../ui/skeleton.tsx';
import { AppLink } from './app-link.tsx';
import { QueryView } from './query-view.tsx';
import { InvoiceStatusChip } from './state-chips.tsx';
import { AgoText, MoneyText } from './values.tsx';
import { readable } from '../format/sentence.ts';

/** Rows of one page of the plain table. */
export const plainPageSize = 50;

type PlainTableProps = {
  readonly search: InvoicesSearch;
  /** What stands instead of a table without rows. */
  readonly nothing: React.ReactNode;
};

/** The list for whoever prefers to read a page of a plain table: nothing moves, nothing is drawn by scrolling. */
export function InvoicePlainTable({ search, nothing }: PlainTableProps) {
  const { after } = search;
  const result = useLiveQuery({
    query: InvoicesDocument,
    variables: { first: plainPageSize, after: after ?? null, ...askedOf(search) },
  });
  return (
    <QueryView
      result={result}
      what="The invoices"
      skeleton={
        <div className="px-4 pb-4">
          <Skeleton what="invoices" rows={10} />
        </div>
      }
    >
      {({ invoices }) =>
        invoices.nodes.length === 0 ? (
          nothing
        ) : (
          <>
            <Table rows={invoices.nodes} />
            <Paging search={search} pageInfo={invoices.pageInfo} />
          </>
        )
      }
    </QueryView>
  );
}

type Row = InvoicesQuery['invoices']['nodes'][number];

const heads = ['Invoice', 'Customer', 'Status', 'Internal', 'QuickBooks', 'Difference', 'Changed'];

function Table({ rows }: { readonly rows: readonly Row[] }) {
  return (
    <div className="relative overflow-x-auto" tabIndex={0} role="region" aria-label="Invoices">
      <table className="w-full min-w-[56rem]">
        <caption className="sr-only">Invoices, {rows.length} on this page</caption>
        <thead className="border-b border-line text-xs text-ink-soft">
          <tr>
            {heads.map((head, index) => (
              <th
                key={head}
                scope="col"
                className={`px-2 py-1.5 font-medium first:pl-4 last:pr-4 ${index > 2 ? 'text-right' : 'text-left'}`}
              >
                {head}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {rows.map((row) => (
            <PlainRow key={row.id} row={row} />
          ))}
        </tbody>
      </table>
    </div>
  );
}

function PlainRow({ row }: { readonly row: Row }) {
  const { internal, quickbooks, status, statusReason } = row;
  const difference = moneyDifference(internal?.total, quickbooks?.total);
  return (
    <tr className="border-b border-line align-top">
      <th scope="row" className="py-2 pr-2 pl-4 text-left font-medium whitespace-nowrap">
        <AppLink href={paths.invoice(row.id)} className="underline underline-offset-4">
          {row.number ?? 'No number'}
        </AppLink>
      </th>
      <td className="px-2 py-2">{(internal ?? quickbooks)?.customer.name}</td>
      <td className="px-2 py-2">
        <InvoiceStatusChip status={status} />{' '}
        <span className="text-[0.8125rem] text-ink-soft">{readable(statusReason)}</span>
      </td>
      <td className="px-2 py-2 text-right">
        <MoneyText value={internal?.total} />
      </td>
      <td className="px-2 py-2 text-right">
        <MoneyText value={quickbooks?.total} />
      </td>
      <td className="px-2 py-2 text-right font-medium">
        {difference === null ? null : <MoneyText value={difference} />}
      </td>
      <td className="py-2 pr-4 pl-2 text-right text-ink-soft">
        <AgoText instant={row.changedAt} />
      </td>
    </tr>
  );
}

type PagingProps = {
  readonly search: InvoicesSearch;
  readonly pageInfo: InvoicesQuery['invoices']['pageInfo'];
};

/** The way back is the browser's own; the first page is always at hand. */
function Paging({ search, pageInfo: { hasNextPage, endCursor } }: PagingProps) {
  const { after, ...first } = search;
  const look = 'font-medium underline underline-offset-4';
  return (
    <nav aria-label="Pages of the list" className="flex gap-6 px-4 py-3">
      {after !== undefined && (
        <AppLink href={paths.invoices(first)} className={look}>
          First page
        </AppLink>
      )}
      {hasNextPage && endCursor !== null && (
        <AppLink href={paths.invoices({ ...first, after: endCursor })} className={look}>
          Next {plainPageSize}
        </AppLink>
      )}
    </nav>
  );
}
