import type { CombinedError } from 'urql';
import { failureOf } from '../graphql/failure.ts';

/** What every refusal of a mutation holds. */
type Refusal = {
  readonly message: string;
  readonly issues?: readonly { readonly message: string }[];
};

/** Why something was not done, as a person reads it: each issue of a wrong input, else the refusal's own sentence. */
export function refusalWords(
  error: CombinedError | undefined,
  refusal: Refusal | undefined,
): string {
  if (error) return `Nothing was changed. ${failureOf(error).sentence}`;
  if (refusal?.issues) return refusal.issues.map(({ message }) => message).join(' ');
  return refusal?.message ?? 'Nothing was changed. Try again.';
}
