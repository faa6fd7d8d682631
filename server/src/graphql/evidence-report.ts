import { Prisma } from '#generated/prisma/client.ts';
import { builder } from './builder.ts';
import { CompanyRef } from './company.ts';
import { isVisible, type GraphqlContext } from './context.ts';
import { badInput } from './errors.ts';
import { idOf } from './global-id.ts';
import {
  ControlTotalRef,
  ResidualItemRef,
  readControlTotals,
  readResidual,
  type ControlTotalShape,
  type ResidualShape,
} from './reconcile-run.ts';
import { loadCompanies, rowOfField } from './rows.ts';

type Period = { readonly companyId: string; readonly from: string; readonly to: string };
type Evidence = Period & {
  readonly computedAt: Date;
  readonly controlTotals: readonly ControlTotalShape[];
  readonly residual: readonly ResidualShape[];
  readonly auditHead: string;
};

const companyOfField = rowOfField(loadCompanies);

const EvidenceReportRef = builder.objectRef<Evidence>('EvidenceReport').implement({
  description:
    'Evidence for a period: what both books hold, what differs and why, and a head of the audit chain to check it against later.',
  fields: (t) => ({
    company: t.field({
      type: CompanyRef,
      description: 'Company.',
      resolve: async ({ companyId }, _args, context, info) => {
        const company = await companyOfField(companyId, context, info);
        if (company === null) throw new Error(`a company that was there is gone: ${companyId}`);
        return company;
      },
    }),
    from: t.expose('from', { type: 'Date', description: 'First issue date.' }),
    to: t.expose('to', { type: 'Date', description: 'Last issue date.' }),
    computedAt: t.expose('computedAt', { type: 'DateTime', description: 'When it was computed.' }),
    controlTotals: t.field({
      type: [ControlTotalRef],
      description: 'Control totals by currency.',
      resolve: ({ controlTotals }) => [...controlTotals],
    }),
    residual: t.field({
      type: [ResidualItemRef],
      description: 'What explains the differences.',
      resolve: ({ residual }) => [...residual],
    }),
    auditHead: t.exposeString('auditHead', {
      description: "Newest hash of the company's audit chain.",
    }),
    build: t.string({
      description: 'Running version.',
      resolve: (_report, _args, context) => context.build,
    }),
  }),
});

/**
 * Every document of the period as the bridge last saw it, each under the reason a reconcile would give it: both documents of a
 * link when one of them is dated inside, and documents without a counterpart as the newest reconcile found them.
 */
const documentsOf = ({ companyId, from, to }: Period): Prisma.Sql => Prisma.sql`
  "linked" AS (
    SELECT "l"."id", "l"."id"::text AS "invoice", "seen"."side"::text AS "side", "seen"."content", coalesce(standing_reason("l"), ${reasonOfDrift},
      CASE WHEN "l"."tax_variance" IS NOT NULL THEN 'tax variance' WHEN "c"."mode" = 'SHADOW' THEN 'shadow mode' ELSE 'unexplained' END) AS "reason"
    FROM "link" AS "l" JOIN "company" AS "c" ON "c"."id" = "l"."company_id"
    JOIN "observation" AS "seen" ON "seen"."id" IN ("l"."internal_observation_id", "l"."quickbooks_observation_id")
    WHERE "l"."company_id" = ${companyId}::uuid AND EXISTS (SELECT 1 FROM "observation" AS "dated"
      WHERE "dated"."id" IN ("l"."internal_observation_id", "l"."quickbooks_observation_id")
        AND "dated"."content"->>'issueDate' BETWEEN ${from} AND ${to})
  ),
  "alone" AS (
    SELECT DISTINCT ON ("d"."subject_key") NULL::uuid AS "id", "d"."subject_key" AS "invoice",
      CASE "d"."kind" WHEN 'MISSING_IN_QUICKBOOKS' THEN 'INTERNAL' ELSE 'QUICKBOOKS' END AS "side",
      "d"."evidence"->(CASE "d"."kind" WHEN 'MISSING_IN_QUICKBOOKS' THEN 'internal' ELSE 'quickbooks' END) AS "content", drift_reason("d") AS "reason"
    FROM "drift" AS "d" WHERE "d"."company_id" = ${companyId}::uuid AND "d"."link_id" IS NULL
      AND "d"."kind" IN ('MISSING_IN_QUICKBOOKS', 'MISSING_INTERNALLY', 'BEFORE_GO_LIVE', 'SUSPECTED_DUPLICATE')
      AND "d"."status" IN ('OPEN', 'REPAIRING', 'ACCEPTED')
      AND NOT EXISTS (SELECT 1 FROM "link" AS "l" WHERE "l"."company_id" = "d"."company_id" AND (
        ("d"."kind" = 'MISSING_IN_QUICKBOOKS' AND "l"."internal_id" = "d"."internal_id")
        OR ("d"."kind" <> 'MISSING_IN_QUICKBOOKS' AND "l"."quickbooks_id" = "d"."quickbooks_id")))
    ORDER BY "d"."subject_key", "d"."found_at" DESC
  ),
  "document" AS (
    SELECT "id", "invoice", "side", "reason", "content"->>'currency' AS "currency", ("content"#>>'{derived,total}')::numeric AS "total"
    FROM (SELECT * FROM "linked" UNION ALL
      SELECT * FROM "alone" WHERE "content"->>'issueDate' BETWEEN ${from} AND ${to}) AS "all"
    WHERE "content"->>'existence' = 'present'
  )`;

