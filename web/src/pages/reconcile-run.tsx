import { getRouteApi } from '@tanstack/react-router';
import { AppLink, useGo } from '../components/app-link.tsx';
import { BulkProgress } from '../components/bulk-progress.tsx';
import { ControlTotals } from '../components/control-totals.tsx';
import { DriftList } from '../components/drift-list.tsx';
import { PanelGraphql } from '../components/panel-graphql.tsx';
import { QueryView } from '../components/query-view.tsx';
import { CancelRun, ExportRun } from '../components/run-actions.tsx';
import { RunStatus, scopeWords } from '../components/run-table.tsx';
import { ReconcileRunDocument } from '../graphql/generated/graphql.ts';
import type { ReconcileRunQuery } from '../graphql/generated/graphql.ts';
import { useLiveQuery } from '../graphql/use-live-query.ts';
import { formatDateTime, formatDuration } from '../format/date.ts';
import { formatCount } from '../format/money.ts';
import { paths } from '../paths.ts';
import type { ReconcileRunSearch } from '../search.ts';
import { Empty } from '../ui/empty.tsx';
import { Skeleton } from '../ui/skeleton.tsx';
import { reconcileStatusLabels } from '../work-labels.ts';

const route = getRouteApi('/reconcile/$id');

/** One run: are the totals equal, what explains it when not, and what to repair. */
export function ReconcileRunPage() {
  const { id } = route.useParams();
  const search = route.useSearch();
  return <RunView key={id} id={id} search={search} />;
}

type RunViewProps = { readonly id: string; readonly search: ReconcileRunSearch };

function RunView({ id, search }: RunViewProps) {
  const go = useGo();
  const result = useLiveQuery({
    query: ReconcileRunDocument,
    variables: { id },
    refetchOn: ({ detail }) => detail.__typename === 'ReconcileRun' && detail.id === id,
    refetchMs: 500,
  });
  const showBulk = (bulk: string | undefined) => {
    const { bulk: _closed, ...rest } = search;
    go(paths.reconcileRun(id, bulk === undefined ? rest : { ...rest, bulk }), 'replace');
  };
  return (
    <>
      {result.data === undefined && <h1 className="sr-only">Reconcile run</h1>}
      <QueryView
        result={result}
        what="This run"
        skeleton={<Skeleton what="the run" rows={4} rowClass="h-20" />}
      >
        {({ reconcileRun }) =>
          reconcileRun === null ? (
            <NoSuchRun />
          ) : (
            <div className="flex flex-col gap-4">
              <Header run={reconcileRun} />
              <Progress run={reconcileRun} />
              {reconcileRun.controlTotals.length > 0 && (
                <ControlTotals
                  totals={reconcileRun.controlTotals}
                  residual={reconcileRun.residual}
                />
              )}
              {search.bulk !== undefined && (
                <BulkProgress
                  key={search.bulk}
                  id={search.bulk}
                  onClose={() => showBulk(undefined)}
                />
              )}
              {reconcileRun.trigger !== 'POLL' && (
                <DriftList
                  // A run that ended holds drifts that its list did not know while it went on.
                  key={`${search.kind} ${search.status} ${reconcileRun.status}`}
                  runId={id}
                  runStatus={reconcileRun.status}
                  search={search}
                  onBulk={showBulk}
                />
              )}
            </div>
          )
        }
      </QueryView>
    </>
  );
}

function NoSuchRun() {
  return (
    <>
      <h1 className="sr-only">Run not found</h1>
      <Empty title="There is no such run, or you may not see it.">
        <AppLink href={paths.reconcile()} className="underline underline-offset-4">
          All runs
        </AppLink>
      </Empty>
    </>
  );
}

type Run = NonNullable<ReconcileRunQuery['reconcileRun']>;

const isUnderWay = ({ status }: Run) => status === 'QUEUED' || status === 'RUNNING';

function Header({ run }: { readonly run: Run }) {
  const { startedAt, finishedAt, startedBy, company } = run;
  return (
    <header className="flex flex-col gap-1.5">
      <p className="flex flex-wrap items-center justify-between gap-x-4 text-[0.8125rem] text-ink-soft">
        <span>
          <AppLink href={paths.reconcile()} className="underline-offset-4 hover:underline">
            Reconcile
          </AppLink>{' '}
          · {company.name}
        </span>
        <span className="flex items-center gap-2">
          {!isUnderWay(run) && <ExportRun run={run} />}
          <PanelGraphql query={ReconcileRunDocument} variables={{ id: run.id }} />
        </span>
      </p>
      <div className="flex flex-wrap items-center gap-x-3 gap-y-1">
        <h1 className="text-xl font-semibold tracking-tight md:text-2xl">{scopeWords(run)}</h1>
        <RunStatus run={run} />
      </div>
      <p className="flex flex-wrap gap-x-4 gap-y-1 text-[0.8125rem] text-ink-soft">
        <span>
          {startedBy.displayName}, <time dateTime={startedAt}>{formatDateTime(startedAt)}</time>
          {finishedAt !== null &&
            `, in ${formatDuration(Date.parse(finishedAt) - Date.parse(startedAt))}`}
        </span>
        <span data-figures>{foundWords(run)}</span>
        <span data-figures>
          {formatCount(run.quickbooksReads)} QuickBooks{' '}
          {run.quickbooksReads === 1 ? 'read' : 'reads'}
        </span>
        {run.trigger !== 'POLL' && (
          <AppLink
            href={paths.audit({ subject: run.id, about: 'this run' })}
            className="underline underline-offset-4"
          >
            Its audit entries
          </AppLink>
        )}
      </p>
    </header>
  );
}

/** What a run came to; a regular look compares no invoice, it asks what changed. */
function foundWords({ trigger, since, changes, compared, matched }: Run): string {
  if (trigger !== 'POLL') return `${formatCount(compared)} compared, ${formatCount(matched)} equal`;
  const window = since === null ? '' : ` since ${formatDateTime(since)}`;
  return `${formatCount(changes)} ${changes === 1 ? 'change' : 'changes'} found that nobody had told${window}`;
}

function Progress({ run }: { readonly run: Run }) {
  const { status, progress, compared } = run;
  if (run.trigger === 'POLL') return null;
  if (status === 'FAILED' || status === 'CANCELLED')
    return (
      <p role="status" className="rounded-md bg-us-soft px-3 py-2">
        {reconcileStatusLabels[status].help} What it found until then stands below.
      </p>
    );
  if (!isUnderWay(run)) return null;
  return (
    <div className="flex flex-wrap items-center gap-3">
      <progress
        value={progress}
        max={1}
        aria-label="Progress of the run"
        className="h-2 min-w-40 flex-1 accent-ink"
      />
      <span role="status" data-figures>
        {formatCount(compared)} compared
      </span>
      <CancelRun id={run.id} />
    </div>
  );
}
