import { GraphQLError } from 'graphql';

/** Codes of top-level errors: those nobody can act on inside a result (api-and-web.md §1.2.4). */
export type TopLevelCode =
  | 'UNAUTHENTICATED'
  | 'FORBIDDEN'
  | 'BAD_USER_INPUT'
  | 'LIMIT_EXCEEDED'
  | 'RATE_LIMITED'
  | 'INTERNAL_SERVER_ERROR';

const httpStatus = {
  UNAUTHENTICATED: 401,
  FORBIDDEN: 403,
  BAD_USER_INPUT: 400,
  LIMIT_EXCEEDED: 400,
  RATE_LIMITED: 429,
  INTERNAL_SERVER_ERROR: 500,
} as const satisfies Record<TopLevelCode, number>;

/** An error that is meant to be read by the caller; anything else is masked. */
export function topLevelError(
  code: TopLevelCode,
  message: string,
  headers?: Readonly<Record<string, string>>,
): GraphQLError {
  const http = { spec: true, status: httpStatus[code], ...(headers && { headers }) };
  return new GraphQLError(message, { extensions: { code, http } });
}

export const forbidden = (): GraphQLError =>
  topLevelError('FORBIDDEN', 'Your key does not hold the right that this needs.');

export const badInput = (message: string): GraphQLError => topLevelError('BAD_USER_INPUT', message);
