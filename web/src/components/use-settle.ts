import { useRef, useState } from 'react';
import { useMutation } from 'urql';
import { createRequestKeys } from '../conflicts/request-key.ts';
import { failureOf } from '../graphql/failure.ts';
import { ResolveConflictDocument } from '../graphql/generated/graphql.ts';
import type { ConflictDetailFragment, FieldChoiceInput } from '../graphql/generated/graphql.ts';
import { useRecentActions } from './recent-actions.tsx';

type SettleState =
  | { readonly kind: 'idle' }
  | { readonly kind: 'settling' }
  | { readonly kind: 'refused'; readonly sentence: string };

/** Settles a conflict as it was looked at; whatever the answer, the conflict it shows is handed on. */
export function useSettle(
  { id, version }: ConflictDetailFragment,
  onActed: (conflict: ConflictDetailFragment) => void,
) {
  const [state, setState] = useState<SettleState>({ kind: 'idle' });
  const [, execute] = useMutation(ResolveConflictDocument);
  const { remember } = useRecentActions();
  const keys = useRef(createRequestKeys());

  const refuse = (sentence: string) => setState({ kind: 'refused', sentence });
  const settle = async (choices: FieldChoiceInput[], typed: string) => {
    const note = typed.trim() === '' ? null : typed.trim();
    const asked = { conflictId: id, expectedVersion: version, choices, note };
    setState({ kind: 'settling' });
    const { data, error } = await execute({
      input: { ...asked, idempotencyKey: keys.current(asked) },
    });
    if (error) return refuse(`It was not settled. ${failureOf(error).sentence}`);
    const answer = data?.resolveConflict;
    switch (answer?.__typename) {
      case 'ResolveConflictSuccess':
        setState({ kind: 'idle' });
        remember(answer.undo, 'Settled');
        return onActed(answer.conflict);
      case 'StaleVersionError':
        refuse('Nothing was settled: the conflict moved meanwhile. Look again, then settle.');
        if (answer.current.__typename === 'Conflict') onActed(answer.current);
        return undefined;
      case 'ValidationError':
        return refuse(answer.issues.map(({ message }) => message).join(' '));
      case 'IllegalStateError':
      case 'NotFoundError':
      case 'IdempotencyError':
        return refuse(answer.message);
      case undefined:
        return refuse('It was not settled. Try again.');
      default:
        return answer satisfies never;
    }
  };
  return { state, settle };
}
