import { getRouteApi } from '@tanstack/react-router';
import { ExternalLink } from 'lucide-react';
import { AppLink } from '../components/app-link.tsx';
import { AuditTab } from '../components/audit-tab.tsx';
import { CompareTab } from '../components/compare-tab.tsx';
import { CrossingTab } from '../components/crossing-tab.tsx';
import { HistoryTab } from '../components/history-tab.tsx';
import { InvoiceActs } from '../components/invoice-acts.tsx';
import { QueryView } from '../components/query-view.tsx';
import { RawTab } from '../components/raw-tab.tsx';
import { InvoiceStatusChip } from '../components/state-chips.tsx';
import { AgoText, MoneyText } from '../components/values.tsx';
import { InvoiceDocument } from '../graphql/generated/graphql.ts';
import type { InvoiceQuery } from '../graphql/generated/graphql.ts';
import { useLiveQuery } from '../graphql/use-live-query.ts';
import { invoiceTabs, paths } from '../paths.ts';
import type { InvoiceTab } from '../paths.ts';
import { mayChangeInvoice } from '../stream/event-kinds.ts';
import { Empty } from '../ui/empty.tsx';
import { Skeleton } from '../ui/skeleton.tsx';
import { readable } from '../format/sentence.ts';

const route = getRouteApi('/invoices/$id');

/** One invoice: both sides, the way between them, and everything that happened. */
export function InvoicePage() {
  const { id } = route.useParams();
  return <InvoiceView key={id} id={id} />;
}

function InvoiceView({ id }: { readonly id: string }) {
  const { tab, event, correlation } = route.useSearch();
  const result = useLiveQuery({
    query: InvoiceDocument,
    variables: { id },
    refetchOn: mayChangeInvoice(id),
  });
  return (
    <>
      {result.data === undefined && <h1 className="sr-only">Invoice</h1>}
      <QueryView
        result={result}
        what="This invoice"
        skeleton={<Skeleton what="the invoice" rows={3} rowClass="h-10" />}
      >
        {({ invoice, viewer }) =>
          invoice === null ? (
            <NoSuchInvoice />
          ) : (
            <div className="flex flex-col gap-4">
              <InvoiceHeader invoice={invoice} mayAct={viewer.scopes.includes('OPERATE')} />
              <Tabs id={id} tab={tab} />
              <TabContent
                id={id}
                tab={tab}
                eventId={event}
                correlationId={correlation}
                invoice={invoice}
              />
            </div>
          )
        }
      </QueryView>
    </>
  );
}

function NoSuchInvoice() {
  return (
    <>
      <h1 className="sr-only">Invoice not found</h1>
      <Empty title="There is no such invoice, or you may not see it.">
        <AppLink href={paths.invoices()} className="underline underline-offset-4">
          All invoices
        </AppLink>
      </Empty>
    </>
  );
}

type Invoice = NonNullable<InvoiceQuery['invoice']>;

type InvoiceHeaderProps = { readonly invoice: Invoice; readonly mayAct: boolean };

function InvoiceHeader({ invoice, mayAct }: InvoiceHeaderProps) {
  const side = invoice.internal ?? invoice.quickbooks;
  return (
    <header className="flex flex-col gap-1.5">
      <p className="text-[0.8125rem] text-ink-soft">
        <AppLink href={paths.invoices()} className="underline-offset-4 hover:underline">
          Invoices
        </AppLink>{' '}
        · {invoice.company.name}
      </p>
      <div className="flex flex-wrap items-center gap-x-3 gap-y-1">
        <h1 className="text-xl font-semibold tracking-tight md:text-2xl">
          {invoice.number ?? 'No number'}
        </h1>
        <InvoiceStatusChip status={invoice.status} />
        <span className="text-ink-soft">{side?.customer.name}</span>
        <span className="font-medium">
          <MoneyText value={side?.total} />
        </span>
        <InvoiceActs invoice={invoice} mayAct={mayAct} />
      </div>
      <p data-status-reason>
        {readable(invoice.statusReason)}{' '}
        {invoice.openConflict && (
          <AppLink
            href={paths.conflict(invoice.openConflict.id)}
            className="font-medium underline underline-offset-4"
          >
            Settle the conflict <span aria-hidden="true">→</span>
          </AppLink>
        )}
      </p>
      <p className="flex flex-wrap gap-x-4 gap-y-1 text-[0.8125rem] text-ink-soft">
        <span>
          Changed <AgoText instant={invoice.changedAt} />
        </span>
        {invoice.lastInSyncAt && (
          <span>
            Both sides equal <AgoText instant={invoice.lastInSyncAt} />
          </span>
        )}
        <OutLink href={invoice.internalUrl}>Open in internal invoicing</OutLink>
        <OutLink href={invoice.quickbooksUrl}>Open in QuickBooks</OutLink>
      </p>
    </header>
  );
}

type OutLinkProps = { readonly href: string | null; readonly children: string };

function OutLink({ href, children }: OutLinkProps) {
  if (href === null || !/^https?:/.test(href)) return null;
  return (
    <a
      href={href}
      target="_blank"
      rel="noreferrer"
      className="inline-flex items-center gap-1 underline underline-offset-4 hover:text-ink"
    >
      {children}
      <ExternalLink aria-hidden="true" className="size-3" />
    </a>
  );
}

const tabLabels = {
  compare: 'Compare',
  crossing: 'Crossing',
  history: 'History',
  audit: 'Audit',
  raw: 'Raw',
} satisfies Record<InvoiceTab, string>;

function Tabs({ id, tab: open }: { readonly id: string; readonly tab: InvoiceTab }) {
  return (
    <nav
      aria-label="Views of this invoice"
      className="relative flex gap-5 overflow-x-auto border-b border-line"
    >
      {invoiceTabs.map((tab) => (
        <AppLink
          key={tab}
          href={paths.invoice(id, { tab })}
          aria-current={tab === open ? 'page' : undefined}
          className={`-mb-px border-b-2 px-0.5 py-2 font-medium transition-colors ${
            tab === open ? 'border-ink text-ink' : 'border-transparent text-ink-soft hover:text-ink'
          }`}
        >
          {tabLabels[tab]}
        </AppLink>
      ))}
    </nav>
  );
}

type TabContentProps = {
  readonly id: string;
  readonly tab: InvoiceTab;
  readonly eventId: string | undefined;
  readonly correlationId: string | undefined;
  readonly invoice: Invoice;
};

function TabContent({ id, tab, eventId, correlationId, invoice }: TabContentProps) {
  switch (tab) {
    case 'compare':
      return <CompareTab id={id} />;
    case 'crossing':
      return <CrossingTab invoice={invoice} eventId={eventId} correlationId={correlationId} />;
    case 'history':
      return <HistoryTab id={id} />;
    case 'audit':
      return <AuditTab id={id} />;
    case 'raw':
      return <RawTab id={id} />;
    default:
      return tab satisfies never;
  }
}
