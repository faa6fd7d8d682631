import { useRef, useState } from 'react';
import { useMutation } from 'urql';
import { createRequestKeys } from '../conflicts/request-key.ts';
import {
  DiscardDeadLetterDocument,
  ReplayDeadLetterDocument,
} from '../graphql/generated/graphql.ts';
import type { DeadLetterPartsFragment } from '../graphql/generated/graphql.ts';
import { refusalSentence } from '../graphql/refusal.ts';
import { useRecentActions } from './recent-actions.tsx';

/** What became of the newest act on a dead letter; its status itself comes from the server. */
export type ActState =
  | { readonly kind: 'idle' }
  | { readonly kind: 'asking' }
  | { readonly kind: 'refused'; readonly sentence: string };

const idle: ActState = { kind: 'idle' };

/** Replays and discards dead letters as they were looked at, each with a state of its own. */
export function useDeadLetterActs() {
  const [states, setStates] = useState<ReadonlyMap<string, ActState>>(new Map());
  const [, replayOne] = useMutation(ReplayDeadLetterDocument);
  const [, discardOne] = useMutation(DiscardDeadLetterDocument);
  const { remember } = useRecentActions();
  const keys = useRef(createRequestKeys());

  const set = (id: string, state: ActState) =>
    setStates((before) => new Map([...before, [id, state]]));

  const replay = async (
    { id, version }: DeadLetterPartsFragment,
    confirmInvoiceNumber: string | null = null,
  ): Promise<boolean> => {
    const asked = { deadLetterId: id, expectedVersion: version, confirmInvoiceNumber };
    set(id, { kind: 'asking' });
    const { data, error } = await replayOne({
      input: { ...asked, idempotencyKey: keys.current(asked) },
    });
    const answer = data?.replayDeadLetter;
    const isDone = error === undefined && answer?.__typename === 'ReplayDeadLetterSuccess';
    if (isDone) set(id, idle);
    else
      set(id, {
        kind: 'refused',
        sentence: refusalSentence('It was not sent round again.', { data: answer, error }),
      });
    return isDone;
  };

  const discard = async (
    { id, version }: DeadLetterPartsFragment,
    reason: string,
  ): Promise<boolean> => {
    const asked = { deadLetterId: id, expectedVersion: version, reason };
    set(id, { kind: 'asking' });
    const { data, error } = await discardOne({
      input: { ...asked, idempotencyKey: keys.current(asked) },
    });
    const answer = data?.discardDeadLetter;
    if (error === undefined && answer?.__typename === 'DiscardDeadLetterSuccess') {
      set(id, idle);
      remember(answer.undo, 'Discarded');
      return true;
    }
    set(id, {
      kind: 'refused',
      sentence: refusalSentence('It was not discarded.', { data: answer, error }),
    });
    return false;
  };

  return { stateOf: (id: string): ActState => states.get(id) ?? idle, replay, discard };
}

/** The acts on dead letters, as a page hands them to its rows. */
export type DeadLetterActs = ReturnType<typeof useDeadLetterActs>;
