import { useCompanyId, useGo } from '../components/app-link.tsx';
import { CrossingNowPanel } from '../components/overview-crossing.tsx';
import { LastDayPanel } from '../components/overview-last-day.tsx';
import { NeedsYouPanel } from '../components/overview-needs.tsx';
import { ProofPanel } from '../components/overview-proof.tsx';
import { RecentPanel } from '../components/overview-recent.tsx';
import { overviewSentence } from '../components/overview-sentence.ts';
import { QueryView } from '../components/query-view.tsx';
import { OverviewStatsDocument } from '../graphql/generated/graphql.ts';
import type { OverviewStatsQuery } from '../graphql/generated/graphql.ts';
import { useLiveQuery } from '../graphql/use-live-query.ts';
import { lastDay } from '../format/date.ts';
import { paths } from '../paths.ts';
import { useKeys } from '../ui/keys.ts';
import { Skeleton } from '../ui/skeleton.tsx';
import { useNow } from '../ui/use-now.ts';

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
  const go = useGo();
  useKeys({ 'g w': () => go(paths.work()) });
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
        <ProofPanel companyIds={companyIds} />
      </div>
      <div className="grid gap-4 lg:grid-cols-3">
        <LastDayPanel result={result} asked={asked} companyIds={companyIds} />
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
