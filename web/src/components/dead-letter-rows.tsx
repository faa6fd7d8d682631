import { useState } from 'react';
import { DeadLettersDocument } from '../graphql/generated/graphql.ts';
import type { DeadLettersQuery, DeadLettersQueryVariables } from '../graphql/generated/graphql.ts';
import { useLiveQuery } from '../graphql/use-live-query.ts';
import { Button } from '../ui/button.tsx';
import { DeadLetterRow } from './dead-letter-row.tsx';
import type { DeadLetterRowActs } from './dead-letter-row.tsx';
import { QueryView } from './query-view.tsx';

type RowsProps = {
  readonly page: DeadLettersQuery['deadLetters'];
  readonly variables: DeadLettersQueryVariables;
  readonly acts: DeadLetterRowActs;
  readonly withReason: boolean;
};

/** One page of dead letters, and the next one below it once it is asked for. */
export function DeadLetterRows(props: RowsProps) {
  const { page, variables, acts, withReason } = props;
  const [isMore, setMore] = useState(false);
  const { endCursor, hasNextPage } = page.pageInfo;
  return (
    <>
      {page.nodes.map((letter) => (
        <DeadLetterRow key={letter.id} letter={letter} acts={acts} withReason={withReason} />
      ))}
      {hasNextPage && endCursor !== null && !isMore && (
        <li className="border-t border-line py-3 text-center">
          <Button onClick={() => setMore(true)}>Show {variables.first} more</Button>
        </li>
      )}
      {isMore && endCursor !== null && (
        <NextPage {...props} variables={{ ...variables, after: endCursor }} />
      )}
    </>
  );
}

function NextPage(props: RowsProps) {
  const { variables } = props;
  const result = useLiveQuery({ query: DeadLettersDocument, variables });
  if (result.data) return <DeadLetterRows {...props} page={result.data.deadLetters} />;
  return (
    <li className="border-t border-line px-4 py-3">
      <QueryView result={result} what="More dead letters">
        {() => null}
      </QueryView>
    </li>
  );
}
