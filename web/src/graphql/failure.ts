import type { CombinedError } from 'urql';

/** A failed request, as a person reads it. */
export type Failure = {
  readonly sentence: string;
  /** Ties the failure to the server's log; null when no answer came at all. */
  readonly correlationId: string | null;
};

const text = (value: unknown): string | null => (typeof value === 'string' ? value : null);

function headerOf(response: unknown): string | null {
  return response instanceof Response ? response.headers.get('x-correlation-id') : null;
}

function sentenceOf(error: CombinedError): string {
  const [first] = error.graphQLErrors;
  if (first === undefined)
    return 'LedgerBridge did not answer. It is tried again as soon as it is back.';
  switch (first.extensions['code']) {
    case 'UNAUTHENTICATED':
      return 'You are not signed in.';
    case 'FORBIDDEN':
      return 'You may not see this.';
    case 'RATE_LIMITED':
      return 'Too many requests in a short time. Wait a moment, then try again.';
    case 'GRAPHQL_VALIDATION_FAILED':
    case 'PERSISTED_QUERY_NOT_FOUND':
      return 'LedgerBridge was updated while this page was open. Reload the page.';
    default:
      return first.message;
  }
}

/** What failed, in a sentence, with the id to hand to whoever reads the log. */
export function failureOf(error: CombinedError): Failure {
  const fromError = error.graphQLErrors
    .map(({ extensions }) => text(extensions['correlationId']))
    .find((id) => id !== null);
  return { sentence: sentenceOf(error), correlationId: fromError ?? headerOf(error.response) };
}

/** Refusals that asking again would only repeat. */
const lasting: ReadonlySet<unknown> = new Set([
  'UNAUTHENTICATED',
  'FORBIDDEN',
  'BAD_USER_INPUT',
  'GRAPHQL_PARSE_FAILED',
  'GRAPHQL_VALIDATION_FAILED',
]);

/** Whether the same question may be answered a little later. */
export const mayPass = ({ graphQLErrors }: CombinedError): boolean =>
  !graphQLErrors.some(({ extensions }) => lasting.has(extensions['code']));
