import { createHash } from 'node:crypto';
import { Prisma } from '#generated/prisma/client.ts';
import { builder } from './builder.ts';
import { pageCost } from './connection.ts';
import { isVisible } from './context.ts';
import { badInput } from './errors.ts';
import { idOf } from './global-id.ts';
import { listArguments } from './list-arguments.ts';
import { listPage } from './list.ts';
import type { Sort } from './page.ts';
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

const bestFirst: Sort = {
  key: 'score',
  expression: Prisma.sql`"m"."score"`,
  form: 'decimal',
  descending: true,
  nullable: false,
};

/** What the newest pass that came so far suggests, and nobody has linked since. */
const suggestedIn = (companyId: string): Prisma.Sql[] => [
  Prisma.sql`"m"."pass_id" = (SELECT "p"."id" FROM "planning_pass" AS "p" WHERE "p"."company_id" = ${companyId}::uuid
    AND ("p"."status" = 'WHOLE' OR ("p"."status" = 'RUNNING' AND "p"."phase" IN ('planning', 'snapshot')))
    ORDER BY "p"."requested_at" DESC, "p"."id" DESC LIMIT 1)`,
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
    resolve: (_root, { companyId, ...args }, context, info) => {
      const id = idOf('Company', companyId);
      if (id === null || !isVisible(context, id)) throw badInput('There is no such company.');
      const listing = {
        from: Prisma.sql`"match_suggestion" AS "m"`,
        id: Prisma.sql`"m"."id"`,
        where: suggestedIn(id),
        sort: bestFirst,
      };
      return listPage(listing, loadMatchSuggestions, args, context, info);
    },
  }),
);
