import { getRouteApi } from '@tanstack/react-router';
import { useState } from 'react';
import { AppLink, useGo } from '../components/app-link.tsx';
import { InvoiceGrid } from '../components/invoice-grid.tsx';
import { InvoiceNarrowing } from '../components/invoice-narrowing.tsx';
import { InvoicePanel } from '../components/invoice-panel.tsx';
import { InvoicePlainTable, plainPageSize } from '../components/invoice-plain-table.tsx';
import { SelectionBar } from '../components/selection-bar.tsx';
import { PanelGraphql } from '../components/panel-graphql.tsx';
import { QueryView } from '../components/query-view.tsx';
import type { GridActs } from '../components/use-grid-state.ts';
import { InvoicesDocument } from '../graphql/generated/graphql.ts';
import { formatCount } from '../format/money.ts';
import { invoiceViewOf } from '../invoice-views.ts';
import type { InvoiceSort } from '../invoice-views.ts';
import { countingStopsAt } from '../invoices/pages.ts';
import { askedOf, gridPageSize, useInvoiceList } from '../invoices/use-invoice-list.ts';
import { paths } from '../paths.ts';
import type { InvoicesSearch } from '../search.ts';
import { Button } from '../ui/button.tsx';
import { Empty } from '../ui/empty.tsx';
import { Panel } from '../ui/panel.tsx';
import { Skeleton } from '../ui/skeleton.tsx';

const route = getRouteApi('/invoices');

/** Every invoice of both books, narrowed by a view and by words; all of it is in the address. */
export function InvoicesPage() {
  const search = route.useSearch();
  const { row: _row, ...asked } = search;
  const key = JSON.stringify(asked);
  return (
    <div className="flex flex-col gap-4">
      <h1 className="sr-only">Invoices</h1>
      <InvoiceNarrowing search={search} />
      {search.form === 'grid' ? (
        <InvoiceList key={key} search={search} />
      ) : (
        <PlainList key={key} search={search} />
      )}
    </div>
  );
}

/** The list under one filter and order, with the invoice looked at beside it. */
function InvoiceList({ search }: { readonly search: InvoicesSearch }) {
  const go = useGo();
  const list = useInvoiceList(search);
  const [selected, setSelected] = useState<ReadonlySet<string>>(new Set());
  const { row, ...withoutRow } = search;
  const acts: GridActs = {
    // In place: walking through rows must not fill the way back (api-and-web.md §5, Trigger.dev).
    show: (id) =>
      go(paths.invoices({ ...withoutRow, ...(id === null ? {} : { row: id }) }), 'replace'),
    open: (id) => go(paths.invoice(id)),
    sort: (by) => go(paths.invoices(sortedBy(withoutRow, by)), 'replace'),
    select: setSelected,
  };
  return (
    <Panel
      title={list.total === null ? 'Invoices' : countTitle(list)}
      isPadded={false}
      actions={
        <>
          {list.changedCount > 0 && list.total !== 0 && (
            <Button onClick={list.reload}>{formatCount(list.changedCount)} changed · show</Button>
          )}
          <PanelGraphql
            query={InvoicesDocument}
            variables={{ first: gridPageSize, ...askedOf(search) }}
          />
        </>
      }
    >
      <SelectionBar list={list} selected={selected} onClear={() => setSelected(new Set())} />
      <div className="relative grid lg:has-[aside]:grid-cols-[minmax(0,1fr)_22rem]">
        <div className="min-w-0">
          <QueryView
            result={resultOf(list)}
            what={list.total === null ? 'The invoices' : 'More invoices'}
            skeleton={<GridSkeleton />}
          >
            {() =>
              list.total === 0 ? (
                <NothingFound search={search} />
              ) : (
                <InvoiceGrid list={list} search={search} selected={selected} acts={acts} />
              )
            }
          </QueryView>
        </div>
        {row !== undefined && (
          <div className="absolute inset-0 z-20 lg:static lg:z-auto lg:h-0 lg:min-h-full">
            <InvoicePanel key={row} id={row} onClose={() => acts.show(null)} />
          </div>
        )}
      </div>
    </Panel>
  );
}

/** What the list lacks of a query: `QueryView` then says why, above whatever is shown. */
const resultOf = (list: ReturnType<typeof useInvoiceList>) => ({
  data: list.total === null ? undefined : list,
  failure: list.failure,
  isFetching: list.isFetching,
  retry: list.reload,
});

function GridSkeleton() {
  return (
    <div className="px-4 pb-4">
      <Skeleton what="invoices" rows={12} />
    </div>
  );
}

/** The same column again turns the order round; another one begins with the newest, largest or latest. */
const sortedBy = (search: InvoicesSearch, sort: InvoiceSort): InvoicesSearch => ({
  ...search,
  sort,
  way: search.sort === sort && search.way === 'down' ? 'up' : 'down',
});

function countTitle({ total, isCapped }: ReturnType<typeof useInvoiceList>): string {
  if (isCapped) return `More than ${formatCount(countingStopsAt - 1)} invoices`;
  return `${formatCount(total ?? 0)} ${total === 1 ? 'invoice' : 'invoices'}`;
}

/** The list in pages of a plain table. */
function PlainList({ search }: { readonly search: InvoicesSearch }) {
  return (
    <Panel
      title="Invoices"
      isPadded={false}
      actions={
        <PanelGraphql
          query={InvoicesDocument}
          variables={{ first: plainPageSize, ...askedOf(search) }}
        />
      }
    >
      <InvoicePlainTable search={search} nothing={<NothingFound search={search} />} />
    </Panel>
  );
}

function NothingFound({ search }: { readonly search: InvoicesSearch }) {
  if (search.text === undefined && search.view === 'all') {
    return (
      <Empty title={invoiceViewOf.all.nothing}>
        The first one appears as soon as either side makes it.
      </Empty>
    );
  }
  if (search.text === undefined) return <Empty title={invoiceViewOf[search.view].nothing} />;
  return (
    <Empty title={`Nothing in “${invoiceViewOf[search.view].label}” matches “${search.text}”.`}>
      <AppLink
        href={paths.invoices({ view: search.view })}
        className="underline underline-offset-4"
      >
        Clear the words
      </AppLink>
    </Empty>
  );
}
