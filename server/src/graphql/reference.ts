import { createContextCache } from '@pothos/core';
import DataLoader from 'dataloader';
import { z } from 'zod';
import { referenceKey } from '#core/mapping/reference.ts';
import { Prisma } from '#generated/prisma/client.ts';
import { builder } from './builder.ts';
import { pageCost } from './connection.ts';
import type { GraphqlContext } from './context.ts';
import { ReferenceKindEnum, ReferenceStatusEnum } from './enums/reference.ts';
import { inCompanies, oneOf } from './filters.ts';
import { listArguments } from './list-arguments.ts';
import { listPage } from './list.ts';
import type { Sort } from './page.ts';
import { partyOf, PartyRefRef } from './party.ts';
import { loadReferences } from './rows.ts';
import { VersionedRef } from './versioned.ts';

const storedCandidates = z.array(z.object({ id: z.string(), name: z.string() }));

export const ReferenceRef = builder.prismaNode('Reference', {
  name: 'Reference',
  description: 'A customer, item, tax code or term, and its counterpart on the other side.',
  id: { field: 'id', description: 'Global id.' },
  select: { id: true, version: true },
  interfaces: [VersionedRef],
  fields: (t) => ({
    version: t.exposeInt('version', { description: 'Grows with every change.' }),
    company: t.relation('company', { description: 'Company.' }),
    kind: t.expose('kind', { type: ReferenceKindEnum, description: 'Kind.' }),
    status: t.expose('status', { type: ReferenceStatusEnum, description: 'How it stands.' }),
    internalName: t.exposeString('internalName', {
      nullable: true,
      description: 'Name on the internal side.',
    }),
    internalId: t.exposeString('internalId', {
      nullable: true,
      description: 'Id on the internal side.',
    }),
    quickbooksName: t.exposeString('quickbooksName', {
      nullable: true,
      description: 'Name in QuickBooks.',
    }),
    quickbooksId: t.exposeString('quickbooksId', {
      nullable: true,
      description: 'Id in QuickBooks.',
    }),
    candidates: t.field({
      type: [PartyRefRef],
      description: 'Likely counterparts, best first.',
      select: { candidates: true, companyId: true, kind: true, internalId: true },
      resolve: ({ candidates, companyId, kind, internalId }) => {
        const side = internalId === null ? 'internal' : 'quickbooks';
        return storedCandidates
          .parse(candidates)
          .map((candidate) => partyOf(candidate, kind, side, companyId));
      },
    }),
    waitingInvoiceCount: t.int({
      description: 'Invoices waiting for it.',
      select: { companyId: true, kind: true, internalId: true, quickbooksId: true },
      resolve: ({ companyId, kind, internalId, quickbooksId }, _args, context) =>
        waitingCounts(context).load({
          companyId,
          keys: [
            ...(internalId === null ? [] : [referenceKey(kind, 'internal', internalId)]),
            ...(quickbooksId === null ? [] : [referenceKey(kind, 'quickbooks', quickbooksId)]),
          ],
        }),
    }),
  }),
});

type Awaited = { readonly companyId: string; readonly keys: readonly string[] };
const textOf = ({ companyId, keys }: Awaited): string => JSON.stringify([companyId, ...keys]);

/** One statement for all references of a page. */
const waitingCounts = createContextCache(
  (context: GraphqlContext) =>
    new DataLoader<Awaited, number, string>((asked) => countWaiting(context, asked), {
      cacheKeyFn: textOf,
    }),
);

async function countWaiting(
  { prisma }: GraphqlContext,
  asked: readonly Awaited[],
): Promise<number[]> {
  const rows = JSON.stringify(asked.map((one, place) => ({ ...one, place })));
  const found = await prisma.$queryRaw<{ readonly place: number; readonly count: number }[]>(
    Prisma.sql`SELECT "a"."place", count("d"."id")::int AS "count"
      FROM jsonb_to_recordset(${rows}::jsonb) AS "a"("place" int, "companyId" uuid, "keys" jsonb)
      JOIN "dead_letter" AS "d" ON "d"."company_id" = "a"."companyId" AND "d"."status" = 'OPEN'
        AND "d"."waits_for" && ARRAY(SELECT jsonb_array_elements_text("a"."keys"))
      GROUP BY "a"."place"`,
  );
  const counts = new Map(found.map(({ place, count }) => [place, count]));
  return asked.map((_one, place) => counts.get(place) ?? 0);
}

/** Those that need a person first, each sort by name. */
const neededFirst: Sort = {
  key: 'needed',
  expression: Prisma.sql`(CASE "r"."status" WHEN 'MATCHED' THEN '1' ELSE '0' END || lower(coalesce("r"."internal_name", "r"."quickbooks_name", '')))`,
  form: 'text',
  descending: false,
  nullable: false,
};

const ReferenceConnectionRef = builder.connectionObject(
  { type: ReferenceRef, name: 'ReferenceConnection', description: 'Page of references.' },
  { name: 'ReferenceEdge', description: 'One of the references with its cursor.' },
);

builder.queryField('references', (t) =>
  t.field({
    type: ReferenceConnectionRef,
    description: 'References between the two sides; those that need a person first.',
    complexity: pageCost,
    args: {
      ...listArguments(),
      companyId: t.arg.id({ required: true, description: 'Company.' }),
      kinds: t.arg({ type: [ReferenceKindEnum], description: 'Only these kinds.' }),
      statuses: t.arg({ type: [ReferenceStatusEnum], description: 'Only these states.' }),
    },
    resolve: (_root, args, context, info) => {
      const listing = {
        from: Prisma.sql`"reference" AS "r"`,
        id: Prisma.sql`"r"."id"`,
        where: [
          ...inCompanies(context, Prisma.sql`"r"."company_id"`, [args.companyId]),
          ...oneOf(Prisma.sql`"r"."kind"`, args.kinds),
          ...oneOf(Prisma.sql`"r"."status"`, args.statuses),
        ],
        sort: neededFirst,
      };
      return listPage(listing, loadReferences, args, context, info);
    },
  }),
);
