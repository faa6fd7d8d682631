import { createHash } from 'node:crypto';
import { Prisma } from '#generated/prisma/client.ts';
import { builder } from './builder.ts';
import { pageCost } from './connection.ts';
import { isVisible, type GraphqlContext } from './context.ts';
import { badInput } from './errors.ts';
import { idOf } from './global-id.ts';
import { listArguments } from './list-arguments.ts';
import { listPage } from './list.ts';
import type { Sort } from './page.ts';
import { orderOfPass, passIsGone, passOfCursor } from './pass-cursor.ts';
import { loadMatchSuggestions } from './rows.ts';
import { InvoiceSnapshotRef, type SnapshotShape } from './snapshot.ts';
import { readStoredInvoice } from './stored-invoice.ts';

/** A document as the pass saw it; it is no observation of a link. */
function seenAs(stored: unknown, companyId: string, capturedAt: Date): SnapshotShape {
  const invoice = readStoredInvoice(stored);
  const contentHash = createHash('sha256').update(JSON.stringify(invoice)).digest('hex');
  return {
    companyId,
    invoice,
    isBase: false,
    capturedAt,
    contentHash,
    observationId: null,
    agreed: null,
  };
}

const MatchSuggestionRef = builder.prismaObject('MatchSuggestion', {
  name: 'MatchSuggestion',
  description: 'Two documents that look like the same invoice and are not linked.',
  select: { id: true },
  fields: (t) => ({
    internal: t.field({
      type: InvoiceSnapshotRef,
      description: 'Internal document.',
      select: { internal: true, companyId: true, foundAt: true },
      resolve: ({ internal, companyId, foundAt }) => seenAs(internal, companyId, foundAt),
    }),
    quickbooks: t.field({
      type: InvoiceSnapshotRef,
      description: 'QuickBooks document.',
      select: { quickbooks: true, companyId: true, foundAt: true },
      resolve: ({ quickbooks, companyId, foundAt }) => seenAs(quickbooks, companyId, foundAt),
    }),
    score: t.exposeFloat('score', { description: 'Likeness, 0 to 1.' }),
    reason: t.exposeString('reason', {
      description: 'Why they look alike and where they differ, in one sentence.',
    }),
  }),
});

const MatchSuggestionConnectionRef = builder.connectionObject(
  {
    type: MatchSuggestionRef,
    name: 'MatchSuggestionConnection',
    description: 'Page of match suggestions.',
  },
  {
    name: 'MatchSuggestionEdge',
    description: 'One of the match suggestions with its cursor.',
  },
);

const bestFirst = (passId: string): Sort => ({
  key: orderOfPass('alike', passId),
  expression: Prisma.sql`"m"."score"`,
  form: 'decimal',
  descending: true,
  nullable: false,
});

/** The pass a cursor belongs to, while it is kept; the newest that came so far as to suggest without; null when none did. */
async function passSuggesting(
  { prisma }: GraphqlContext,
  companyId: string,
  cursor: string | null,
): Promise<string | null> {
  if (cursor === null) {
    const newest = await prisma.planningPass.findFirst({
      where: {
        companyId,
        OR: [{ status: 'WHOLE' }, { status: 'RUNNING', phase: { in: ['planning', 'snapshot'] } }],
      },
      orderBy: [{ requestedAt: 'desc' }, { id: 'desc' }],
      select: { id: true },
    });
    return newest?.id ?? null;
  }
  const id = passOfCursor('alike', cursor);
  const kept = await prisma.planningPass.findFirst({
    where: { id, companyId, suggestions: { some: {} } },
    select: { id: true },
  });
  if (kept === null) throw passIsGone();
  return kept.id;
}

/** What a pass suggests, and nobody has linked since. */
const suggestedIn = (passId: string): Prisma.Sql[] => [
  Prisma.sql`"m"."pass_id" = ${passId}::uuid`,
  Prisma.sql`NOT EXISTS (SELECT 1 FROM "link" AS "l" WHERE "l"."company_id" = "m"."company_id"
    AND "l"."internal_id" = "m"."internal_id" AND coalesce("l"."quickbooks_id", "l"."unlinked_from") IS NOT NULL)`,
  Prisma.sql`NOT EXISTS (SELECT 1 FROM "link" AS "l" WHERE "l"."company_id" = "m"."company_id"
    AND "l"."quickbooks_id" = "m"."quickbooks_id" AND "l"."internal_id" IS NOT NULL)`,
];

builder.queryField('matchSuggestions', (t) =>
  t.field({
    type: MatchSuggestionConnectionRef,
    description:
      'Pairs of existing documents that look alike, best first; settle each with linkInvoices.',
    complexity: pageCost,
    args: {
      ...listArguments(),
      companyId: t.arg.id({ required: true, description: 'Company.' }),
    },
    resolve: async (_root, { companyId, ...args }, context, info) => {
      const id = idOf('Company', companyId);
      if (id === null || !isVisible(context, id)) throw badInput('There is no such company.');
      // Where no pass came so far, no row has the id of the company for a pass.
      const passId = (await passSuggesting(context, id, args.after ?? args.before ?? null)) ?? id;
      const listing = {
        from: Prisma.sql`"match_suggestion" AS "m"`,
        id: Prisma.sql`"m"."id"`,
        where: suggestedIn(passId),
        sort: bestFirst(passId),
      };
      return listPage(listing, loadMatchSuggestions, args, context, info);
    },
  }),
);
