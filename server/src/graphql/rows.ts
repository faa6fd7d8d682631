import { createContextCache } from '@pothos/core';
import { queryFromInfo } from '@pothos/plugin-prisma';
import DataLoader from 'dataloader';
import type { FieldNode, GraphQLResolveInfo } from 'graphql';
import { Prisma } from '#generated/prisma/client.ts';
import type { RowQuery } from './connection.ts';
import { isVisible, visibleCompanies, type GraphqlContext } from './context.ts';
import type { LoadRows } from './nested-page.ts';

/** The rows of those ids that the caller may see; whatever is outside its companies is simply not there. */
function among(context: GraphqlContext, ids: readonly string[]) {
  const companies = visibleCompanies(context);
  const mine = companies === null ? {} : { companyId: { in: [...companies] } };
  return { id: { in: [...ids] }, ...mine };
}

export const loadCompanies = (context: GraphqlContext, ids: readonly string[], query: RowQuery) => {
  const visible = ids.filter((id) => isVisible(context, id));
  return context.prisma.company.findMany({ ...query, where: { id: { in: visible } } });
};

export const loadLinks = (context: GraphqlContext, ids: readonly string[], query: RowQuery) =>
  context.prisma.link.findMany({ ...query, where: among(context, ids) });

export const loadEvents = (context: GraphqlContext, ids: readonly string[], query: RowQuery) =>
  context.prisma.outboxEvent.findMany({ ...query, where: among(context, ids) });

export const loadAttempts = (context: GraphqlContext, ids: readonly string[], query: RowQuery) =>
  context.prisma.attempt.findMany({ ...query, where: among(context, ids) });

export const loadIntents = (context: GraphqlContext, ids: readonly string[], query: RowQuery) =>
  context.prisma.intent.findMany({ ...query, where: among(context, ids) });

export const loadDeadLetters = (context: GraphqlContext, ids: readonly string[], query: RowQuery) =>
  context.prisma.deadLetter.findMany({ ...query, where: among(context, ids) });

export const loadReferences = (context: GraphqlContext, ids: readonly string[], query: RowQuery) =>
  context.prisma.reference.findMany({ ...query, where: among(context, ids) });

export const loadReconcileRuns = (
  context: GraphqlContext,
  ids: readonly string[],
  query: RowQuery,
) => context.prisma.reconcileRun.findMany({ ...query, where: among(context, ids) });

export const loadDrifts = (context: GraphqlContext, ids: readonly string[], query: RowQuery) =>
  context.prisma.drift.findMany({ ...query, where: among(context, ids) });

export const loadPlannedWrites = (
  context: GraphqlContext,
  ids: readonly string[],
  query: RowQuery,
) => context.prisma.plannedWrite.findMany({ ...query, where: among(context, ids) });

export const loadMatchSuggestions = (
  context: GraphqlContext,
  ids: readonly string[],
  query: RowQuery,
) => context.prisma.matchSuggestion.findMany({ ...query, where: among(context, ids) });

export const loadConflicts = (context: GraphqlContext, ids: readonly string[], query: RowQuery) =>
  context.prisma.conflict.findMany({ ...query, where: among(context, ids) });

export const loadAuditEntries = (
  context: GraphqlContext,
  ids: readonly string[],
  query: RowQuery,
) => context.prisma.auditEntry.findMany({ ...query, where: among(context, ids) });

/** Those whose companies the caller may all see: figures over others are not for it. */
export const loadBulkOperations = async (
  context: GraphqlContext,
  ids: readonly string[],
  query: RowQuery,
) => {
  const visible = visibleCompanies(context);
  const allowed =
    visible === null
      ? ids
      : (
          await context.prisma.$queryRaw<{ readonly id: string }[]>(Prisma.sql`
            SELECT "id"::text AS "id" FROM "bulk_operation"
            WHERE "id" = ANY(${[...ids]}::uuid[]) AND "company_ids" <@ ${[...visible]}::uuid[]`)
        ).map(({ id }) => id);
  return context.prisma.bulkOperation.findMany({ ...query, where: { id: { in: [...allowed] } } });
};

/** Published ones only: an event without a position has not happened yet for any reader. */
export const loadStreamEvents = (
  context: GraphqlContext,
  ids: readonly string[],
  query: RowQuery,
) =>
  context.prisma.streamEvent.findMany({
    ...query,
    where: { ...among(context, ids), position: { not: null } },
  });

/**
 * A row by id, loaded with what the caller selected of it under this field; all objects of a list share one statement.
 * `typename` narrows the selection where the field's type is an interface or a union.
 */
export function rowOfField<Row extends { readonly id: string }>(
  loadRows: LoadRows<Row>,
  typename?: string,
) {
  const loaders = createContextCache(
    (_context: GraphqlContext) => new WeakMap<FieldNode, DataLoader<string, Row | null>>(),
  );
  return (id: string, context: GraphqlContext, info: GraphQLResolveInfo): Promise<Row | null> => {
    const ofFields = loaders(context);
    const [field] = info.fieldNodes;
    const loader = (field && ofFields.get(field)) ?? rowLoader(loadRows, context, info, typename);
    if (field) ofFields.set(field, loader);
    return loader.load(id);
  };
}

/** The same for a row that must be there: nothing of ours is ever deleted. */
export function presentRow<Row extends { readonly id: string }>(loadRows: LoadRows<Row>) {
  const load = rowOfField(loadRows);
  return async (id: string, context: GraphqlContext, info: GraphQLResolveInfo): Promise<Row> => {
    const row = await load(id, context, info);
    if (row === null) throw new Error(`a row that was just there is missing: ${id}`);
    return row;
  };
}

function rowLoader<Row extends { readonly id: string }>(
  loadRows: LoadRows<Row>,
  context: GraphqlContext,
  info: GraphQLResolveInfo,
  typename: string | undefined,
): DataLoader<string, Row | null> {
  const narrowed = typename === undefined ? {} : { typeName: typename };
  return new DataLoader(async (ids: readonly string[]) => {
    const query: RowQuery = queryFromInfo({ context, info, ...narrowed });
    const rows = await loadRows(context, ids, query);
    const byId = new Map(rows.map((row) => [row.id, row]));
    return ids.map((id) => byId.get(id) ?? null);
  });
}
