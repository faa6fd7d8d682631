import { createContextCache } from '@pothos/core';
import DataLoader from 'dataloader';
import { Prisma } from '#generated/prisma/client.ts';
import { builder } from './builder.ts';
import type { GraphqlContext } from './context.ts';

/** Intuit's limits of one company (quickbooks.md §5). */
const intuitLimits = { perMinute: 500, concurrent: 10 } as const;

type BudgetRow = {
  readonly id: string;
  readonly usedThisMinute: number;
  readonly inFlight: number;
  readonly readsThisMonth: number;
  readonly throttledUntil: Date | null;
};

const monthStart = (now: Date): Date => new Date(Date.UTC(now.getUTCFullYear(), now.getUTCMonth()));
const nextMonth = (now: Date): Date =>
  new Date(Date.UTC(now.getUTCFullYear(), now.getUTCMonth() + 1));

/** As the rows tell: each attempt reads QuickBooks once, each sending of a write is a call. */
async function loadBudgets(context: GraphqlContext, ids: readonly string[]): Promise<BudgetRow[]> {
  const now = new Date(context.clock.now());
  const minuteAgo = new Date(now.getTime() - 60_000);
  const rows = await context.prisma.$queryRaw<BudgetRow[]>(Prisma.sql`
    SELECT "c"."id"::text AS "id", "c"."throttled_until" AS "throttledUntil",
      ((SELECT count(*) FROM "attempt" AS "a" WHERE "a"."company_id" = "c"."id" AND "a"."started_at" > ${minuteAgo})
        + (SELECT count(*) FROM "intent" AS "i", unnest("i"."sent_at") AS "sent"
          WHERE "i"."company_id" = "c"."id" AND "i"."side" = 'QUICKBOOKS' AND "sent" > ${minuteAgo}))::int AS "usedThisMinute",
      (SELECT count(*) FROM "intent" AS "i"
        WHERE "i"."company_id" = "c"."id" AND "i"."side" = 'QUICKBOOKS' AND "i"."state" = 'SENT')::int AS "inFlight",
      (SELECT count(*) FROM "attempt" AS "a" WHERE "a"."started_at" >= ${monthStart(now)})::int AS "readsThisMonth"
    FROM "company" AS "c" WHERE "c"."id" = ANY(${[...ids]}::uuid[])`);
  const byId = new Map(rows.map((row) => [row.id, row]));
  return ids.map((id) => byId.get(id)).filter((row) => row !== undefined);
}

/** Call budgets of companies, one statement for all that a request asks about. */
export const callBudget = createContextCache(
  (context: GraphqlContext) =>
    new DataLoader((ids: readonly string[]) => loadBudgets(context, ids)),
);

const now = (context: GraphqlContext): Date => new Date(context.clock.now());

export const QuickBooksBudgetRef = builder.objectRef<BudgetRow>('QuickBooksBudget').implement({
  description: "How much of QuickBooks' own rate limit is used.",
  fields: (t) => ({
    perMinute: t.int({
      description: 'Requests allowed each minute.',
      resolve: () => intuitLimits.perMinute,
    }),
    usedThisMinute: t.exposeInt('usedThisMinute', {
      description: 'Requests used in the present minute.',
    }),
    concurrent: t.int({
      description: 'Requests allowed at once.',
      resolve: () => intuitLimits.concurrent,
    }),
    inFlight: t.exposeInt('inFlight', { description: 'Requests in the air now.' }),
    monthlyReadsLeft: t.int({
      nullable: true,
      description:
        'Reads left this month for all companies of this installation; null when unmetered.',
      resolve: ({ readsThisMonth }, _args, { monthlyReads }) =>
        monthlyReads === null ? null : Math.max(0, monthlyReads - readsThisMonth),
    }),
    monthlyResetsAt: t.field({
      type: 'DateTime',
      nullable: true,
      description: "When the month's reads start anew.",
      resolve: (_budget, _args, context) =>
        context.monthlyReads === null ? null : nextMonth(now(context)),
    }),
    throttledUntil: t.field({
      type: 'DateTime',
      nullable: true,
      description: 'Set while QuickBooks is throttling us.',
      resolve: ({ throttledUntil }, _args, context) =>
        throttledUntil !== null && throttledUntil > now(context) ? throttledUntil : null,
    }),
  }),
});
