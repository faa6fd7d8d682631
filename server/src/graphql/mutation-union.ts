import { builder } from './builder.ts';
import {
  IdempotencyErrorRef,
  IllegalStateErrorRef,
  NotFoundErrorRef,
  StaleVersionErrorRef,
  ValidationErrorRef,
} from './mutation-failures.ts';
import type { DoneShape, MutationResult } from './mutation-result.ts';

const failures = {
  invalid: ValidationErrorRef,
  'not-found': NotFoundErrorRef,
  stale: StaleVersionErrorRef,
  illegal: IllegalStateErrorRef,
  idempotency: IdempotencyErrorRef,
} as const;

type Failure = keyof typeof failures;

/** Every failure there is; a mutation names those it can end in. */
export const everyFailure = [
  'invalid',
  'not-found',
  'stale',
  'illegal',
  'idempotency',
] as const satisfies readonly Failure[];

/** The success type of a mutation; its own fields are added beside `replayed`. */
export function successType(mutation: string, description = `${mutation} went through.`) {
  return builder.objectRef<DoneShape>(`${pascal(mutation)}Success`).implement({
    description,
    fields: (t) => ({
      replayed: t.exposeBoolean('replayed', {
        description: 'True when this answer was stored by an earlier request with the same key.',
      }),
    }),
  });
}

/** What a mutation answers: its success, or one of the failures a caller can act on. */
export function resultUnion(
  mutation: string,
  success: ReturnType<typeof successType>,
  possible: readonly Failure[],
) {
  return builder.unionType(`${pascal(mutation)}Result`, {
    description: `Outcome of ${mutation}.`,
    types: [success, ...possible.map((failure) => failures[failure])],
    resolveType: (result: MutationResult) =>
      result.kind === 'done' ? success : failures[result.kind],
  });
}

const pascal = (mutation: string): string => mutation.slice(0, 1).toUpperCase() + mutation.slice(1);
