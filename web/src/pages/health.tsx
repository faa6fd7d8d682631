import { useCompanyId } from '../components/app-link.tsx';
import { PanelGraphql } from '../components/panel-graphql.tsx';
import { QueryView } from '../components/query-view.tsx';
import { HealthDocument, LastErrorsDocument } from '../graphql/generated/graphql.ts';
import { useLiveQuery } from '../graphql/use-live-query.ts';
import { CompaniesHealthPanel, ComponentsPanel, WorkPanel } from '../health/health-panels.tsx';
import { LastErrorsPanel } from '../health/last-errors-panel.tsx';
import { incidentSummary } from '../health/incident-summary.ts';
import { CopyTextButton } from '../ui/copy-button.tsx';
import { Skeleton } from '../ui/skeleton.tsx';
import { useNow } from '../ui/use-now.ts';

const minuteMs = 60_000;
const hourMs = 60 * minuteMs;

/** The hour that ends with the present minute, so that a query's variables hold still for a minute. */
function lastHour(nowMs: number) {
  const end = Math.floor(nowMs / minuteMs) * minuteMs + minuteMs;
  return { from: new Date(end - hourMs).toISOString(), to: new Date(end).toISOString() };
}

/** For whoever is on call at night: what is wrong, since when, and what to hand on. */
export function HealthPage() {
  const companyId = useCompanyId();
  const companyIds = companyId === undefined ? null : [companyId];
  const nowMs = useNow(minuteMs);
  const asked = { query: HealthDocument, variables: { range: lastHour(nowMs), companyIds } };
  const result = useLiveQuery({ ...asked, refetchOn: () => true, refetchMs: 2_000 });
  const errorsAsked = { query: LastErrorsDocument, variables: { companyIds } };
  const errors = useLiveQuery({
    ...errorsAsked,
    refetchOn: ({ type }) => type === 'DEAD_LETTERED' || type === 'DEAD_LETTER_CHANGED',
    refetchMs: 1_000,
  });
  return (
    <div className="flex flex-col gap-4">
      <header className="flex flex-wrap items-center justify-between gap-3">
        <div>
          <h1 className="text-xl font-semibold tracking-tight">Health</h1>
          <p className="text-ink-soft">
            What runs, what waits and what failed last.{' '}
            <a href="/metrics" className="underline underline-offset-4">
              Metrics
            </a>
            {' · '}
            <a href="/health/ready" className="underline underline-offset-4">
              Readiness
            </a>
          </p>
        </div>
        {result.data && (
          <CopyTextButton text={incidentSummary(result.data, errors.data, new Date())}>
            Copy incident summary
          </CopyTextButton>
        )}
      </header>
      <QueryView
        result={result}
        what="The health"
        skeleton={<Skeleton what="the health" rows={3} rowClass="h-32" />}
      >
        {(health) => (
          <>
            <div className="grid items-start gap-4 lg:grid-cols-2">
              <ComponentsPanel health={health} actions={<PanelGraphql {...asked} />} />
              <WorkPanel health={health} actions={<PanelGraphql {...asked} />} />
            </div>
            <CompaniesHealthPanel health={health} actions={<PanelGraphql {...asked} />} />
          </>
        )}
      </QueryView>
      <LastErrorsPanel result={errors} actions={<PanelGraphql {...errorsAsked} />} />
    </div>
  );
}
