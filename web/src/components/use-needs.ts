import {
  NeedingConflictsDocument,
  NeedingDeadLettersDocument,
} from '../graphql/generated/graphql.ts';
import { useLiveQuery } from '../graphql/use-live-query.ts';
import type { LiveQuery } from '../graphql/use-live-query.ts';
import { needsInOrder } from '../needs.ts';
import type { Need } from '../needs.ts';
import { needsYouChanged } from './use-needs-you.ts';

/** What waits on a person, as far as it was asked for. */
export type Needs = {
  readonly needs: readonly Need[];
  readonly conflictCount: number;
  readonly deadLetterCount: number;
};

/** Conflicts and dead letters in one line, most money first, kept current. */
export function useNeeds(companyIds: string[] | null, first: number): LiveQuery<Needs> {
  const live = { variables: { first, companyIds }, refetchOn: needsYouChanged, refetchMs: 1_000 };
  const conflicts = useLiveQuery({ ...live, query: NeedingConflictsDocument });
  const deadLetters = useLiveQuery({ ...live, query: NeedingDeadLettersDocument });
  const data =
    conflicts.data === undefined || deadLetters.data === undefined
      ? undefined
      : {
          needs: needsInOrder(conflicts.data.conflicts.nodes, deadLetters.data.deadLetters.nodes),
          conflictCount: conflicts.data.conflicts.totalCount,
          deadLetterCount: deadLetters.data.deadLetters.totalCount,
        };
  return {
    data,
    failure: conflicts.failure ?? deadLetters.failure,
    isFetching: conflicts.isFetching || deadLetters.isFetching,
    retry: () => {
      conflicts.retry();
      deadLetters.retry();
    },
  };
}
