import { driftKinds, driftStatuses } from '../drift-views.ts';
import { paths } from '../paths.ts';
import type { ReconcileRunSearch } from '../search.ts';
import { Empty } from '../ui/empty.tsx';
import { driftKindLabels, driftStatusLabels } from '../work-labels.ts';
import { AppLink, useGo } from './app-link.tsx';
import { ViewPills } from './view-pills.tsx';

type NarrowingProps = { readonly runId: string; readonly search: ReconcileRunSearch };

/** Narrowing of the drifts by state and kind; it stands in the address. */
export function DriftNarrowing({ runId, search }: NarrowingProps) {
  const go = useGo();
  const { status, kind, ...rest } = search;
  return (
    <div className="flex flex-wrap items-center justify-between gap-2">
      <ViewPills
        label="States"
        pills={[
          {
            label: 'All',
            href: paths.reconcileRun(runId, { ...rest, ...(kind && { kind }) }),
            isHere: status === undefined,
          },
          ...driftStatuses.map((one) => ({
            label: driftStatusLabels[one].label,
            href: paths.reconcileRun(runId, { ...search, status: one }),
            isHere: one === status,
          })),
        ]}
      />
      <select
        aria-label="Kind"
        value={kind ?? ''}
        onChange={(event) => {
          const { value } = event.target;
          const kept = { ...rest, ...(status && { status }), ...(value && { kind: value }) };
          go(paths.reconcileRun(runId, kept), 'replace');
        }}
        className="h-8 max-w-full rounded-md border border-line-strong/60 bg-surface px-2 text-[0.8125rem]"
      >
        <option value="">Any kind</option>
        {driftKinds.map((one) => (
          <option key={one} value={one}>
            {driftKindLabels[one].label}
          </option>
        ))}
      </select>
    </div>
  );
}

/** Says that the narrowing leaves nothing, with the way out of it. */
export function NoDriftLeft({ runId, search }: NarrowingProps) {
  const { status: _status, kind: _kind, ...rest } = search;
  return (
    <Empty title="No drift of this run is like that.">
      <AppLink href={paths.reconcileRun(runId, rest)} className="underline underline-offset-4">
        Show all of them
      </AppLink>
    </Empty>
  );
}
