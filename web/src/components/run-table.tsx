import type { ReactNode } from 'react';
import type { RunPartsFragment } from '../graphql/generated/graphql.ts';
import { formatDate, formatDateTime } from '../format/date.ts';
import { isZeroDecimal } from '../format/decimal.ts';
import { formatCount, formatMoneyList } from '../format/money.ts';
import { paths } from '../paths.ts';
import { Chip } from '../ui/chip.tsx';
import type { StateLabel } from '../state-labels.ts';
import { reconcileScopeLabels, reconcileStatusLabels } from '../work-labels.ts';
import { AppLink } from './app-link.tsx';

/** On a narrow screen a row keeps the moment, the scope, the status and the difference. */
const columns =
  'grid grid-cols-[minmax(0,1fr)_auto] gap-x-4 px-4 md:grid-cols-[12rem_minmax(0,1fr)_8rem_7rem_minmax(0,12rem)]';
const wide = 'hidden md:block';

type TableProps = { readonly total: number; readonly children: ReactNode };

/** The table around the pages of runs. */
export function RunTable({ total, children }: TableProps) {
  return (
    <div role="table" aria-label={`${formatCount(total)} reconcile runs, newest first`}>
      <div role="rowgroup" className="border-b border-line text-xs text-ink-soft">
        <div role="row" className={`${columns} py-1.5`}>
          <span role="columnheader">Started</span>
          <span role="columnheader" className={wide}>
            What
          </span>
          <span role="columnheader" className={wide}>
            Status
          </span>
          <span role="columnheader" className={`${wide} text-right`}>
            Compared
          </span>
          <span role="columnheader" className="text-right">
            Difference
          </span>
        </div>
      </div>
      <div role="rowgroup">{children}</div>
    </div>
  );
}

/** One run: what it covered, what it found, and whether the totals were equal. */
export function RunRow({ run }: { readonly run: RunPartsFragment }) {
  return (
    <div
      role="row"
      data-row-id={run.id}
      className={`${columns} min-h-13 items-center border-b border-line py-1.5 transition-colors hover:bg-raised`}
    >
      <div role="cell" className="min-w-0">
        <AppLink
          data-row
          href={paths.reconcileRun(run.id)}
          className="font-medium underline-offset-4 hover:underline"
        >
          <time dateTime={run.startedAt}>{formatDateTime(run.startedAt)}</time>
        </AppLink>
        <p className="truncate text-[0.8125rem] text-ink-soft">{run.startedBy.displayName}</p>
        <p className="text-[0.8125rem] md:hidden">{scopeWords(run)}</p>
      </div>
      <div role="cell" className={`${wide} min-w-0`}>
        {scopeWords(run)}
        <p className="truncate text-[0.8125rem] text-ink-soft">{run.company.name}</p>
      </div>
      <div role="cell" className={wide}>
        <RunStatus run={run} />
      </div>
      <div role="cell" className={`${wide} text-right`} data-figures>
        {run.trigger === 'POLL' ? '–' : formatCount(run.compared)}
      </div>
      <div role="cell" className="text-right" data-figures>
        {differenceWords(run)}
        <p className="md:hidden">
          <RunStatus run={run} />
        </p>
      </div>
    </div>
  );
}

/** Where a run stands; the number of drifts, or of changes that a look found, says more than that there are some. */
export function RunStatus({ run }: { readonly run: RunPartsFragment }) {
  const { label, tone, help } =
    run.trigger === 'POLL' ? lookLabel(run) : reconcileStatusLabels[run.status];
  return (
    <Chip tone={tone} help={help}>
      {run.status === 'DRIFT_FOUND'
        ? `${formatCount(run.driftCount)} ${run.driftCount === 1 ? 'drift' : 'drifts'}`
        : label}
    </Chip>
  );
}

/** What a regular look found that nobody had told; one that could not finish is made again by itself. */
function lookLabel({ status, changes }: RunPartsFragment): StateLabel {
  if (status === 'FAILED')
    return {
      label: 'Could not finish',
      tone: 'waiting-on-us',
      help: 'A side could not be read to the end; it is asked again by itself, from the same place.',
    };
  if (changes === 0)
    return { label: 'Nothing missed', tone: 'done', help: 'Whatever had changed was told before.' };
  return {
    label: `${formatCount(changes)} ${changes === 1 ? 'change' : 'changes'} found`,
    tone: 'done',
    help: 'Nobody had told of it; it crosses like every change.',
  };
}

/** What a run covers, in words. */
export function scopeWords({ trigger, polls, scope, from, to }: RunPartsFragment): string {
  if (trigger === 'POLL')
    return polls === 1 ? 'Regular look' : `Regular look, ${formatCount(polls)} times`;
  if (trigger === 'RESTORE') return 'After a restore of the database';
  if (scope !== 'WINDOW' || from === null || to === null) return reconcileScopeLabels[scope];
  return `Issued ${formatDate(from)} to ${formatDate(to)}`;
}

/** Only the currencies that differ; equal totals are said in a word. */
function differenceWords({ controlTotals }: RunPartsFragment): string {
  if (controlTotals.length === 0) return '–';
  const apart = controlTotals
    .map(({ difference }) => difference)
    .filter(({ amount }) => !isZeroDecimal(amount));
  return formatMoneyList(apart) ?? 'Equal';
}
