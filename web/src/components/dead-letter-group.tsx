import { useState } from 'react';
import { DeadLettersDocument } from '../graphql/generated/graphql.ts';
import type { DeadLetterGroupsQuery } from '../graphql/generated/graphql.ts';
import { useLiveQuery } from '../graphql/use-live-query.ts';
import { formatCount, formatMoneyList } from '../format/money.ts';
import { Button } from '../ui/button.tsx';
import { Panel } from '../ui/panel.tsx';
import { Skeleton } from '../ui/skeleton.tsx';
import { deadLetterVariables } from '../dead-letter-views.ts';
import type { DeadLetterRowActs } from './dead-letter-row.tsx';
import { DeadLetterRows } from './dead-letter-rows.tsx';
import { FixSteps } from './fix-steps.tsx';
import { MissingReferences } from './missing-references.tsx';
import { PanelGraphql } from './panel-graphql.tsx';
import { QueryView } from './query-view.tsx';
import type { ReplayWish } from './replay-plan.tsx';
import { AgoText } from './values.tsx';
import { readable } from '../format/sentence.ts';

type Group = DeadLetterGroupsQuery['deadLetterGroups'][number];

type GroupProps = {
  readonly group: Group;
  readonly companyId: string | undefined;
  readonly isOpenAtFirst: boolean;
  readonly acts: DeadLetterRowActs;
  readonly onReplayAll: (wish: ReplayWish) => void;
};

/** Dead letters with one cause: what to do once for all of them, then each of them. */
export function DeadLetterGroup(props: GroupProps) {
  const { group, companyId, isOpenAtFirst, acts, onReplayAll } = props;
  const [isOpen, setOpen] = useState(isOpenAtFirst);
  const { fingerprint: cause, count, amounts, firstDiedAt, example } = group;
  const exampleCompany = example.event.invoice?.company.id;
  const variables = deadLetterVariables({ view: 'open', cause, company: companyId });
  const replayAll = () =>
    onReplayAll({
      selection: { filter: variables.filter ?? {} },
      words: count === 1 ? 'the one of this cause' : `all ${formatCount(count)} of this cause`,
    });
  return (
    <Panel
      title={group.title}
      isPadded={false}
      actions={
        <>
          <PanelGraphql query={DeadLettersDocument} variables={variables} />
          <Button
            disabled={acts.whyNot !== null}
            title={acts.whyNot ?? undefined}
            onClick={replayAll}
          >
            Replay {formatCount(count)}…
          </Button>
        </>
      }
    >
      <div className="flex flex-col gap-3 px-4 pb-3" data-cause={group.reason}>
        <p className="flex flex-wrap gap-x-3 text-[0.8125rem] text-ink-soft" data-figures>
          <span className="font-medium text-you">{formatCount(count)} waiting</span>
          <span className="font-medium text-ink">{formatMoneyList(amounts)}</span>
          <span>
            since <AgoText instant={firstDiedAt} />
          </span>
        </p>
        <p>{readable(example.explanation)}</p>
        {group.reason === 'MISSING_REFERENCE' && exampleCompany !== undefined && (
          <MissingReferences companyId={exampleCompany} explanation={example.explanation} />
        )}
        <FixSteps letter={example} withLinks={count === 1} />
        <p>
          <Button kind="quiet" aria-expanded={isOpen} onClick={() => setOpen(!isOpen)}>
            <span aria-hidden="true">{isOpen ? '▾' : '▸'}</span>
            {isOpen ? 'Hide the invoices' : `Show ${formatCount(count)}`}
          </Button>
        </p>
      </div>
      {isOpen && <GroupRows title={group.title} variables={variables} acts={acts} />}
    </Panel>
  );
}

type GroupRowsProps = {
  readonly title: string;
  readonly variables: ReturnType<typeof deadLetterVariables>;
  readonly acts: DeadLetterRowActs;
};

function GroupRows({ title, variables, acts }: GroupRowsProps) {
  const result = useLiveQuery({ query: DeadLettersDocument, variables });
  return (
    <QueryView
      result={result}
      what="These dead letters"
      skeleton={
        <div className="px-4 pb-4">
          <Skeleton what="dead letters" rows={2} rowClass="h-12" />
        </div>
      }
    >
      {({ deadLetters }) => (
        <ul aria-label={title}>
          <DeadLetterRows page={deadLetters} variables={variables} acts={acts} withReason={false} />
        </ul>
      )}
    </QueryView>
  );
}
