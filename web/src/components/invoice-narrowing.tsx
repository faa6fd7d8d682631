import { useRef } from 'react';
import { invoiceSortOf, invoiceSorts, invoiceViewOf, invoiceViews } from '../invoice-views.ts';
import { paths } from '../paths.ts';
import type { InvoicesSearch } from '../search.ts';
import { useKeys } from '../ui/keys.ts';
import { AppLink, useGo } from './app-link.tsx';
import { ViewPills } from './view-pills.tsx';

/** Which invoices, in which order, and as what: each choice is an address, so a bookmark saves it. */
export function InvoiceNarrowing({ search }: { readonly search: InvoicesSearch }) {
  const { row: _row, after: _after, ...kept } = search;
  return (
    <div className="flex flex-wrap items-center justify-between gap-x-4 gap-y-2">
      <ViewPills
        label="Views"
        pills={invoiceViews.map((view) => ({
          href: paths.invoices({ ...kept, view }),
          label: invoiceViewOf[view].label,
          isHere: view === search.view,
        }))}
      />
      <div className="flex w-full flex-wrap items-center gap-2 sm:w-auto">
        <WordsField search={kept} />
        <OrderField search={kept} />
        <AppLink
          href={paths.invoices({ ...kept, form: search.form === 'grid' ? 'table' : 'grid' })}
          className="px-1 py-1 text-[0.8125rem] whitespace-nowrap text-ink-soft underline-offset-4 hover:underline"
        >
          {search.form === 'grid' ? 'Plain table' : 'Grid'}
        </AppLink>
      </div>
    </div>
  );
}

const fieldLook = 'h-8 rounded-md border border-line-strong/60 bg-surface px-2.5';

function WordsField({ search }: { readonly search: InvoicesSearch }) {
  const go = useGo();
  const field = useRef<HTMLInputElement>(null);
  useKeys({ '/': () => field.current?.focus() });
  const { text: _text, ...kept } = search;
  return (
    <form
      role="search"
      className="min-w-0 flex-1 sm:w-60 sm:flex-none"
      onSubmit={(event) => {
        event.preventDefault();
        const text = field.current?.value.trim();
        go(paths.invoices({ ...kept, ...(text ? { text } : {}) }), 'replace');
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
        className={`${fieldLook} w-full placeholder:text-ink-soft`}
      />
    </form>
  );
}

/** Also where the heads of the columns are out of sight. */
function OrderField({ search }: { readonly search: InvoicesSearch }) {
  const go = useGo();
  const value = `${search.sort} ${search.way}`;
  return (
    <select
      aria-label="Order"
      value={value}
      onChange={({ target }) => {
        const [sort, way] = target.value.split(' ');
        go(paths.invoices({ ...search, ...(sort && way ? { sort, way } : {}) }), 'replace');
      }}
      className={`${fieldLook} text-[0.8125rem]`}
    >
      {invoiceSorts.flatMap((sort) => [
        <option key={`${sort} down`} value={`${sort} down`}>
          {invoiceSortOf[sort].label} ↓
        </option>,
        <option key={`${sort} up`} value={`${sort} up`}>
          {invoiceSortOf[sort].label} ↑
        </option>,
      ])}
    </select>
  );
}
