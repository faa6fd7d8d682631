import { LastDeadLetterDocument } from '../graphql/generated/graphql.ts';
import { useLiveQuery } from '../graphql/use-live-query.ts';
import { formatCount } from '../format/money.ts';
import { paths } from '../paths.ts';
import { Empty } from '../ui/empty.tsx';
import { AppLink } from './app-link.tsx';
import { AgoText } from './values.tsx';

/** The good news, with when the last one stopped. */
export function NoDeadLetters({ companyId }: { readonly companyId: string | undefined }) {
  const { data } = useLiveQuery({
    query: LastDeadLetterDocument,
    variables: { companyIds: companyId === undefined ? null : [companyId] },
  });
  const last = data?.deadLetters.nodes[0];
  const total = data?.deadLetters.totalCount ?? 0;
  return (
    <Empty title="No dead letters. Everything is across or on its way.">
      {last === undefined ? (
        'A change that stops for good will stand here, with its cause and what to do.'
      ) : (
        <>
          The last one stopped <AgoText instant={last.diedAt} />.{' '}
          <AppLink
            href={paths.deadLetters({ view: 'over' })}
            className="underline underline-offset-4"
          >
            How {total === 1 ? 'it' : `all ${formatCount(total)}`} ended
          </AppLink>
        </>
      )}
    </Empty>
  );
}