/** What the drift of a link explains, one that is not accepted first. */
const reasonOfDrift = Prisma.sql`(
  SELECT drift_reason("d") FROM "drift" AS "d" WHERE "d"."link_id" = "l"."id" AND "d"."status" IN ('OPEN', 'REPAIRING', 'ACCEPTED')
  ORDER BY "d"."status" = 'ACCEPTED', "d"."found_at" DESC LIMIT 1)`;

type Row = Pick<Evidence, 'computedAt' | 'auditHead'> & {
  readonly totals: unknown;
  readonly residual: unknown;
};

/** One statement, so that totals, residual and head are of one moment; the shares add up to the difference exactly. */
async function evidenceOf(period: Period, { prisma }: GraphqlContext): Promise<Evidence> {
  const [row] = await prisma.$queryRaw<Row[]>(Prisma.sql`
    WITH ${documentsOf(period)},
    "total" AS (
      SELECT "currency", count(*) FILTER (WHERE "side" = 'INTERNAL')::int AS "internalCount",
        coalesce(sum("total") FILTER (WHERE "side" = 'INTERNAL'), 0)::text AS "internalTotal",
        count(*) FILTER (WHERE "side" = 'QUICKBOOKS')::int AS "quickbooksCount",
        coalesce(sum("total") FILTER (WHERE "side" = 'QUICKBOOKS'), 0)::text AS "quickbooksTotal"
      FROM "document" GROUP BY "currency"
    ),
    "share" AS (
      SELECT "currency", "reason", "invoice", min("id"::text) AS "link", sum(CASE "side" WHEN 'INTERNAL' THEN "total" ELSE -"total" END) AS "amount"
      FROM "document" GROUP BY "currency", "reason", "invoice"
    ),
    "part" AS (
      SELECT "currency", "reason", sum("amount")::text AS "amount", count(*)::int AS "invoiceCount",
        coalesce((array_agg("link" ORDER BY abs("amount") DESC, "link") FILTER (WHERE "link" IS NOT NULL))[1:20], '{}') AS "linkIds"
      FROM "share" WHERE "amount" <> 0 GROUP BY "currency", "reason"
    )
    SELECT clock_timestamp() AS "computedAt",
      coalesce((SELECT jsonb_agg(to_jsonb("total") ORDER BY "currency") FROM "total"), '[]') AS "totals",
      coalesce((SELECT jsonb_agg(to_jsonb("part") ORDER BY "currency", "reason") FROM "part"), '[]') AS "residual",
      coalesce((SELECT "hash" FROM "audit_head" WHERE "chain" = ${period.companyId}), repeat('0', 64)) AS "auditHead"`);
  if (row === undefined) throw new Error('the evidence gave no row');
  return {
    ...period,
    computedAt: row.computedAt,
    auditHead: row.auditHead,
    controlTotals: readControlTotals(row.totals),
    residual: readResidual(row.residual),
  };
}

builder.queryField('evidenceReport', (t) =>
  t.field({
    type: EvidenceReportRef,
    description: 'Evidence for a period, for an accountant.',
    complexity: 200,
    args: {
      companyId: t.arg.id({ required: true, description: 'Company.' }),
      from: t.arg({ type: 'Date', required: true, description: 'First issue date.' }),
      to: t.arg({ type: 'Date', required: true, description: 'Last issue date.' }),
    },
    resolve: async (_root, { companyId, from, to }, context) => {
      const id = idOf('Company', companyId);
      const known = id !== null && isVisible(context, id);
      const company = known
        ? await context.prisma.company.findUnique({ where: { id }, select: { id: true } })
        : null;
      if (company === null) throw badInput('There is no such company.');
      if (from > to) throw badInput("'to' must not be before 'from'.");
      return evidenceOf({ companyId: company.id, from, to }, context);
    },
  }),
);
