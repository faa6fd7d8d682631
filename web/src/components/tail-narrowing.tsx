import { liveStepLabels, liveSteps, liveWayLabels, liveWays } from '../live-views.ts';
import { paths } from '../paths.ts';
import type { LiveSearch } from '../search.ts';
import { useRef } from 'react';
import { useKeys } from '../ui/keys.ts';
import { useGo } from './app-link.tsx';
import { ViewPills } from './view-pills.tsx';

/** Which events the tail shows; each choice is an address. */
export function TailNarrowing({ search }: { readonly search: LiveSearch }) {
  const go = useGo();
  const field = useRef<HTMLInputElement>(null);
  useKeys({ '/': () => field.current?.focus() });
  const { text: _text, ...withoutText } = search;
  return (
    <div className="flex flex-wrap items-center gap-x-4 gap-y-1 border-b border-line px-4 pb-2">
      <ViewPills
        label="Steps"
        pills={liveSteps.map((only) => ({
          href: paths.live({ ...search, only }),
          label: liveStepLabels[only],
          isHere: only === search.only,
        }))}
      />
      <select
        aria-label="Direction"
        value={search.way}
        onChange={({ target }) => go(paths.live({ ...search, way: target.value }), 'replace')}
        className="h-8 rounded-md border border-line-strong/60 bg-surface px-2 text-[0.8125rem]"
      >
        {liveWays.map((way) => (
          <option key={way} value={way}>
            {liveWayLabels[way]}
          </option>
        ))}
      </select>
      <form
        role="search"
        className="ml-auto w-full sm:w-56"
        onSubmit={(event) => {
          event.preventDefault();
          const text = field.current?.value.trim();
          go(paths.live({ ...withoutText, ...(text ? { text } : {}) }), 'replace');
        }}
      >
        <input
          key={search.text}
          ref={field}
          type="search"
          defaultValue={search.text}
          aria-label="Number or words"
          aria-keyshortcuts="/"
          placeholder="Number or words"
          className="h-8 w-full rounded-md border border-line-strong/60 bg-surface px-2.5 placeholder:text-ink-soft"
        />
      </form>
    </div>
  );
}
