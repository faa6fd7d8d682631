import { SetupChecksDocument } from '../graphql/generated/graphql.ts';
import { useLiveQuery } from '../graphql/use-live-query.ts';
import { findingLabels, sideLabels } from '../state-labels.ts';
import { Button } from '../ui/button.tsx';
import { Chip } from '../ui/chip.tsx';
import { Skeleton } from '../ui/skeleton.tsx';
import { PanelGraphql } from './panel-graphql.tsx';
import { QueryView } from './query-view.tsx';
import { readable } from '../format/sentence.ts';

/** What was found when both sides were asked just now, worst first, and what to do about it. */
export function SetupChecks({ companyId }: { readonly companyId: string }) {
  const variables = { companyId };
  const result = useLiveQuery({ query: SetupChecksDocument, variables });
  return (
    <>
      <div className="flex flex-wrap items-center gap-2">
        <p className="mr-auto">Both sides were asked just now.</p>
        <Button onClick={result.retry} disabled={result.isFetching}>
          {result.isFetching ? 'Looking…' : 'Look again'}
        </Button>
        <span className="flex items-center">
          <PanelGraphql query={SetupChecksDocument} variables={variables} />
        </span>
      </div>
      <QueryView
        result={result}
        what="The findings"
        skeleton={<Skeleton what="the findings" rows={4} rowClass="h-12" />}
      >
        {({ connectionChecks }) => (
          <ul className="divide-y divide-line" data-checks>
            {connectionChecks.map(({ side, title, state, finding, fix }) => {
              const { label, tone, help } = findingLabels[state];
              return (
                <li
                  key={`${side ?? 'BRIDGE'} ${title}`}
                  className="grid gap-x-4 gap-y-1 py-2.5 md:grid-cols-[7rem_minmax(0,1fr)]"
                >
                  <span>
                    <Chip tone={tone} help={help}>
                      {label}
                    </Chip>
                  </span>
                  <div>
                    <p>
                      <span className="text-ink-soft">
                        {side === null ? 'The bridge' : sideLabels[side]}:
                      </span>{' '}
                      <span className="font-medium">{title}</span>
                    </p>
                    <p>{readable(finding)}</p>
                    {fix !== null && <p className="text-ink-soft">{fix}</p>}
                  </div>
                </li>
              );
            })}
          </ul>
        )}
      </QueryView>
    </>
  );
}
