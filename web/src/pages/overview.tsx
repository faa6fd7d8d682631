import { lazy, Suspense, useState } from 'react';
import { useCompanyId } from '../components/app-link.tsx';
import { CompaniesPanel } from '../components/overview-companies.tsx';
import { CrossingNowPanel } from '../components/overview-crossing.tsx';
import { NeedsYouPanel } from '../components/overview-needs.tsx';
import { RecentPanel } from '../components/overview-recent.tsx';
import { overviewSentence } from '../components/overview-sentence.ts';
import { PanelGraphql } from '../components/panel-graphql.tsx';
import { QueryView } from '../components/query-view.tsx';
import { OverviewStatsDocument } from '../graphql/generated/graphql.ts';
import type { OverviewStatsQuery } from '../graphql/generated/graphql.ts';
import type { AskedQuery } from '../graphql/graphql-text.ts';
import { useLiveQuery } from '../graphql/use-live-query.ts';
import type { LiveQuery } from '../graphql/use-live-query.ts';
import { formatDuration, lastDay } from '../format/date.ts';
import { formatCount, formatShare } from '../format/money.ts';
import { directionLabels } from '../state-labels.ts';
import { Button } from '../ui/button.tsx';
import { useKeys } from '../ui/keys.ts';
import { Panel } from '../ui/panel.tsx';
import { Skeleton } from '../ui/skeleton.tsx';
import { useNow } from '../ui/use-now.ts';

// The chart brings d3 along, which the first sentence need not wait for.
const Throughput = lazy(async () => {
  const { ThroughputView } = await import('../components/throughput-chart.tsx');
  return { default: ThroughputView };
});

type Stats = OverviewStatsQuery['stats'];

/** Is everything across, what needs me, is anything stuck: answered on the first screen. */
export function OverviewPage() {
  const companyId = useCompanyId();
  return <Overview key={companyId} companyIds={companyId === undefined ? null : [companyId]} />;
}

type OverviewProps = { readonly companyIds: string[] | null };

function Overview({ companyIds }: OverviewProps) {
  const asked = {
    query: OverviewStatsDocument,
    variables: { range: lastDay(useNow(60_000)), companyIds },
  };
  const result = useLiveQuery({ ...asked, refetchOn: () => true, refetchMs: 2_000 });
  return (
    <div className="flex flex-col gap-5">
      {result.data === undefined && <h1 className="sr-only">Overview</h1>}
      <QueryView
        result={result}
        what="The overview"
        skeleton={<Skeleton what="the overview" rows={1} rowClass="h-14" />}
      >
        {({ stats }) => <Answer stats={stats} />}
      </QueryView>
      <div className="grid gap-4 lg:grid-cols-3">
        <NeedsYouPanel companyIds={companyIds} stats={result.data?.stats} />
        <CrossingNowPanel stats={result.data?.stats} asked={asked} />
        <CompaniesPanel />
      </div>
      <div className="grid gap-4 lg:grid-cols-3">
        <LastDayPanel result={result} asked={asked} />
        <RecentPanel companyIds={companyIds} />
      </div>
    </div>
  );
}

function Answer({ stats }: { readonly stats: Stats }) {
  const { answer, detail } = overviewSentence(stats.statusCounts);
  return (
    <header className="min-h-14">
      <h1 className="text-[1.375rem] leading-tight font-semibold tracking-tight text-balance md:text-[1.75rem]">
        {answer}
      </h1>
      <p className="mt-1 min-h-5 text-ink-soft">{detail}</p>
    </header>
  );
}

type LastDayProps = {
  readonly result: LiveQuery<OverviewStatsQuery>;
  readonly asked: AskedQuery;
};

function LastDayPanel({ result, asked }: LastDayProps) {
  const [isTable, setTable] = useState(false);
  const toggle = () => setTable(!isTable);
  useKeys({ t: toggle });
  return (
    <Panel
      title="Last 24 hours"
      className="lg:col-span-2"
      actions={
        <>
          <Button kind="quiet" aria-keyshortcuts="T" onClick={toggle}>
            {isTable ? 'Chart' : 'Table'}
          </Button>
          <PanelGraphql {...asked} />
        </>
      }
    >
      <QueryView
        result={result}
        what="The last 24 hours"
        skeleton={<Skeleton what="the last 24 hours" rows={1} rowClass="h-48" />}
      >
        {({ stats }) => (
          <>
            <Suspense fallback={<Skeleton what="the chart" rows={1} rowClass="h-48" />}>
              <Throughput points={stats.throughput} isTable={isTable} />
            </Suspense>
            <LastDayFigures stats={stats} />
          </>
        )}
      </QueryView>
    </Panel>
  );
}

function LastDayFigures({ stats }: { readonly stats: Stats }) {
  const figures = [
    ...(stats.touchlessRate === null
      ? []
      : [['Across without a person', formatShare(stats.touchlessRate)] as const]),
    ...stats.latency.flatMap(({ direction, p50Ms, p95Ms, count }) => {
      const { label } = directionLabels[direction];
      const times = `${formatDuration(p50Ms)} median · ${formatDuration(p95Ms)} p95`;
      return count === 0 ? [] : [[`${label} (${formatCount(count)})`, times] as const];
    }),
  ];
  return (
    <dl className="mt-3 flex flex-wrap gap-x-8 gap-y-2 border-t border-line pt-3">
      {figures.map(([name, value]) => (
        <div key={name}>
          <dt className="text-xs text-ink-soft">{name}</dt>
          <dd className="font-medium">{value}</dd>
        </div>
      ))}
    </dl>
  );
}
