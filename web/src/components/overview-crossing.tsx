import type { OverviewStatsQuery } from '../graphql/generated/graphql.ts';
import type { AskedQuery } from '../graphql/graphql-text.ts';
import { formatDuration, formatWait } from '../format/date.ts';
import { formatCount } from '../format/money.ts';
import { paths } from '../paths.ts';
import { Panel } from '../ui/panel.tsx';
import { AppLink } from './app-link.tsx';
import { Lanes } from './lanes.tsx';
import { countOf } from './overview-sentence.ts';
import { PanelGraphql } from './panel-graphql.tsx';

type CrossingNowPanelProps = {
  readonly stats: OverviewStatsQuery['stats'] | undefined;
  readonly asked: AskedQuery;
};

/** What is on its way, and whether anything is stuck. */
export function CrossingNowPanel({ stats, asked }: CrossingNowPanelProps) {
  return (
    <Panel title="Crossing now" actions={<PanelGraphql {...asked} />}>
      <Lanes />
      <dl className="mt-6 grid grid-cols-3 gap-3">
        {figuresOf(stats).map(([name, value]) => (
          <div key={name}>
            <dt className="text-xs text-ink-soft">{name}</dt>
            <dd className="text-base font-semibold whitespace-nowrap">{value}</dd>
          </div>
        ))}
      </dl>
      <AppLink
        href={paths.live()}
        className="mt-3 inline-block font-medium underline underline-offset-4"
      >
        Watch <span aria-hidden="true">→</span>
      </AppLink>
    </Panel>
  );
}

function figuresOf(stats: OverviewStatsQuery['stats'] | undefined) {
  if (stats === undefined)
    return [
      ['In flight', '–'],
      ['p95', '–'],
      ['Oldest waiting', '–'],
    ] as const;
  const p95Ms = Math.max(0, ...stats.latency.filter(({ count }) => count > 0).map((l) => l.p95Ms));
  return [
    ['In flight', formatCount(countOf(stats.statusCounts, 'PENDING', 'IN_FLIGHT', 'UNCERTAIN'))],
    ['p95', p95Ms === 0 ? '–' : formatDuration(p95Ms)],
    ['Oldest waiting', formatWait(stats.oldestPendingSeconds)],
  ] as const;
}
