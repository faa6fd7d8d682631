import { Download } from 'lucide-react';
import { lazy, Suspense, useState } from 'react';
import { OverviewBudgetDocument } from '../graphql/generated/graphql.ts';
import type { OverviewStatsQuery } from '../graphql/generated/graphql.ts';
import type { AskedQuery } from '../graphql/graphql-text.ts';
import { useLiveQuery } from '../graphql/use-live-query.ts';
import type { LiveQuery } from '../graphql/use-live-query.ts';
import { formatDuration } from '../format/date.ts';
import { formatCount, formatShare } from '../format/money.ts';
import { directionLabels } from '../state-labels.ts';
import { throughputCsv } from '../throughput.ts';
import { Button } from '../ui/button.tsx';
import { useKeys } from '../ui/keys.ts';
import { Panel } from '../ui/panel.tsx';
import { Skeleton } from '../ui/skeleton.tsx';
import { PanelGraphql } from './panel-graphql.tsx';
import { QueryView } from './query-view.tsx';

// The chart brings d3 along, which the first sentence need not wait for.
const Throughput = lazy(async () => {
  const { ThroughputView } = await import('./throughput-chart.tsx');
  return { default: ThroughputView };
});

type Stats = OverviewStatsQuery['stats'];

type LastDayProps = {
  readonly result: LiveQuery<OverviewStatsQuery>;
  readonly asked: AskedQuery;
  readonly companyIds: string[] | null;
};

/** What crossed in the last day, by hour: as a chart, as a table or as a file. */
export function LastDayPanel({ result, asked, companyIds }: LastDayProps) {
  const [isTable, setTable] = useState(false);
  const toggle = () => setTable(!isTable);
  useKeys({ t: toggle });
  const points = result.data?.stats.throughput;
  return (
    <Panel
      title="Last 24 hours"
      className="lg:col-span-2"
      actions={
        <>
          <Button kind="quiet" aria-keyshortcuts="T" onClick={toggle}>
            {isTable ? 'Chart' : 'Table'}
          </Button>
          <Button
            kind="quiet"
            disabled={points === undefined}
            onClick={() => points && save('ledgerbridge-last-24-hours.csv', throughputCsv(points))}
          >
            <Download aria-hidden="true" className="size-3.5" />
            CSV
          </Button>
          <PanelGraphql {...asked} />
        </>
      }
    >
      <QueryView
        result={result}
        what="The last 24 hours"
        skeleton={<Skeleton what="the last 24 hours" rows={1} rowClass="h-72" />}
      >
        {({ stats }) => (
          <>
            <Suspense fallback={<div className="h-[236px]" />}>
              <Throughput points={stats.throughput} isTable={isTable} />
            </Suspense>
            <Figures stats={stats} companyIds={companyIds} />
          </>
        )}
      </QueryView>
    </Panel>
  );
}

/** Hands a text to the browser as a file. */
function save(name: string, text: string): void {
  const address = URL.createObjectURL(new Blob([text], { type: 'text/csv;charset=utf-8' }));
  const link = document.createElement('a');
  link.href = address;
  link.download = name;
  link.click();
  URL.revokeObjectURL(address);
}

type FiguresProps = { readonly stats: Stats; readonly companyIds: string[] | null };

function Figures({ stats, companyIds }: FiguresProps) {
  const budget = useBudgetWords(companyIds);
  const figures = [
    [
      'Across without a person',
      stats.touchlessRate === null ? '–' : formatShare(stats.touchlessRate),
    ],
    ...stats.latency.map(({ direction, p50Ms, p95Ms, count }) => {
      const { label } = directionLabels[direction];
      const times = `${formatDuration(p50Ms)} median · ${formatDuration(p95Ms)} p95`;
      return [`${label} (${formatCount(count)})`, count === 0 ? '–' : times] as const;
    }),
    ['QuickBooks budget', budget],
  ] as const;
  return (
    <dl className="mt-3 flex min-h-14 flex-wrap gap-x-8 gap-y-2 border-t border-line pt-3">
      {figures.map(([name, value]) => (
        <div key={name}>
          <dt className="text-xs text-ink-soft">{name}</dt>
          <dd className="font-medium">{value}</dd>
        </div>
      ))}
    </dl>
  );
}

/** Calls of the last minute against what QuickBooks allows; several companies each have their own. */
function useBudgetWords(companyIds: string[] | null): string {
  const { data } = useLiveQuery({
    query: OverviewBudgetDocument,
    variables: {},
    refetchOn: ({ type }) => type === 'STAGE_CHANGED',
    refetchMs: 10_000,
  });
  const shown = (data?.companies.nodes ?? [])
    .filter(({ id }) => companyIds === null || companyIds.includes(id))
    .map(({ quickbooksBudget }) => quickbooksBudget);
  const busiest = shown.toSorted((one, other) => other.usedThisMinute - one.usedThisMinute)[0];
  if (busiest === undefined) return '–';
  const { usedThisMinute, perMinute, throttledUntil } = busiest;
  const words = `${formatCount(usedThisMinute)} / ${formatCount(perMinute)} a minute`;
  if (throttledUntil !== null) return `${words}, QuickBooks asks for a pause`;
  return shown.length > 1 ? `${words} at most` : words;
}
