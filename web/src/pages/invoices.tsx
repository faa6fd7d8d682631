import { getRouteApi } from '@tanstack/react-router';
import { useRef, useState } from 'react';
import { AppLink, useGo } from '../components/app-link.tsx';
import { InvoiceRow, InvoiceTable } from '../components/invoice-table.tsx';
import { PanelGraphql } from '../components/panel-graphql.tsx';
import { QueryView } from '../components/query-view.tsx';
import { InvoicesDocument } from '../graphql/generated/graphql.ts';
import type { InvoiceFilter, InvoicesQuery } from '../graphql/generated/graphql.ts';
import { useLiveQuery } from '../graphql/use-live-query.ts';
import { formatCount } from '../format/money.ts';
import { invoiceViewOf, invoiceViews } from '../invoice-views.ts';
import { paths } from '../paths.ts';
import type { InvoicesSearch } from '../search.ts';
import { useStream, useStreamEvents } from '../stream/stream-context.tsx';
import { Button } from '../ui/button.tsx';
import { Empty } from '../ui/empty.tsx';
import { useKeys } from '../ui/keys.ts';
import { Panel } from '../ui/panel.tsx';
import { Skeleton } from '../ui/skeleton.tsx';

const route = getRouteApi('/invoices');
const pageSize = 50;

/** Every invoice of both books, narrowed by a view and by words. */
export function InvoicesPage() {
  const search = route.useSearch();
  return (
    <div className="flex flex-col gap-4">
      <header>
        <h1 className="text-xl font-semibold tracking-tight">Invoices</h1>
      </header>
      <Narrowing search={search} />
      <InvoiceList key={JSON.stringify(search)} search={search} />
    </div>
  );
}

function Narrowing({ search }: { readonly search: InvoicesSearch }) {
  const go = useGo();
  const field = useRef<HTMLInputElement>(null);
  useKeys({ '/': () => field.current?.focus() });
  return (
    <div className="flex flex-wrap items-center justify-between gap-3">
      <nav aria-label="Views" className="-mx-1 flex gap-1 overflow-x-auto px-1 py-1">
        {invoiceViews.map((view) => (
          <AppLink
            key={view}
            href={paths.invoices({ ...search, view })}
            aria-current={view === search.view ? 'page' : undefined}
            className={`rounded-full px-3 py-1 text-[0.8125rem] font-medium whitespace-nowrap transition-colors ${
              view === search.view
                ? 'bg-ink text-paper'
                : 'text-ink-soft hover:bg-raised hover:text-ink'
            }`}
          >
            {invoiceViewOf[view].label}
          </AppLink>
        ))}
      </nav>
      <form
        role="search"
        className="w-full sm:w-64"
        onSubmit={(event) => {
          event.preventDefault();
          const text = field.current?.value.trim();
          go(paths.invoices({ view: search.view, ...(text ? { text } : {}) }), 'replace');
        }}
      >
        <input
          key={search.text}
          ref={field}
          type="search"
          name="text"
          defaultValue={search.text}
          aria-label="Number, customer or memo"
          aria-keyshortcuts="/"
          placeholder="Number, customer or memo"
          className="h-8 w-full rounded-md border border-line-strong/60 bg-surface px-2.5 placeholder:text-ink-soft"
        />
      </form>
    </div>
  );
}

function filterOf({ view, text, company }: InvoicesSearch): InvoiceFilter {
  return {
    ...(company === undefined ? {} : { companyIds: [company] }),
    ...(text === undefined ? {} : { text }),
    statuses: invoiceViewOf[view].statuses,
  };
}

/** The list under one filter. Its order holds still; what changed meanwhile waits behind a button. */
function InvoiceList({ search }: { readonly search: InvoicesSearch }) {
  const filter = filterOf(search);
  const variables = { first: pageSize, filter };
  const result = useLiveQuery({
    query: InvoicesDocument,
    variables,
    // An empty list has no places that could jump, so it fills by itself.
    refetchOn: (_event, shown) => shown?.invoices.nodes.length === 0,
    refetchMs: 500,
  });
  const { changedCount, forget } = useChangedInvoices(search.company);
  const total = result.data?.invoices.totalCount;
  const showNow = () => {
    forget();
    result.retry();
  };
  return (
    <Panel
      title={total === undefined ? 'Invoices' : countTitle(total)}
      isPadded={false}
      actions={
        <>
          {changedCount > 0 && (
            <Button onClick={showNow}>{formatCount(changedCount)} changed · show</Button>
          )}
          <PanelGraphql query={InvoicesDocument} variables={variables} />
        </>
      }
    >
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
            <NothingFound search={search} />
          ) : (
            <InvoiceTable>
              <InvoiceRows page={invoices} filter={filter} />
            </InvoiceTable>
          )
        }
      </QueryView>
    </Panel>
  );
}

const countingStopsAt = 10_001;

function countTitle(total: number): string {
  if (total >= countingStopsAt) return `More than ${formatCount(countingStopsAt - 1)} invoices`;
  return `${formatCount(total)} ${total === 1 ? 'invoice' : 'invoices'}`;
}

/** Invoices that the stream spoke of since the list was read. */
function useChangedInvoices(companyId: string | undefined) {
  const [ids, setIds] = useState<ReadonlySet<string>>(new Set());
  const isPaused = useStream((stream) => stream.isPaused);
  useStreamEvents((events) => {
    const mine = events.filter(
      ({ company }) => companyId === undefined || company.id === companyId,
    );
    const changed = mine.flatMap(({ invoice }) => (invoice === null ? [] : [invoice.id]));
    if (changed.some((id) => !ids.has(id)) && !isPaused) setIds(new Set([...ids, ...changed]));
  });
  return { changedCount: ids.size, forget: () => setIds(new Set()) };
}

type InvoiceRowsProps = {
  readonly page: InvoicesQuery['invoices'];
  readonly filter: InvoiceFilter;
};

/** One page, and the next one below it once it is asked for: pages belong to their filter and never mix. */
function InvoiceRows({ page, filter }: InvoiceRowsProps) {
  const [isMore, setMore] = useState(false);
  const { endCursor, hasNextPage } = page.pageInfo;
  return (
    <>
      {page.nodes.map((invoice) => (
        <InvoiceRow key={invoice.id} invoice={invoice} />
      ))}
      {hasNextPage && endCursor !== null && !isMore && (
        <div role="row" className="py-3 text-center">
          <div role="cell">
            <Button onClick={() => setMore(true)}>Show {pageSize} more</Button>
          </div>
        </div>
      )}
      {isMore && endCursor !== null && <NextPage after={endCursor} filter={filter} />}
    </>
  );
}

type NextPageProps = { readonly after: string; readonly filter: InvoiceFilter };

function NextPage({ after, filter }: NextPageProps) {
  const variables = { first: pageSize, after, filter };
  const result = useLiveQuery({ query: InvoicesDocument, variables });
  if (result.data) return <InvoiceRows page={result.data.invoices} filter={filter} />;
  return (
    <div role="row" className="px-4 py-3">
      <div role="cell">
        <QueryView result={result} what="More invoices">
          {() => null}
        </QueryView>
      </div>
    </div>
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
