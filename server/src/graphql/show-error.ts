import { GraphQLError } from 'graphql';
import type { Log } from '#ports/log.ts';
import { topLevelError } from './errors.ts';

/** Whether an error was made for the caller to read; one that merely wraps another was not. */
const isMeant = (error: unknown): error is GraphQLError =>
  error instanceof GraphQLError &&
  (error.originalError === undefined || isMeant(error.originalError));

/** The code of errors the library makes: they concern what the caller sent. */
const codeOf = ({ extensions, originalError }: GraphQLError): unknown =>
  extensions['code'] ??
  (originalError instanceof GraphQLError ? originalError.extensions['code'] : undefined) ??
  'BAD_USER_INPUT';

/** An error as the caller may read it: what was meant for it passes, a bug becomes a sentence with the id to quote. */
export function showError(error: unknown, correlationId: string, log: Log): GraphQLError {
  const place =
    error instanceof GraphQLError
      ? {
          nodes: error.nodes ?? null,
          source: error.source ?? null,
          positions: error.positions ?? null,
          path: error.path ?? null,
        }
      : {};
  if (isMeant(error)) {
    const extensions = { ...error.extensions, code: codeOf(error), correlationId };
    return new GraphQLError(error.message, { ...place, extensions });
  }
  const cause = error instanceof Error ? (error.stack ?? error.message) : String(error);
  log.error('a request failed', { correlationId, cause });
  const message = `Something went wrong on our side. Quote ${correlationId} when you ask about it.`;
  const { extensions } = topLevelError('INTERNAL_SERVER_ERROR', message);
  return new GraphQLError(message, { ...place, extensions: { ...extensions, correlationId } });
}
