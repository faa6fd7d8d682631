import { getRouteApi } from '@tanstack/react-router';
import { useRef } from 'react';
import { AppLink } from '../components/app-link.tsx';
import { LiveList, Pages } from '../components/live-list.tsx';
import { RunRow, RunTable } from '../components/run-table.tsx';
import { StartReconcile } from '../components/start-reconcile.tsx';
import { useChangedIds } from '../components/use-changed-ids.ts';
import { useRowKeys } from '../components/use-row-keys.ts';
import { ViewPills } from '../components/view-pills.tsx';
import { ReconcileRunsDocument } from '../graphql/generated/graphql.ts';
import { useLiveQuery } from '../graphql/use-live-query.ts';
import { paths } from '../paths.ts';
import { runViewOf, runViews } from '../run-views.ts';
import type { RunView } from '../run-views.ts';
import { Empty } from '../ui/empty.tsx';

const route = getRouteApi('/reconcile');
const pageSize = 25;

/** Full comparisons of both sides: the proof that nothing was missed, and what was. */
export function ReconcilePage() {
  const { company, runs } = route.useSearch();
  return (
    <div className="flex flex-col gap-4">
      <header className="flex flex-wrap items-baseline justify-between gap-x-4">
        <h1 className="text-xl font-semibold tracking-tight">Reconcile</h1>
        <AppLink href={paths.evidence()} className="underline underline-offset-4">
          Evidence for a period
        </AppLink>
      </header>
      <StartReconcile />
      <RunList key={`${company} ${runs}`} companyId={company} view={runs} />
    </div>
  );
}

type RunListProps = { readonly companyId: string | undefined; readonly view: RunView };

function RunList({ companyId, view }: RunListProps) {
  const list = useRef<HTMLDivElement>(null);
  useRowKeys(list);
  const variables = {
    first: pageSize,
    companyIds: companyId === undefined ? null : [companyId],
    triggers: runViewOf[view].triggers,
  };
  const asked = { query: ReconcileRunsDocument, variables };
  const result = useLiveQuery({
    ...asked,
    refetchOn: ({ detail }, shown) =>
      detail.__typename === 'ReconcileRun' && shown?.reconcileRuns.nodes.length === 0,
  });
  const known = result.data?.reconcileRuns.nodes ?? [];
  const changed = useChangedIds(companyId, ({ detail }) =>
    // What is listed moves in its row by itself; only what ended has totals to read anew.
    detail.__typename === 'ReconcileRun' &&
    (runViewOf[view].triggers?.includes(detail.trigger) ?? true) &&
    (detail.finishedAt !== null || !known.some(({ id }) => id === detail.id))
      ? detail.id
      : null,
  );
  return (
    <LiveList
      asked={asked}
      result={result}
      changed={changed}
      title="Runs"
      what="runs"
      actions={<RunViews companyId={companyId} view={view} />}
    >
      {({ reconcileRuns }) =>
        reconcileRuns.nodes.length === 0 ? (
          <Empty title="No run yet.">
            Both sides are looked at every few minutes and compared every day by themselves;
            “Reconcile now” compares them at once.
          </Empty>
        ) : (
          <div ref={list}>
            <RunTable total={reconcileRuns.totalCount}>
              <Pages
                asked={asked}
                page={reconcileRuns}
                pageOf={(data) => data.reconcileRuns}
                pageSize={pageSize}
                what="runs"
              >
                {(run) => <RunRow key={run.id} run={run} />}
              </Pages>
            </RunTable>
          </div>
        )
      }
    </LiveList>
  );
}

function RunViews({ companyId, view }: RunListProps) {
  const company = companyId === undefined ? {} : { company: companyId };
  return (
    <ViewPills
      label="Views"
      pills={runViews.map((one) => ({
        label: runViewOf[one].label,
        href: paths.reconcile(one === 'all' ? company : { ...company, runs: one }),
        isHere: one === view,
      }))}
    />
  );
}
