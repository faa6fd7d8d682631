import type { CombinedError } from 'urql';
import { failureOf } from './failure.ts';

/** What every refusal of a mutation carries; a success carries its type's name alone. */
type Answer = {
  readonly __typename: string;
  readonly message?: string;
  readonly issues?: readonly { readonly message: string }[];
};

/** Why a mutation did nothing, in sentences; `nothing` says first what did not happen. */
export function refusalSentence(
  nothing: string,
  {
    data,
    error,
  }: { readonly data: Answer | undefined; readonly error?: CombinedError | undefined },
): string {
  if (error !== undefined) return `${nothing} ${failureOf(error).sentence}`;
  const said = data?.issues?.map(({ message }) => message).join(' ') ?? data?.message;
  return `${nothing} ${said ?? 'Try again.'}`;
}
