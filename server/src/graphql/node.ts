import { brandWithType } from '@pothos/core';
import type { GraphQLResolveInfo } from 'graphql';
import { holds } from '#ports/access.ts';
import { ApiClientRef, manageableClients } from './api-client.ts';
import { SyncAttemptRef, IntentRef } from './attempt.ts';
import { AuditEntryRef } from './audit.ts';
import { builder } from './builder.ts';
import { BulkOperationRef } from './bulk-operation.ts';
import { CompanyRef } from './company.ts';
import type { GraphqlContext } from './context.ts';
import { ConflictRef } from './conflict.ts';
import { DeadLetterRef } from './dead-letter.ts';
import { DriftRef } from './drift.ts';
import { badInput } from './errors.ts';
import { brandedPolicy } from './field-policy.ts';
import { readGlobalId } from './global-id.ts';
import { InvoiceRef } from './invoice.ts';
import { OutboxEventRef } from './outbox-event.ts';
import { isUuid } from './page-window.ts';
import { ReferenceRef } from './reference.ts';
import { ReconcileRunRef } from './reconcile-run.ts';
import {
  loadAttempts,
  loadAuditEntries,
  loadBulkOperations,
  loadCompanies,
  loadConflicts,
  loadDeadLetters,
  loadDrifts,
  loadReconcileRuns,
  loadEvents,
  loadIntents,
  loadLinks,
  loadReferences,
  loadStreamEvents,
  rowOfField,
} from './rows.ts';
import { SyncEventRef } from './sync-event.ts';

type Load = (id: string, context: GraphqlContext, info: GraphQLResolveInfo) => Promise<unknown>;

/** The row under its type's name, so that the interface knows what it is; null when missing or not visible. */
function branded<Row extends { readonly id: string }>(
  ref: Parameters<typeof brandWithType>[1] & { readonly name: string },
  loadRows: Parameters<typeof rowOfField<Row>>[0],
): Load {
  const load = rowOfField(loadRows, ref.name);
  return async (id, context, info) => {
    const row = await load(id, context, info);
    if (row !== null) brandWithType(row, ref);
    return row;
  };
}

/** Keys are for administrators, except one's own. */
const loadClients = async (context: GraphqlContext, ids: readonly string[], query: object) => {
  const { caller, prisma } = context;
  const own = { id: caller.id };
  const allowed = holds(caller, 'ADMIN') ? { OR: [own, await manageableClients(context)] } : own;
  return prisma.apiClient.findMany({
    ...query,
    where: { AND: [{ id: { in: [...ids] } }, allowed] },
  });
};

const nodes: Readonly<Record<string, Load>> = {
  Company: branded(CompanyRef, loadCompanies),
  Invoice: branded(InvoiceRef, loadLinks),
  OutboxEvent: branded(OutboxEventRef, loadEvents),
  SyncAttempt: branded(SyncAttemptRef, loadAttempts),
  Intent: branded(IntentRef, loadIntents),
  Conflict: branded(ConflictRef, loadConflicts),
  DeadLetter: branded(DeadLetterRef, loadDeadLetters),
  ReconcileRun: branded(ReconcileRunRef, loadReconcileRuns),
  Drift: branded(DriftRef, loadDrifts),
  BulkOperation: branded(BulkOperationRef, loadBulkOperations),
  Reference: branded(ReferenceRef, loadReferences),
  AuditEntry: branded(AuditEntryRef, loadAuditEntries),
  SyncEvent: branded(SyncEventRef, loadStreamEvents),
  ApiClient: branded(ApiClientRef, loadClients),
};

/** Any object by global id, with what the caller selected of it; null when missing or not visible. */
export async function nodeByGlobalId(
  globalId: string,
  context: GraphqlContext,
  info: GraphQLResolveInfo,
) {
  const read = readGlobalId(globalId);
  if (read?.typename === 'FieldPolicy') return brandedPolicy(read.id, context);
  const loadNode = read && nodes[read.typename];
  return read && loadNode && isUuid(read.id) ? loadNode(read.id, context, info) : null;
}

const idsMax = 100;
export const NodeRef = builder.nodeInterfaceRef();

builder.queryFields((t) => ({
  node: t.field({
    type: NodeRef,
    nullable: true,
    description: 'Any object by global id; null when missing or not visible.',
    complexity: 1,
    args: { id: t.arg.id({ required: true, description: 'Global id.' }) },
    resolve: (_root, { id }, context, info) => nodeByGlobalId(id, context, info),
  }),
  nodes: t.field({
    type: [NodeRef],
    nullable: { list: false, items: true },
    description: 'Many objects by global id, in the order asked, null where missing; at most 100.',
    complexity: ({ ids }) => ({ field: ids.length, multiplier: Math.max(1, ids.length) }),
    args: { ids: t.arg.idList({ required: true, description: 'Global ids.' }) },
    resolve: (_root, { ids }, context, info) => {
      if (ids.length > idsMax) throw badInput(`At most ${idsMax} ids at once.`);
      return Promise.all(ids.map((id) => nodeByGlobalId(id, context, info)));
    },
  }),
}));
