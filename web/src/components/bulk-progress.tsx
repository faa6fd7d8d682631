import { useRef, useState } from 'react';
import { useMutation } from 'urql';
import { createRequestKeys } from '../conflicts/request-key.ts';
import {
  BulkOperationDocument,
  CancelBulkOperationDocument,
} from '../graphql/generated/graphql.ts';
import type { BulkOperationQuery } from '../graphql/generated/graphql.ts';
import { refusalSentence } from '../graphql/refusal.ts';
import { useLiveQuery } from '../graphql/use-live-query.ts';
import { formatCount } from '../format/money.ts';
import { Button } from '../ui/button.tsx';
import { Chip } from '../ui/chip.tsx';
import { Panel } from '../ui/panel.tsx';
import { Skeleton } from '../ui/skeleton.tsx';
import { bulkStatusLabels } from '../work-labels.ts';
import { PanelGraphql } from './panel-graphql.tsx';
import { QueryView } from './query-view.tsx';
import { useWhyNot } from './use-right.ts';
import { TimeText } from './values.tsx';

type BulkProgressProps = {
  readonly id: string;
  /** Takes the panel away; what runs goes on. */
  readonly onClose: () => void;
};

/** One bulk operation as it goes on; stopping it keeps what is finished and loses nothing. */
export function BulkProgress({ id, onClose }: BulkProgressProps) {
  const asked = { query: BulkOperationDocument, variables: { id } };
  const result = useLiveQuery({
    ...asked,
    refetchOn: ({ detail }) => detail.__typename === 'BulkOperation' && detail.id === id,
    refetchMs: 250,
  });
  return (
    <Panel
      title={result.data?.bulkOperation?.label ?? 'Many at once'}
      actions={
        <>
          <PanelGraphql {...asked} />
          <Button kind="quiet" onClick={onClose}>
            Close
          </Button>
        </>
      }
    >
      <QueryView result={result} what="The progress" skeleton={<Skeleton what="it" rows={2} />}>
        {({ bulkOperation }) =>
          bulkOperation === null ? (
            <p>There is no such operation, or you may not see it.</p>
          ) : (
            <Progress bulk={bulkOperation} />
          )
        }
      </QueryView>
    </Panel>
  );
}

type Bulk = NonNullable<BulkOperationQuery['bulkOperation']>;

const isRunning = ({ status }: Bulk) => status === 'QUEUED' || status === 'RUNNING';

/** "2 of 3 done, 1 left out": how far it is, in words. */
function sentenceOf({ total, succeeded, failed, skipped }: Bulk): string {
  const parts = [
    `${formatCount(succeeded)} of ${formatCount(total)} done`,
    ...(failed > 0 ? [`${formatCount(failed)} failed`] : []),
    ...(skipped > 0 ? [`${formatCount(skipped)} left out`] : []),
  ];
  return `${parts.join(', ')}.`;
}

function Progress({ bulk }: { readonly bulk: Bulk }) {
  const { status, total, succeeded, failed, skipped, actor, createdAt, failures } = bulk;
  const { label, tone, help } = bulkStatusLabels[status];
  const ended = succeeded + failed + skipped;
  return (
    <div className="flex flex-col gap-2" data-bulk={status}>
      <div className="flex flex-wrap items-center gap-x-3 gap-y-2">
        <Chip tone={tone} help={help}>
          {label}
        </Chip>
        <span role="status" data-figures>
          {sentenceOf(bulk)}
        </span>
        <span className="text-[0.8125rem] text-ink-soft">
          {actor.displayName}, <TimeText instant={createdAt} />
        </span>
        {isRunning(bulk) && <StopButton id={bulk.id} />}
      </div>
      <progress
        value={ended}
        max={Math.max(total, 1)}
        aria-label="Progress"
        className="h-2 w-full overflow-hidden rounded-full accent-ink"
      >
        {sentenceOf(bulk)}
      </progress>
      {status === 'CANCELLED' && (
        <p>Stopped. What was done stays done; the others wait as they did before.</p>
      )}
      {failures.length > 0 && (
        <ul className="list-disc pl-5">
          {failures.map(({ subjectId, message }) => (
            <li key={subjectId}>{message}</li>
          ))}
        </ul>
      )}
    </div>
  );
}

function StopButton({ id }: { readonly id: string }) {
  const [refusal, setRefusal] = useState<string | null>(null);
  const [{ fetching }, execute] = useMutation(CancelBulkOperationDocument);
  const keys = useRef(createRequestKeys());
  const whyNot = useWhyNot('OPERATE');
  const stop = async () => {
    const { data, error } = await execute({
      input: { bulkOperationId: id, idempotencyKey: keys.current(id) },
    });
    const answer = data?.cancelBulkOperation;
    const isDone = error === undefined && answer?.__typename === 'CancelBulkOperationSuccess';
    setRefusal(isDone ? null : refusalSentence('It goes on.', { data: answer, error }));
  };
  return (
    <>
      <Button
        disabled={fetching || whyNot !== null}
        title={whyNot ?? 'Finished items stay finished'}
        onClick={() => void stop()}
      >
        Stop
      </Button>
      {refusal !== null && (
        <span role="alert" className="text-you">
          {refusal}
        </span>
      )}
    </>
  );
}
