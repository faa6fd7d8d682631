import type { GraphQLResolveInfo } from 'graphql';
import { builder } from './builder.ts';
import type { GraphqlContext } from './context.ts';
import { ErrorCodeEnum } from './enums/error.ts';
import { MutationErrorRef, type MutationErrorShape } from './mutation-error.ts';
import { nodeByGlobalId, NodeRef } from './node.ts';

type Problem = { readonly path: readonly string[]; readonly message: string };

export type ValidationShape = MutationErrorShape & {
  readonly kind: 'invalid';
  readonly issues: readonly Problem[];
};
export type NotFoundShape = MutationErrorShape & {
  readonly kind: 'not-found';
  /** Global id asked for. */
  readonly id: string;
};
export type StaleShape = MutationErrorShape & {
  readonly kind: 'stale';
  readonly currentVersion: number;
  /** Global id of what changed. */
  readonly id: string;
};
export type IllegalShape = MutationErrorShape & {
  readonly kind: 'illegal';
  readonly retryAt?: number;
  readonly currentCount?: number;
};
export type IdempotencyShape = MutationErrorShape & {
  readonly kind: 'idempotency';
  readonly firstUsedAt: Date;
};

const InputIssueRef = builder.objectRef<Problem>('InputIssue').implement({
  description: 'One problem in the input.',
  fields: (t) => ({
    path: t.stringList({
      description: "Path inside the input, for example ['choices', '1', 'customValue'].",
      resolve: ({ path }) => [...path],
    }),
    message: t.exposeString('message', { description: 'What is wrong, in words.' }),
  }),
});

export const ValidationErrorRef = builder.objectRef<ValidationShape>('ValidationError').implement({
  description: 'Input failed validation, field by field.',
  interfaces: [MutationErrorRef],
  fields: (t) => ({
    code: t.expose('code', { type: ErrorCodeEnum, description: 'Always VALIDATION.' }),
    message: t.exposeString('message', { description: 'Summary.' }),
    retryable: t.exposeBoolean('retryable', { description: 'False: change the input.' }),
    issues: t.field({
      type: [InputIssueRef],
      description: 'Every problem found, not only the first.',
      resolve: ({ issues }) => [...issues],
    }),
  }),
});

export const NotFoundErrorRef = builder.objectRef<NotFoundShape>('NotFoundError').implement({
  description: 'No such object, or not visible to you.',
  interfaces: [MutationErrorRef],
  fields: (t) => ({
    code: t.expose('code', { type: ErrorCodeEnum, description: 'Always NOT_FOUND.' }),
    message: t.exposeString('message', { description: 'Summary.' }),
    retryable: t.exposeBoolean('retryable', { description: 'False.' }),
    id: t.exposeID('id', { description: 'Id asked for.' }),
  }),
});

/** The object as it is now; it was there a moment ago, and nothing of ours is ever deleted. */
async function present(id: string, context: GraphqlContext, info: GraphQLResolveInfo) {
  const node = await nodeByGlobalId(id, context, info);
  if (node === null) throw new Error(`what was changed meanwhile is missing: ${id}`);
  return node;
}

export const StaleVersionErrorRef = builder.objectRef<StaleShape>('StaleVersionError').implement({
  description: 'The object changed since you read it; nothing was done.',
  interfaces: [MutationErrorRef],
  fields: (t) => ({
    code: t.expose('code', { type: ErrorCodeEnum, description: 'Always STALE_VERSION.' }),
    message: t.exposeString('message', { description: 'Summary.' }),
    retryable: t.exposeBoolean('retryable', {
      description: 'True, after looking at the present state.',
    }),
    currentVersion: t.exposeInt('currentVersion', { description: 'Version now.' }),
    current: t.field({
      type: NodeRef,
      description: 'Object now, so that the screen can show what moved without another request.',
      complexity: 1,
      resolve: ({ id }, _args, context, info) => present(id, context, info),
    }),
  }),
});

export const IllegalStateErrorRef = builder.objectRef<IllegalShape>('IllegalStateError').implement({
  description: "Not possible in the object's present state, or blocked by a business limit.",
  interfaces: [MutationErrorRef],
  fields: (t) => ({
    code: t.expose('code', {
      type: ErrorCodeEnum,
      description:
        'ILLEGAL_STATE, PERIOD_CLOSED, COMPANY_UNAVAILABLE, UNDO_EXPIRED, COUNT_MISMATCH or LIMIT_EXCEEDED.',
    }),
    message: t.exposeString('message', { description: 'Summary.' }),
    retryable: t.exposeBoolean('retryable', { description: 'Whether waiting helps.' }),
    retryAt: t.field({
      type: 'DateTime',
      nullable: true,
      description: 'When to try again, if waiting helps.',
      resolve: ({ retryAt }) => (retryAt === undefined ? null : new Date(retryAt)),
    }),
    currentCount: t.int({
      nullable: true,
      description: 'Count now, for COUNT_MISMATCH.',
      resolve: ({ currentCount }) => currentCount ?? null,
    }),
  }),
});

export const IdempotencyErrorRef = builder
  .objectRef<IdempotencyShape>('IdempotencyError')
  .implement({
    description: 'The idempotency key was used with other input, or is still being worked on.',
    interfaces: [MutationErrorRef],
    fields: (t) => ({
      code: t.expose('code', {
        type: ErrorCodeEnum,
        description: 'IDEMPOTENCY_KEY_REUSED or IDEMPOTENCY_IN_PROGRESS.',
      }),
      message: t.exposeString('message', { description: 'Summary.' }),
      retryable: t.exposeBoolean('retryable', {
        description: 'True only for IDEMPOTENCY_IN_PROGRESS.',
      }),
      firstUsedAt: t.expose('firstUsedAt', {
        type: 'DateTime',
        description: 'When the key was first used.',
      }),
    }),
  });
