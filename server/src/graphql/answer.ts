import type { ExecutionResult, GraphQLError } from 'graphql';
import type { Log } from '#ports/log.ts';
import type { Session } from './run.ts';
import { showError } from './show-error.ts';

type Result = {
  readonly data?: ExecutionResult['data'] | undefined;
  readonly errors?: readonly GraphQLError[] | undefined;
  readonly extensions?: object | undefined;
};

/** Every answer names its correlation id and, once paid for, its cost; its errors are as the caller may read them. */
export function answerOf(result: Result, session: Session, log: Log) {
  const { correlationId, charged } = session;
  const cost = charged === null ? {} : { cost: charged };
  const errors = result.errors?.map((error) => showError(error, correlationId, log));
  return {
    ...(result.data !== undefined && { data: result.data }),
    ...(errors !== undefined && { errors }),
    extensions: { ...result.extensions, ...cost, correlationId },
  };
}

/** An error as text for a socket, which has no HTTP status to set. */
export function formatted(error: GraphQLError) {
  const { extensions, ...rest } = error.toJSON();
  const { http: _http, ...shown } = extensions ?? {};
  return { ...rest, extensions: shown };
}
