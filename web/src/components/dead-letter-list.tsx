import { deadLetterVariables, deadLetterViewOf } from '../dead-letter-views.ts';
import { DeadLettersDocument } from '../graphql/generated/graphql.ts';
import { useLiveQuery } from '../graphql/use-live-query.ts';
import { formatCount } from '../format/money.ts';
import { paths } from '../paths.ts';
import type { DeadLettersSearch } from '../search.ts';
import { directionLabels } from '../state-labels.ts';
import { isAboutDeadLetters } from '../stream/event-kinds.ts';
import { Button } from '../ui/button.tsx';
import { Empty } from '../ui/empty.tsx';
import { replaySafetyLabels } from '../work-labels.ts';
import { AppLink } from './app-link.tsx';
import type { DeadLetterRowActs } from './dead-letter-row.tsx';
import { DeadLetterRows } from './dead-letter-rows.tsx';
import { LiveList } from './live-list.tsx';
import type { ReplayWish } from './replay-plan.tsx';
import { useChangedIds } from './use-changed-ids.ts';

type ListProps = {
  readonly search: DeadLettersSearch;
  readonly acts: DeadLetterRowActs;
  readonly onReplayAll: (wish: ReplayWish) => void;
};

const countWords = (count: number) =>
  `${formatCount(count)} ${count === 1 ? 'dead letter' : 'dead letters'}`;

/** Dead letters under one narrowing, whatever their cause; the whole of it can be replayed. */
export function DeadLetterList({ search, acts, onReplayAll }: ListProps) {
  const variables = deadLetterVariables(search);
  const asked = { query: DeadLettersDocument, variables };
  const result = useLiveQuery({
    ...asked,
    refetchOn: (event, shown) => isAboutDeadLetters(event) && shown?.deadLetters.nodes.length === 0,
  });
  const changed = useChangedIds(search.company, (event) =>
    event.detail.__typename === 'DeadLetter' ? event.detail.id : null,
  );
  const total = result.data?.deadLetters.totalCount;
  return (
    <LiveList
      asked={asked}
      result={result}
      changed={changed}
      title={total === undefined ? 'Dead letters' : countWords(total)}
      what="dead letters"
      actions={
        search.view === 'open' &&
        total !== undefined &&
        total > 0 && (
          <Button
            disabled={acts.whyNot !== null}
            title={acts.whyNot ?? undefined}
            onClick={() =>
              onReplayAll({
                selection: { filter: variables.filter ?? {} },
                words: `the ${countWords(total)} shown here`,
              })
            }
          >
            Replay {formatCount(total)}…
          </Button>
        )
      }
    >
      {({ deadLetters }) =>
        deadLetters.nodes.length === 0 ? (
          <NothingFound search={search} />
        ) : (
          <ul aria-label={deadLetterViewOf[search.view].label}>
            <DeadLetterRows page={deadLetters} variables={variables} acts={acts} withReason />
          </ul>
        )
      }
    </LiveList>
  );
}

/** Says which narrowing hides them, with a way to take each away. */
function NothingFound({ search }: { readonly search: DeadLettersSearch }) {
  const { safety, direction, cause, ...rest } = search;
  const clear = 'underline underline-offset-4';
  if (safety === undefined && direction === undefined && cause === undefined)
    return <Empty title={deadLetterViewOf[search.view].nothing} />;
  return (
    <Empty title={`Nothing in “${deadLetterViewOf[search.view].label}” is left by what you chose.`}>
      <span className="flex flex-wrap justify-center gap-x-4">
        {cause !== undefined && (
          <AppLink href={paths.deadLetters(rest)} className={clear}>
            Show every cause
          </AppLink>
        )}
        {safety !== undefined && (
          <AppLink
            href={paths.deadLetters({ ...rest, ...(direction && { direction }) })}
            className={clear}
          >
            Clear “{replaySafetyLabels[safety].label}”
          </AppLink>
        )}
        {direction !== undefined && (
          <AppLink
            href={paths.deadLetters({ ...rest, ...(safety && { safety }) })}
            className={clear}
          >
            Clear “{directionLabels[direction].label}”
          </AppLink>
        )}
      </span>
    </Empty>
  );
}
