import { useRef, useState } from 'react';
import { useMutation } from 'urql';
import type { AnyVariables, TypedDocumentNode } from 'urql';
import { createRequestKeys } from '../conflicts/request-key.ts';
import { failureOf } from './failure.ts';

/** How the newest try stands. */
export type ActState =
  | { readonly kind: 'idle' }
  | { readonly kind: 'acting' }
  | { readonly kind: 'refused'; readonly sentence: string };

type Answer = {
  readonly __typename: string;
  readonly message?: string;
  readonly issues?: readonly { readonly message: string }[];
};

/** The member of a result union that says it went through. */
type Done<Result extends Answer> = Extract<Result, { readonly __typename: `${string}Success` }>;

const isDone = <Result extends Answer>(answer: Result): answer is Done<Result> =>
  answer.__typename.endsWith('Success');

const notAnswered = 'It was not done. Try again.';

function whyRefused({ message, issues = [] }: Answer): string {
  const said = issues.map((issue) => issue.message).join(' ');
  return said === '' ? (message ?? notAnswered) : said;
}

/**
 * A mutation as a button needs it: the same request after a lost answer carries the same key and is done once, and
 * whatever was refused is one sentence. `act` gives what went through, or null.
 */
export function useAct<Data, Variables extends AnyVariables, Result extends Answer>(
  document: TypedDocumentNode<Data, Variables>,
  resultOf: (data: Data) => Result,
) {
  const [state, setState] = useState<ActState>({ kind: 'idle' });
  const [, execute] = useMutation(document);
  const keys = useRef(createRequestKeys());

  const act = async (ask: (idempotencyKey: string) => Variables): Promise<Done<Result> | null> => {
    setState({ kind: 'acting' });
    const refuse = (sentence: string): null => {
      setState({ kind: 'refused', sentence });
      return null;
    };
    const { data, error } = await execute(ask(keys.current(ask(''))));
    if (error) return refuse(`It was not done. ${failureOf(error).sentence}`);
    // It was answered: the same words once more are a new request.
    keys.current = createRequestKeys();
    if (!data) return refuse(notAnswered);
    const answer = resultOf(data);
    if (!isDone(answer)) return refuse(whyRefused(answer));
    setState({ kind: 'idle' });
    return answer;
  };
  return { state, act, isActing: state.kind === 'acting' };
}
