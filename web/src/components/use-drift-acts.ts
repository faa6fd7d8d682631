import { useRef, useState } from 'react';
import { useMutation } from 'urql';
import { createRequestKeys } from '../conflicts/request-key.ts';
import { AcceptDriftDocument, RepairDriftsDocument } from '../graphql/generated/graphql.ts';
import type { DriftPartsFragment } from '../graphql/generated/graphql.ts';
import { refusalSentence } from '../graphql/refusal.ts';

/** What a page wants repaired: these drifts, or every open one of the run. */
export type RepairWish = { readonly driftIds: string[] | null; readonly expectedCount: number };

/** Repairs and accepts drifts of one run; the drifts' own status comes from the server. */
export function useDriftActs(runId: string, onStarted: (bulkId: string) => void) {
  const [isAsking, setAsking] = useState(false);
  const [refusal, setRefusal] = useState<string | null>(null);
  const [, repairMany] = useMutation(RepairDriftsDocument);
  const [, acceptOne] = useMutation(AcceptDriftDocument);
  const keys = useRef(createRequestKeys());

  const repair = async (wish: RepairWish): Promise<boolean> => {
    const asked = { reconcileRunId: runId, ...wish };
    setAsking(true);
    const { data, error } = await repairMany({
      input: { ...asked, idempotencyKey: keys.current(asked) },
    });
    setAsking(false);
    const answer = data?.repairDrifts;
    if (error === undefined && answer?.__typename === 'RepairDriftsSuccess') {
      setRefusal(null);
      onStarted(answer.bulkOperation.id);
      return true;
    }
    setRefusal(refusalSentence('Nothing was repaired.', { data: answer, error }));
    return false;
  };

  const accept = async (
    { id, version }: Pick<DriftPartsFragment, 'id' | 'version'>,
    reason: string,
  ): Promise<boolean> => {
    const asked = { driftId: id, expectedVersion: version, reason };
    setAsking(true);
    const { data, error } = await acceptOne({
      input: { ...asked, idempotencyKey: keys.current(asked) },
    });
    setAsking(false);
    const answer = data?.acceptDrift;
    const isDone = error === undefined && answer?.__typename === 'AcceptDriftSuccess';
    setRefusal(isDone ? null : refusalSentence('It was not accepted.', { data: answer, error }));
    return isDone;
  };

  return { isAsking, refusal, repair, accept, forget: () => setRefusal(null) };
}

/** The acts on the drifts of a run, as its page hands them on. */
export type DriftActs = ReturnType<typeof useDriftActs>;
