import { Prisma } from '#generated/prisma/client.ts';
import { AuditEntryRef } from './audit.ts';
import { builder } from './builder.ts';
import { isVisible, visibleCompanies, type GraphqlContext } from './context.ts';
import { badInput } from './errors.ts';
import { within, type Moments } from './filters.ts';
import { idOf } from './global-id.ts';
import { DateTimeRangeInput } from './ranges.ts';
import { loadAuditEntries, rowOfField } from './rows.ts';

type CheckShape = {
  readonly intact: boolean;
  readonly checked: bigint;
  readonly firstBrokenId: string | null;
  readonly head: string | null;
};

const brokenOfField = rowOfField(loadAuditEntries);

const AuditChainCheckRef = builder.objectRef<CheckShape>('AuditChainCheck').implement({
  description: 'Result of checking the chain.',
  fields: (t) => ({
    intact: t.exposeBoolean('intact', { description: 'True when every hash matches.' }),
    checked: t.expose('checked', { type: 'BigInt', description: 'Entries checked.' }),
    firstBroken: t.field({
      type: AuditEntryRef,
      nullable: true,
      description:
        'First entry that does not match: the one changed or inserted, or the one after a gap.',
      resolve: ({ firstBrokenId }, _args, context, info) =>
        firstBrokenId === null ? null : brokenOfField(firstBrokenId, context, info),
    }),
    head: t.exposeString('head', {
      nullable: true,
      description: 'Hash of the newest entry checked; keep it to compare later.',
    }),
  }),
});

/**
 * Recomputes every hash in the database, where the content's text is the one that was hashed. Each entry must follow the
 * one before; the newest must be the head that is kept apart, else the tail was cut (architecture.md §6).
 */
async function checkChain(
  context: GraphqlContext,
  chain: string,
  range: Moments | null | undefined,
  expectedHead: string | null,
): Promise<CheckShape> {
  const asked = Prisma.join([Prisma.sql`TRUE`, ...within(Prisma.sql`"at"`, range)], ' AND ');
  const toTheEnd = range?.to == null;
  const [row] = await context.prisma.$queryRaw<
    (CheckShape & { readonly tailKept: boolean; readonly expectedFound: boolean })[]
  >(Prisma.sql`
    WITH "entry" AS (
      SELECT "id", "sequence", "hash", "at",
        "hash" = "audit_hash"("previous_hash", "chain", "sequence", "content")
          AND "sequence" = coalesce(lag("sequence") OVER "order", 0) + 1
          AND "previous_hash" = coalesce(lag("hash") OVER "order", repeat('0', 64)) AS "holds"
      FROM "audit_entry" WHERE "chain" = ${chain} WINDOW "order" AS (ORDER BY "sequence")),
    "asked" AS (SELECT * FROM "entry" WHERE ${asked})
    SELECT (SELECT count(*) FROM "asked") AS "checked",
      NOT EXISTS (SELECT 1 FROM "asked" WHERE NOT "holds") AS "intact",
      (SELECT "id"::text FROM "asked" WHERE NOT "holds" ORDER BY "sequence" LIMIT 1) AS "firstBrokenId",
      (SELECT "hash" FROM "asked" ORDER BY "sequence" DESC LIMIT 1) AS "head",
      coalesce((SELECT "hash" FROM "entry" ORDER BY "sequence" DESC LIMIT 1)
        = (SELECT "hash" FROM "audit_head" WHERE "chain" = ${chain}),
        NOT EXISTS (SELECT 1 FROM "audit_head" WHERE "chain" = ${chain} AND "sequence" > 0)
          AND NOT EXISTS (SELECT 1 FROM "entry")) AS "tailKept",
      EXISTS (SELECT 1 FROM "entry" WHERE "hash" = ${expectedHead ?? ''} AND "holds") AS "expectedFound"`);
  if (row === undefined) throw new Error('the check of the audit chain gave no row');
  const { checked, firstBrokenId, head } = row;
  const tail = row.tailKept || !toTheEnd;
  const expected = row.expectedFound || expectedHead === null;
  return { intact: row.intact && tail && expected, checked, firstBrokenId, head };
}

builder.queryField('verifyAuditChain', (t) =>
  t.field({
    type: AuditChainCheckRef,
    description: 'Recomputes the audit hash chain over a range; costly, needs scope ADMIN.',
    authScopes: { scope: 'ADMIN' },
    complexity: 200,
    args: {
      companyId: t.arg.id({ description: "Company; the system's own chain when left out." }),
      range: t.arg({
        type: DateTimeRangeInput,
        description: 'Range; everything when left out.',
      }),
      expectedHead: t.arg.string({
        description: 'A head kept from an earlier check; it must still be in the chain.',
      }),
    },
    resolve: (_root, { companyId, range, expectedHead }, context) => {
      const chain = companyId == null ? 'system' : idOf('Company', companyId);
      const allowed = chain === 'system' ? visibleCompanies(context) === null : true;
      if (chain === null || !allowed || (chain !== 'system' && !isVisible(context, chain))) {
        throw badInput('There is no such chain.');
      }
      return checkChain(context, chain, range, expectedHead ?? null);
    },
  }),
);
