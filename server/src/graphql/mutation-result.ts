import { initContextCache } from '@pothos/core';
import { unreachable } from '#core/unreachable.ts';
import { toCorrelationId } from '#core/brand.ts';
import type { RequestOutcome, Touched } from '#ports/change-requests.ts';
import type { Ask } from '#sync/change-request.ts';
import type { GraphqlContext } from './context.ts';
import type {
  IdempotencyShape,
  IllegalShape,
  NotFoundShape,
  StaleShape,
  ValidationShape,
} from './mutation-failures.ts';

/** A mutation that went through, by the ids of what it touched; each success type reads its objects from them. */
export type DoneShape = {
  readonly kind: 'done';
  readonly touched: Touched;
  readonly replayed: boolean;
  /** Shown this once. */
  readonly secret?: string;
};

export type MutationResult =
  | DoneShape
  | ValidationShape
  | NotFoundShape
  | StaleShape
  | IllegalShape
  | IdempotencyShape;

/** A request as the use cases take it. */
const askOf = <Input>(
  { caller, correlationId }: GraphqlContext,
  idempotencyKey: string,
  input: Input,
): Ask<Input> => ({
  caller,
  idempotencyKey,
  correlationId: toCorrelationId(correlationId),
  input,
});

/**
 * Asks a use case and words what became of it; `id` is the global id asked for. What an earlier mutation of the document
 * loaded is forgotten: the answer shows the objects as this one left them.
 */
export async function answer<Input>(
  context: GraphqlContext,
  action: (ask: Ask<Input>) => Promise<RequestOutcome>,
  asked: { readonly id: string; readonly idempotencyKey: string },
  input: Input,
): Promise<MutationResult> {
  const outcome = await action(askOf(context, asked.idempotencyKey, input));
  Object.assign(context, initContextCache());
  return resultOf(outcome, asked.id);
}

/** The failure of an id that leads nowhere the caller may look. */
export const notFoundError = (id: string): NotFoundShape => ({
  kind: 'not-found',
  code: 'NOT_FOUND',
  message: 'There is no such object, or you may not see it.',
  retryable: false,
  id,
});

/** What became of a request, as the contract words it. */
function resultOf(outcome: RequestOutcome, id: string): MutationResult {
  switch (outcome.kind) {
    case 'done':
      return outcome;
    case 'invalid': {
      const message = outcome.issues.map((issue) => issue.message).join(' ');
      return { ...outcome, code: 'VALIDATION', message, retryable: false };
    }
    case 'not-found':
      return notFoundError(id);
    case 'stale': {
      const message = 'It changed since you looked at it; nothing was done.';
      return { ...outcome, code: 'STALE_VERSION', message, retryable: true, id };
    }
    case 'illegal':
      return outcome;
    case 'key-reused':
      return idempotencyError(
        'IDEMPOTENCY_KEY_REUSED',
        'This key was used for another request; use a new one.',
        outcome.firstUsedAt,
      );
    case 'key-in-progress':
      return idempotencyError(
        'IDEMPOTENCY_IN_PROGRESS',
        'The first request with this key is still being worked on; ask again in a moment.',
        outcome.firstUsedAt,
      );
    default:
      return unreachable(outcome);
  }
}

const idempotencyError = (
  code: 'IDEMPOTENCY_KEY_REUSED' | 'IDEMPOTENCY_IN_PROGRESS',
  message: string,
  firstUsedAt: number,
): IdempotencyShape => ({
  kind: 'idempotency',
  code,
  message,
  retryable: code === 'IDEMPOTENCY_IN_PROGRESS',
  firstUsedAt: new Date(firstUsedAt),
});
