import { z } from 'zod';
import { Prisma, type PlanningStatus } from '#generated/prisma/client.ts';
import { builder } from './builder.ts';
import { pageCost, type Page } from './connection.ts';
import { isVisible, type GraphqlContext } from './context.ts';
import { writeOf } from './decision.ts';
import { FieldDiffRef, placedIn } from './diff.ts';
import { ChangeKindEnum, SideEnum } from './enums/crossing.ts';
import { badInput } from './errors.ts';
import { globalId, idOf } from './global-id.ts';
import { listArguments } from './list-arguments.ts';
import { listPage } from './list.ts';
import type { Listing } from './page.ts';
import { orderOfPass, passIsGone, passOfCursor } from './pass-cursor.ts';
import { loadPlannedWrites } from './rows.ts';

const fieldWrites = z.array(
  z.object({ path: z.string(), label: z.string(), before: z.json(), after: z.json() }),
);

const PlannedWriteRef = builder.prismaObject('PlannedWrite', {
  name: 'PlannedWrite',
  description: 'A write that would be made if the company were live.',
  select: { id: true },
  fields: (t) => ({
    side: t.expose('side', { type: SideEnum, description: 'Side that would be written.' }),
    kind: t.expose('kind', { type: ChangeKindEnum, description: 'What would happen there.' }),
    invoice: t.relation('link', {
      nullable: true,
      description: 'Invoice concerned; null when a reference would be made.',
    }),
    reference: t.relation('reference', {
      nullable: true,
      description: 'Reference that would be made; null for an invoice or payment.',
    }),
    changes: t.field({
      type: [FieldDiffRef],
      description: 'Fields that would change.',
      select: { changes: true, side: true, currency: true, companyId: true },
      resolve: ({ changes, side, currency, companyId }) => {
        const state = side === 'QUICKBOOKS' ? 'CHANGED_INTERNALLY' : 'CHANGED_IN_QUICKBOOKS';
        const fields = fieldWrites.parse(changes);
        return placedIn(
          companyId,
          fields.map((field) => writeOf(field, state, currency)),
        );
      },
    }),
    reason: t.exposeString('reason', { description: 'Why, in one sentence.' }),
    problem: t.exposeString('problem', {
      nullable: true,
      description: 'What stands in the way, if anything does.',
    }),
  }),
});

type PlannedWriteRow = typeof PlannedWriteRef.$inferType;

/** The pass a page shows; one that is not whole shows nothing. */
type ShownPass = { readonly id: string; readonly plannedAt: Date; readonly writeCount: number };

type PlannedWritePage = Omit<Page<PlannedWriteRow>, 'totalCount'> & { readonly pass: ShownPass };

const PlannedWriteEdgeRef = builder
  .objectRef<PlannedWritePage['edges'][number]>('PlannedWriteEdge')
  .implement({
    description: 'One of the planned writes with its cursor.',
    fields: (t) => ({
      node: t.expose('node', { type: PlannedWriteRef, description: 'Item.' }),
      cursor: t.exposeString('cursor', { description: 'Cursor of the item.' }),
    }),
  });

/** Its count is exact, unlike that of other pages: a person approves it by going live. */
const PlannedWriteConnectionRef = builder
  .objectRef<PlannedWritePage>('PlannedWriteConnection')
  .implement({
    description: 'Page of planned writes.',
    fields: (t) => ({
      edges: t.expose('edges', {
        type: [PlannedWriteEdgeRef],
        description: 'Items with their cursors.',
      }),
      nodes: t.field({
        type: [PlannedWriteRef],
        description: 'Items without cursors.',
        resolve: ({ edges }) => edges.map(({ node }) => node),
      }),
      pageInfo: t.expose('pageInfo', {
        type: builder.pageInfoRef(),
        description: 'Position of the page.',
      }),
      totalCount: t.int({
        description: 'How many there are, exactly; pass it back as expectedWriteCount.',
        resolve: ({ pass }) => pass.writeCount,
      }),
      passId: t.id({
        description:
          'Planning pass shown; it does not move under the reader. Pass it back as planPassId.',
        resolve: ({ pass }) => globalId('PlanPass', pass.id),
      }),
      plannedAt: t.field({
        type: 'DateTime',
        description: 'When the pass was made.',
        resolve: ({ pass }) => pass.plannedAt,
      }),
    }),
  });

type PassRow = {
  readonly id: string;
  readonly status: PlanningStatus;
  readonly plannedAt: Date | null;
  readonly requestedAt: Date;
  readonly writeCount: number;
};

const passColumns = {
  id: true,
  status: true,
  plannedAt: true,
  requestedAt: true,
  writeCount: true,
} as const;

/** The pass a cursor belongs to; the newest whole one without; else the one that is being made, which shows nothing yet. */
async function passShown(
  context: GraphqlContext,
  companyId: string,
  cursor: string | null,
): Promise<ShownPass> {
  const { prisma } = context;
  const ofCursor = cursor === null ? null : passOfCursor('plan', cursor);
  const found: PassRow | null =
    ofCursor === null
      ? ((await prisma.planningPass.findFirst({
          where: { companyId, status: 'WHOLE' },
          orderBy: [{ requestedAt: 'desc' }, { id: 'desc' }],
          select: passColumns,
        })) ??
        (await prisma.planningPass.findFirst({
          where: { companyId },
          orderBy: [{ requestedAt: 'desc' }, { id: 'desc' }],
          select: passColumns,
        })))
      : await prisma.planningPass.findFirst({
          where: { id: ofCursor, companyId, writes: { some: {} } },
          select: passColumns,
        });
  if (found !== null)
    return {
      id: found.id,
      plannedAt: found.plannedAt ?? found.requestedAt,
      writeCount: found.status === 'WHOLE' ? found.writeCount : 0,
    };
  if (ofCursor !== null) throw passIsGone();
  // A company that was never planned, because it was born live: an empty pass of its own.
  const company = await prisma.company.findUniqueOrThrow({
    where: { id: companyId },
    select: { createdAt: true },
  });
  return { id: companyId, plannedAt: company.createdAt, writeCount: 0 };
}

const listingOf = (passId: string): Listing => ({
  from: Prisma.sql`"planned_write" AS "w"`,
  id: Prisma.sql`"w"."id"`,
  where: [Prisma.sql`"w"."pass_id" = ${passId}::uuid`],
  sort: {
    key: orderOfPass('plan', passId),
    expression: Prisma.sql`"w"."position"`,
    form: 'integer',
    descending: false,
    nullable: false,
  },
});

builder.queryField('plannedWrites', (t) =>
  t.field({
    type: PlannedWriteConnectionRef,
    description:
      'Writes a company in shadow mode would make, as the last planning pass saw them, largest amount first.',
    complexity: pageCost,
    args: {
      ...listArguments(),
      companyId: t.arg.id({ required: true, description: 'Company.' }),
    },
    resolve: async (_root, { companyId, ...args }, context, info) => {
      const id = idOf('Company', companyId);
      if (id === null || !isVisible(context, id)) throw badInput('There is no such company.');
      const pass = await passShown(context, id, args.after ?? args.before ?? null);
      const page = await listPage(listingOf(pass.id), loadPlannedWrites, args, context, info);
      return { ...page, pass };
    },
  }),
);
