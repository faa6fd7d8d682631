import { complexityFromQuery } from '@pothos/plugin-complexity';
import { Kind, visit, type DocumentNode, type GraphQLSchema } from 'graphql';

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
