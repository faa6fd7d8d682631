import {
  deadLetterViewOf,
  deadLetterViews,
  narrowableDirections,
  narrowableSafeties,
} from '../dead-letter-views.ts';
import { paths } from '../paths.ts';
import type { DeadLettersSearch } from '../search.ts';
import { directionLabels } from '../state-labels.ts';
import { replaySafetyLabels } from '../work-labels.ts';
import { useGo } from './app-link.tsx';
import { ViewPills } from './view-pills.tsx';

const select = 'h-8 rounded-md border border-line-strong/60 bg-surface px-2 text-[0.8125rem]';

/** Views and narrowing of the dead letters; all of it stands in the address. */
export function DeadLetterNarrowing({ search }: { readonly search: DeadLettersSearch }) {
  const go = useGo();
  const { safety, direction, ...rest } = search;
  const narrow = (change: { safety?: string; direction?: string }) => {
    const wanted = Object.entries({ safety, direction, ...change });
    const kept = Object.fromEntries(wanted.filter(([, value]) => value));
    go(paths.deadLetters({ ...rest, ...kept }), 'replace');
  };
  return (
    <div className="flex flex-wrap items-center justify-between gap-3">
      <ViewPills
        label="Views"
        pills={deadLetterViews.map((view) => ({
          label: deadLetterViewOf[view].label,
          href: paths.deadLetters({ ...search, view }),
          isHere: view === search.view,
        }))}
      />
      <div className="flex flex-wrap gap-2">
        <select
          aria-label="Verdict"
          value={safety ?? ''}
          onChange={(event) => narrow({ safety: event.target.value })}
          className={select}
        >
          <option value="">Any verdict</option>
          {narrowableSafeties.map((one) => (
            <option key={one} value={one}>
              {replaySafetyLabels[one].label}
            </option>
          ))}
        </select>
        <select
          aria-label="Direction"
          value={direction ?? ''}
          onChange={(event) => narrow({ direction: event.target.value })}
          className={select}
        >
          <option value="">Both ways</option>
          {narrowableDirections.map((one) => (
            <option key={one} value={one}>
              {directionLabels[one].label}
            </option>
          ))}
        </select>
      </div>
    </div>
  );
}
