import { OverviewNeedsDocument } from '../graphql/generated/graphql.ts';
import type { OverviewNeedsQuery, OverviewStatsQuery } from '../graphql/generated/graphql.ts';
import { useLiveQuery } from '../graphql/use-live-query.ts';
import { formatCount, formatMoneyList } from '../format/money.ts';
import type { MoneyValue } from '../format/money.ts';
import { paths } from '../paths.ts';
import { Empty } from '../ui/empty.tsx';
import { Panel } from '../ui/panel.tsx';
import { AppLink } from './app-link.tsx';
import { countOf } from './overview-sentence.ts';
import { PanelGraphql } from './panel-graphql.tsx';
import { QueryView } from './query-view.tsx';
import { InvoiceStatusChip } from './state-chips.tsx';
import { needsYouChanged } from './use-needs-you.ts';
import { MoneyText } from './values.tsx';

type NeedsYouPanelProps = {
  readonly companyIds: string[] | null;
  readonly stats: OverviewStatsQuery['stats'] | undefined;
};

/** What waits on a person, most money first. */
export function NeedsYouPanel({ companyIds, stats }: NeedsYouPanelProps) {
  const asked = { query: OverviewNeedsDocument, variables: { companyIds } };
  const result = useLiveQuery({ ...asked, refetchOn: needsYouChanged, refetchMs: 1_000 });
  return (
    <Panel title="Needs you" actions={<PanelGraphql {...asked} />}>
      <QueryView result={result} what="What needs you">
        {({ invoices }) =>
          invoices.totalCount === 0 ? (
            <Empty title="Nothing needs you.">Conflicts and dead letters will stand here.</Empty>
          ) : (
            <>
              {stats && <HeldUp stats={stats} />}
              <ul className="-mx-2">
                {invoices.nodes.map((invoice) => (
                  <NeedsYouRow key={invoice.id} invoice={invoice} />
                ))}
              </ul>
              <AppLink
                href={paths.invoices({ view: 'needs-you' })}
                className="mt-2 inline-block font-medium underline underline-offset-4"
              >
                Work through {formatCount(invoices.totalCount)} <span aria-hidden="true">→</span>
              </AppLink>
            </>
          )
        }
      </QueryView>
    </Panel>
  );
}

function HeldUp({ stats }: { readonly stats: OverviewStatsQuery['stats'] }) {
  const rows: (readonly [string, string, number, readonly MoneyValue[]])[] = [
    [
      'Conflicts',
      paths.conflicts(),
      countOf(stats.statusCounts, 'CONFLICT'),
      stats.amountInConflict,
    ],
    [
      'Dead letters',
      paths.invoices({ view: 'needs-you' }),
      countOf(stats.statusCounts, 'DEAD_LETTERED'),
      stats.amountDeadLettered,
    ],
  ];
  return (
    <dl className="mb-3 grid grid-cols-2 gap-4">
      {rows.map(([name, href, count, amounts]) => (
        <div key={name}>
          <dt className="text-xs text-ink-soft">
            <AppLink href={href} className="underline-offset-4 hover:underline">
              {name}
            </AppLink>
          </dt>
          <dd>
            <span className={`text-xl font-semibold ${count > 0 ? 'text-you' : ''}`}>
              {formatCount(count)}
            </span>
            <span className="block text-[0.8125rem] text-ink-soft">{formatMoneyList(amounts)}</span>
          </dd>
        </div>
      ))}
    </dl>
  );
}

type NeedsYouInvoice = OverviewNeedsQuery['invoices']['nodes'][number];

function NeedsYouRow({ invoice }: { readonly invoice: NeedsYouInvoice }) {
  const side = invoice.internal ?? invoice.quickbooks;
  return (
    <li>
      <AppLink
        href={
          invoice.openConflict === null
            ? paths.invoice(invoice.id)
            : paths.conflict(invoice.openConflict.id)
        }
        className="block rounded-md px-2 py-1.5 transition-colors hover:bg-raised"
      >
        <span className="flex items-center justify-between gap-2">
          <span className="min-w-0 truncate font-medium">
            {invoice.number ?? 'No number'}{' '}
            <span className="font-normal text-ink-soft">{side?.customer.name}</span>
          </span>
          <span className="flex items-center gap-2">
            <MoneyText value={side?.total} />
            <InvoiceStatusChip status={invoice.status} />
          </span>
        </span>
        <span
          className="block truncate text-[0.8125rem] text-ink-soft"
          title={invoice.statusReason}
        >
          {invoice.statusReason}
        </span>
      </AppLink>
    </li>
  );
}
