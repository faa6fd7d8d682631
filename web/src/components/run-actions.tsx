import { useRef, useState } from 'react';
import { useClient, useMutation } from 'urql';
import { createRequestKeys } from '../conflicts/request-key.ts';
import { CancelReconcileDocument, RunDriftsDocument } from '../graphql/generated/graphql.ts';
import type {
  DriftPartsFragment,
  ReconcileRunQuery,
  RunDriftsQueryVariables,
} from '../graphql/generated/graphql.ts';
import { failureOf } from '../graphql/failure.ts';
import { refusalSentence } from '../graphql/refusal.ts';
import { reconcileCsv } from '../reconcile-csv.ts';
import { Button } from '../ui/button.tsx';
import { downloadText } from '../ui/download.ts';
import { useWhyNot } from './use-right.ts';

type Run = NonNullable<ReconcileRunQuery['reconcileRun']>;

/** Stops a run that is still comparing. */
export function CancelRun({ id }: { readonly id: string }) {
  const [refusal, setRefusal] = useState<string | null>(null);
  const [{ fetching }, execute] = useMutation(CancelReconcileDocument);
  const keys = useRef(createRequestKeys());
  const whyNot = useWhyNot('OPERATE');
  const cancel = async () => {
    const { data, error } = await execute({
      input: { reconcileRunId: id, idempotencyKey: keys.current(id) },
    });
    const answer = data?.cancelReconcile;
    const isDone = error === undefined && answer?.__typename === 'CancelReconcileSuccess';
    setRefusal(isDone ? null : refusalSentence('It goes on.', { data: answer, error }));
  };
  return (
    <>
      <Button
        disabled={fetching || whyNot !== null}
        title={whyNot ?? undefined}
        onClick={() => void cancel()}
      >
        Stop the run
      </Button>
      {refusal !== null && (
        <span role="alert" className="text-you">
          {refusal}
        </span>
      )}
    </>
  );
}

/** The API's largest page, and so many pages at most: a file of 10,000 drifts. */
const exportPageSize = 200;
const exportPagesMax = 50;

/** Everything the run found, as a file for a spreadsheet. */
export function ExportRun({ run }: { readonly run: Run }) {
  const client = useClient();
  const [state, setState] = useState<'idle' | 'reading' | { readonly failure: string }>('idle');
  const exportIt = async () => {
    setState('reading');
    const drifts: DriftPartsFragment[] = [];
    let after: string | null = null;
    for (let page = 0; page < exportPagesMax; page += 1) {
      const variables: RunDriftsQueryVariables = { id: run.id, first: exportPageSize, after };
      const options = { requestPolicy: 'network-only' } as const;
      // Each page begins where the one before ended.
      // oxlint-disable-next-line no-await-in-loop
      const { data, error } = await client.query(RunDriftsDocument, variables, options).toPromise();
      if (error) return setState({ failure: failureOf(error).sentence });
      const found = data?.reconcileRun?.drifts;
      drifts.push(...(found?.nodes ?? []));
      after = found?.pageInfo.hasNextPage === true ? found.pageInfo.endCursor : null;
      if (after === null) break;
    }
    downloadText(
      `reconcile-${run.startedAt.slice(0, 10)}.csv`,
      'text/csv;charset=utf-8',
      reconcileCsv({ ...run, drifts }),
    );
    return setState('idle');
  };
  return (
    <>
      <Button disabled={state === 'reading'} onClick={() => void exportIt()}>
        {state === 'reading' ? 'Reading…' : 'Export CSV'}
      </Button>
      {typeof state === 'object' && (
        <span role="alert" className="text-you">
          It could not be exported. {state.failure}
        </span>
      )}
    </>
  );
}
