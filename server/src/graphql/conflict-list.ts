import { createContextCache } from '@pothos/core';
import DataLoader from 'dataloader';
import { Prisma } from '#generated/prisma/client.ts';
import { builder } from './builder.ts';
import { ConflictRef } from './conflict.ts';
import { pageCost } from './connection.ts';
import type { GraphqlContext } from './context.ts';
import { ConflictOrderFieldEnum, ConflictStatusEnum } from './enums/conflict.ts';
import { SortDirectionEnum } from './enums/page.ts';
import { inCompanies, oneOf, within } from './filters.ts';
import { idOf } from './global-id.ts';
import { listArguments } from './list-arguments.ts';
import { listPage } from './list.ts';
import type { Sort } from './page.ts';
import { DateTimeRangeInput, MoneyRangeInput } from './ranges.ts';
import { loadConflicts, rowOfField } from './rows.ts';

/** The list's filter; bulk work selects by the same one. */
export const ConflictFilterInput = builder.inputType('ConflictFilter', {
  description: 'Narrowing of conflicts.',
  fields: (t) => ({
    companyIds: t.idList({ description: 'Only these companies.' }),
    statuses: t.field({
      type: [ConflictStatusEnum],
      defaultValue: ['OPEN'],
      description: 'Only these states; open ones by default.',
    }),
    path: t.string({ description: 'Only with this path in dispute.' }),
    amountAtStake: t.field({ type: MoneyRangeInput, description: 'Money in dispute.' }),
    detectedAt: t.field({ type: DateTimeRangeInput, description: 'When found.' }),
  }),
});

const ConflictOrderInput = builder.inputType('ConflictOrder', {
  description: 'Sorting of conflicts.',
  fields: (t) => ({
    field: t.field({ type: ConflictOrderFieldEnum, required: true, description: 'Field.' }),
    direction: t.field({ type: SortDirectionEnum, required: true, description: 'Direction.' }),
  }),
});

type ConflictFilter = typeof ConflictFilterInput.$inferInput;
type ConflictOrder = typeof ConflictOrderInput.$inferInput;

const ConflictConnectionRef = builder.connectionObject(
  { type: ConflictRef, name: 'ConflictConnection', description: 'Page of conflicts.' },
  { name: 'ConflictEdge', description: 'One of the conflicts with its cursor.' },
);

const expressions = {
  DETECTED_AT: { expression: Prisma.sql`"f"."detected_at"`, form: 'instant', nullable: false },
  AMOUNT_AT_STAKE: {
    expression: Prisma.sql`"f"."amount_at_stake"`,
    form: 'decimal',
    nullable: false,
  },
} as const satisfies Record<ConflictOrder['field'], Omit<Sort, 'key' | 'descending'>>;

function sortOf(order: ConflictOrder | null | undefined): Sort {
  const { field, direction } = order ?? { field: 'AMOUNT_AT_STAKE', direction: 'DESC' };
  return {
    ...expressions[field],
    key: `${field}:${direction}`,
    descending: direction === 'DESC',
  };
}

/** A path of a line matches that field of any line when it says so: `lines[*].quantity`. */
function withPath(path: string | null | undefined): Prisma.Sql[] {
  if (path == null) return [];
  const pattern = path.replaceAll(/[\\%_]/g, String.raw`\$&`).replaceAll('[*]', '[key=%]');
  return [Prisma.sql`EXISTS (SELECT 1 FROM unnest("f"."paths") AS "p" WHERE "p" LIKE ${pattern})`];
}

function ofMoney(range: ConflictFilter['amountAtStake']): Prisma.Sql[] {
  if (range == null) return [];
  const { min, max, currency } = range;
  return [
    Prisma.sql`EXISTS (SELECT 1 FROM "link" AS "k" WHERE "k"."id" = "f"."link_id" AND "k"."currency" = ${currency})`,
    ...(min == null ? [] : [Prisma.sql`"f"."amount_at_stake" >= ${min}::numeric`]),
    ...(max == null ? [] : [Prisma.sql`"f"."amount_at_stake" <= ${max}::numeric`]),
  ];
}

const conditionsOf = (
  context: GraphqlContext,
  filter: ConflictFilter | null | undefined,
): Prisma.Sql[] => [
  ...inCompanies(context, Prisma.sql`"f"."company_id"`, filter?.companyIds),
  ...oneOf(Prisma.sql`"f"."status"`, filter == null ? ['OPEN'] : filter.statuses),
  ...withPath(filter?.path),
  ...ofMoney(filter?.amountAtStake),
  ...within(Prisma.sql`"f"."detected_at"`, filter?.detectedAt),
];

const conflictOfField = rowOfField(loadConflicts);

const openConflictIds = createContextCache(
  (context: GraphqlContext) =>
    new DataLoader(async (linkIds: readonly string[]) => {
      const rows = await context.prisma.link.findMany({
        where: { id: { in: [...linkIds] } },
        select: { id: true, openConflictId: true },
      });
      const byId = new Map(rows.map((row) => [row.id, row.openConflictId]));
      return linkIds.map((id) => byId.get(id) ?? null);
    }),
);

builder.prismaObjectField('Link', 'openConflict', (t) =>
  t.field({
    type: ConflictRef,
    nullable: true,
    description: 'Conflict waiting now, if any.',
    complexity: 1,
    resolve: async (link, _args, context, info) => {
      const id = await openConflictIds(context).load(link.id);
      return id === null ? null : conflictOfField(id, context, info);
    },
  }),
);

builder.queryFields((t) => ({
  conflict: t.field({
    type: ConflictRef,
    nullable: true,
    description: 'One conflict.',
    complexity: 1,
    args: { id: t.arg.id({ required: true, description: 'Global id.' }) },
    resolve: (_root, args, context, info) => {
      const id = idOf('Conflict', args.id);
      return id === null ? null : conflictOfField(id, context, info);
    },
  }),
  conflicts: t.field({
    type: ConflictConnectionRef,
    description: 'Conflicts; open ones by default, most money first.',
    complexity: pageCost,
    args: {
      ...listArguments(),
      filter: t.arg({ type: ConflictFilterInput, description: 'Narrowing.' }),
      orderBy: t.arg({ type: ConflictOrderInput, description: 'Sorting.' }),
    },
    resolve: (_root, args, context, info) => {
      const listing = {
        from: Prisma.sql`"conflict" AS "f"`,
        id: Prisma.sql`"f"."id"`,
        where: conditionsOf(context, args.filter),
        sort: sortOf(args.orderBy),
      };
      return listPage(listing, loadConflicts, args, context, info);
    },
  }),
}));
