import { createContextCache } from '@pothos/core';
import DataLoader from 'dataloader';
import { z } from 'zod';
import { Prisma } from '#generated/prisma/client.ts';
import { ActorRef, actorOf } from './actor.ts';
import { builder } from './builder.ts';
import { pageCost } from './connection.ts';
import { visibleCompanies, type GraphqlContext } from './context.ts';
import { BulkStatusEnum } from './enums/bulk.ts';
import { badInput } from './errors.ts';
import { globalId, idOf } from './global-id.ts';
import { listArguments } from './list-arguments.ts';
import { listPage } from './list.ts';
import type { Sort } from './page.ts';
import { loadBulkOperations, rowOfField } from './rows.ts';
import { VersionedRef } from './versioned.ts';

/** What the items of each kind are, for their global ids. */
const itemTypes = {
  REPLAY_DEAD_LETTERS: 'DeadLetter',
  RESOLVE_CONFLICTS: 'Conflict',
  APPLY_FIELD_POLICY: 'Conflict',
  REPAIR_DRIFTS: 'Drift',
} as const;
type Kind = keyof typeof itemTypes;

type FailureShape = { readonly subjectId: string; readonly message: string };

const BulkFailureRef = builder.objectRef<FailureShape>('BulkFailure').implement({
  description: 'One failed item.',
  fields: (t) => ({
    subjectId: t.exposeID('subjectId', { description: 'Id of the item.' }),
    message: t.exposeString('message', { description: 'Why.' }),
  }),
});

const failuresMax = 100;

type FailedRow = { readonly operationId: string; readonly subjectId: string; message: string };

/** The first failures of many operations, in one statement; each list is then cut to what was asked. */
const failuresOf = createContextCache(
  ({ prisma }: GraphqlContext) =>
    new DataLoader(async (ids: readonly string[]) => {
      const rows = await prisma.$queryRaw<FailedRow[]>(Prisma.sql`
        SELECT "operation"."id"::text AS "operationId", "item"."subject_id"::text AS "subjectId", coalesce("item"."message", '') AS "message"
        FROM unnest(${[...ids]}::uuid[]) AS "operation"("id") CROSS JOIN LATERAL (
          SELECT * FROM "bulk_item" AS "one" WHERE "one"."operation_id" = "operation"."id" AND "one"."state" = 'FAILED'
          ORDER BY "one"."position" LIMIT ${failuresMax}) AS "item" ORDER BY "item"."position"`);
      const byOperation = Map.groupBy(rows, ({ operationId }) => operationId);
      return ids.map((id) => byOperation.get(id) ?? []);
    }),
);

async function firstFailures(
  { id, kind }: { readonly id: string; readonly kind: Kind },
  first: number,
  context: GraphqlContext,
): Promise<FailureShape[]> {
  if (first < 1 || first > failuresMax) throw badInput(`Ask for 1 to ${failuresMax} failures.`);
  const failures = await failuresOf(context).load(id);
  return failures.slice(0, first).map(({ subjectId, message }) => ({
    subjectId: globalId(itemTypes[kind], subjectId),
    message,
  }));
}

export const BulkOperationRef = builder.prismaNode('BulkOperation', {
  name: 'BulkOperation',
  description: 'Long job over many items, with progress; each item succeeds or fails by itself.',
  id: { field: 'id', description: 'Global id.' },
  select: { id: true, version: true },
  interfaces: [VersionedRef],
  fields: (t) => ({
    version: t.exposeInt('version', { description: 'Grows with every change.' }),
    label: t.exposeString('label', { description: 'What it does, in words.' }),
    status: t.expose('status', { type: BulkStatusEnum, description: 'Where it stands.' }),
    total: t.exposeInt('total', {
      description: 'Items chosen when it was accepted; the set never grows afterwards.',
    }),
    succeeded: t.exposeInt('succeeded', { description: 'Done well.' }),
    failed: t.exposeInt('failed', { description: 'Failed.' }),
    skipped: t.exposeInt('skipped', { description: 'Left out because they changed meanwhile.' }),
    actor: t.field({
      type: ActorRef,
      description: 'Who started it.',
      select: { caller: true },
      resolve: ({ caller }, _args, context) => actorOf(actorIn(caller), context),
    }),
    createdAt: t.expose('createdAt', { type: 'DateTime', description: 'When.' }),
    finishedAt: t.expose('finishedAt', {
      type: 'DateTime',
      nullable: true,
      description: 'When it ended.',
    }),
    failures: t.field({
      type: [BulkFailureRef],
      description: 'First failures with their reasons.',
      complexity: 1,
      args: {
        first: t.arg.int({
          required: true,
          defaultValue: 20,
          description: 'How many, 1 to 100.',
        }),
      },
      select: { kind: true },
      resolve: (operation, { first }, context) => firstFailures(operation, first, context),
    }),
  }),
});

const storedCaller = z.object({ id: z.string(), name: z.string() });

/** Whoever asked is a client to the trail, the demo caller included (core/event/event.ts). */
const actorIn = (caller: unknown) => ({ ...storedCaller.parse(caller), kind: 'client' });

const BulkOperationConnectionRef = builder.connectionObject(
  {
    type: BulkOperationRef,
    name: 'BulkOperationConnection',
    description: 'Page of bulk operations.',
  },
  { name: 'BulkOperationEdge', description: 'One of the bulk operations with its cursor.' },
);

const newestFirst: Sort = {
  key: 'createdAt',
  expression: Prisma.sql`"b"."created_at"`,
  form: 'instant',
  descending: true,
  nullable: false,
};

/** Only those whose companies the caller may all see. */
function visibleTo(context: GraphqlContext): Prisma.Sql[] {
  const visible = visibleCompanies(context);
  return visible === null ? [] : [Prisma.sql`"b"."company_ids" <@ ${[...visible]}::uuid[]`];
}

const bulkOperationOfField = rowOfField(loadBulkOperations);

builder.queryFields((t) => ({
  bulkOperation: t.field({
    type: BulkOperationRef,
    nullable: true,
    description: 'One bulk operation.',
    complexity: 1,
    args: { id: t.arg.id({ required: true, description: 'Global id.' }) },
    resolve: (_root, args, context, info) => {
      const id = idOf('BulkOperation', args.id);
      return id === null ? null : bulkOperationOfField(id, context, info);
    },
  }),
  bulkOperations: t.field({
    type: BulkOperationConnectionRef,
    description: 'Bulk operations, newest first.',
    complexity: pageCost,
    args: listArguments(),
    resolve: (_root, args, context, info) => {
      const listing = {
        from: Prisma.sql`"bulk_operation" AS "b"`,
        id: Prisma.sql`"b"."id"`,
        where: visibleTo(context),
        sort: newestFirst,
      };
      return listPage(listing, loadBulkOperations, args, context, info);
    },
  }),
}));
