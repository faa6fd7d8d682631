import { complexityFromQuery } from '@pothos/plugin-complexity';
import { Kind, visit, type DocumentNode, type GraphQLSchema } from 'graphql';
import type { CallerBudget } from './context.ts';

/** Points: a list costs what was asked for, and what is under it that many times (api-and-web.md §1.1). */
export const costLimits = {
  perOperationMax: 5_000,
  bucket: 20_000,
  refillPerSecond: 200,
} as const;

/** The operation that would run, with the fragments it may use. */
function onlyOperation(document: DocumentNode, name: string | null | undefined): DocumentNode {
  const definitions = document.definitions.filter(
    (definition) =>
      definition.kind !== Kind.OPERATION_DEFINITION ||
      name == null ||
      definition.name?.value === name,
  );
  return { ...document, definitions };
}

/** Introspection costs nothing; the plugin would price `__typename` like a row, times everything above it. */
const withoutIntrospection = (document: DocumentNode): DocumentNode =>
  visit(document, {
    Field: (field) => (field.name.value.startsWith('__') ? null : undefined),
  });

/** Cost of an operation from the page sizes it asks for; at least one point. */
export function costOf(
  schema: GraphQLSchema,
  document: DocumentNode,
  operationName: string | null | undefined,
  variables: Readonly<Record<string, unknown>>,
): number {
  const only = withoutIntrospection(onlyOperation(document, operationName));
  const { complexity } = complexityFromQuery(only, { schema, variables: { ...variables } });
  return Math.max(1, Math.ceil(complexity));
}

export type Bucket = CallerBudget & {
  /** Takes the points, or says after how many seconds they would be there. */
  readonly take: (points: number) => { readonly waitSeconds: number } | null;
};

type Level = { points: number; atMs: number };

/** Cost budgets of callers, refilled steadily; kept by this process. */
export function createBudgets(monotonicMs: () => number): (callerId: string) => Bucket {
  const levels = new Map<string, Level>();
  const { bucket, refillPerSecond } = costLimits;
  const levelOf = (callerId: string): Level => {
    const nowMs = monotonicMs();
    const level = levels.get(callerId) ?? { points: bucket, atMs: nowMs };
    level.points = Math.min(bucket, level.points + ((nowMs - level.atMs) * refillPerSecond) / 1000);
    level.atMs = nowMs;
    levels.set(callerId, level);
    return level;
  };
  return (callerId) => ({
    limit: bucket,
    refillPerSecond,
    remaining: () => Math.floor(levelOf(callerId).points),
    take: (points) => {
      const level = levelOf(callerId);
      const missing = points - level.points;
      if (missing > 0) return { waitSeconds: Math.ceil(missing / refillPerSecond) };
      level.points -= points;
      return null;
    },
  });
}
