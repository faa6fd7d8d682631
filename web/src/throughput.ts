import type { OverviewStatsQuery } from './graphql/generated/graphql.ts';

/** What happened in one hour. */
export type Throughput = OverviewStatsQuery['stats']['throughput'][number];

/** The hours as a spreadsheet reads them, one a line, instants in UTC. */
export function throughputCsv(points: readonly Throughput[]): string {
  const head = 'hour,settled_to_quickbooks,settled_to_internal,conflicts,dead_letters';
  const lines = points.map(({ at, toQuickbooks, toInternal, conflicts, deadLetters }) =>
    [at, toQuickbooks, toInternal, conflicts, deadLetters].join(','),
  );
  return `${[head, ...lines].join('\n')}\n`;
}
