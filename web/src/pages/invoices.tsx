import { getRouteApi } from '@tanstack/react-router';
import { useRef } from 'react';
import { AppLink, useGo } from '../components/app-link.tsx';
import { InvoiceRow, InvoiceTable } from '../components/invoice-table.tsx';
import { LiveList, Pages } from '../components/live-list.tsx';
import { useChangedIds } from '../components/use-changed-ids.ts';
import { ViewPills } from '../components/view-pills.tsx';
import { InvoicesDocument } from '../graphql/generated/graphql.ts';
import type { InvoiceFilter } from '../graphql/generated/graphql.ts';
import { useLiveQuery } from '../graphql/use-live-query.ts';
import { formatCount } from '../format/money.ts';
import { invoiceViewOf, invoiceViews } from '../invoice-views.ts';
import { paths } from '../paths.ts';
import type { InvoicesSearch } from '../search.ts';
import { Empty } from '../ui/empty.tsx';
import { useKeys } from '../ui/keys.ts';

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
      <ViewPills
        label="Views"
        pills={invoiceViews.map((view) => ({
          href: paths.invoices({ ...search, view }),
          label: invoiceViewOf[view].label,
          isHere: view === search.view,
        }))}
      />
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

/** The list under one filter. */
function InvoiceList({ search }: { readonly search: InvoicesSearch }) {
  const asked = {
    query: InvoicesDocument,
    variables: { first: pageSize, filter: filterOf(search) },
  };
  const result = useLiveQuery({
    ...asked,
    // An empty list has no places that could jump, so it fills by itself.
    refetchOn: (_event, shown) => shown?.invoices.nodes.length === 0,
    refetchMs: 500,
  });
  const changed = useChangedIds(search.company, ({ invoice }) => invoice?.id ?? null);
  const total = result.data?.invoices.totalCount;
  return (
    <LiveList
      asked={asked}
      result={result}
      changed={changed}
      title={total === undefined ? 'Invoices' : countTitle(total)}
      what="invoices"
      skeletonRows={10}
    >
      {({ invoices }) =>
        invoices.nodes.length === 0 ? (
          <NothingFound search={search} />
        ) : (
          <InvoiceTable>
            <Pages
              asked={asked}
              page={invoices}
              pageOf={(data) => data.invoices}
              pageSize={pageSize}
              what="invoices"
            >
              {(invoice) => <InvoiceRow key={invoice.id} invoice={invoice} />}
            </Pages>
          </InvoiceTable>
        )
      }
    </LiveList>
  );
}

const countingStopsAt = 10_001;

function countTitle(total: number): string {
  if (total >= countingStopsAt) return `More than ${formatCount(countingStopsAt - 1)} invoices`;
  return `${formatCount(total)} ${total === 1 ? 'invoice' : 'invoices'}`;
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
