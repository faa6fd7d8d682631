import type { ReconcileTrigger } from './graphql/generated/graphql.ts';

/** Views of the list of runs. */
export const runViews = ['all', 'comparisons', 'looks'] as const;

/** One view of the list of runs. */
export type RunView = (typeof runViews)[number];

/** Words of each view, and the runs it holds; null for all of them. */
export const runViewOf: Record<
  RunView,
  { readonly label: string; readonly triggers: ReconcileTrigger[] | null }
> = {
  all: { label: 'All', triggers: null },
  comparisons: { label: 'Comparisons', triggers: ['DAILY', 'PERSON', 'RESTORE'] },
  looks: { label: 'Regular looks', triggers: ['POLL'] },
};
