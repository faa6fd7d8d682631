import { createContextCache } from '@pothos/core';
import DataLoader from 'dataloader';
import { readLimits } from '#core/company/read-budget.ts';
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

const nextMonth = (now: Date): Date =>
  new Date(Date.UTC(now.getUTCFullYear(), now.getUTCMonth() + 1));

/** Metered reads of all companies in the present month, in SQL. */
const readsThisMonth = (now: Date): Prisma.Sql => Prisma.sql`coalesce((
  SELECT sum("r"."reads") FROM "quickbooks_reads" AS "r" WHERE "r"."month" = ${`${now.toISOString().slice(0, 7)}-01`}::date), 0)::int`;

/** Whether what is left of the month's reads is kept for writes, in SQL (architecture.md §5). */
export const areReadsShort = ({ monthlyReads, clock }: GraphqlContext): Prisma.Sql =>
  monthlyReads === null
    ? Prisma.sql`false`
    : Prisma.sql`(${readsThisMonth(new Date(clock.now()))} >= ${Math.floor(monthlyReads * (1 - readLimits.keptForWrites))}::int)`;

/** What that means for whoever reads the health of the bridge or of a company. */
export const readsAreShort =
  'Less than 5 % of the month’s QuickBooks reads is left; it is kept for writes: changes made in QuickBooks are noticed by webhook alone, and no reconcile runs until the month is over.';

/** The minute as it was counted before the calls left; in the air is what was sent and is not answered. */
async function loadBudgets(context: GraphqlContext, ids: readonly string[]): Promise<BudgetRow[]> {
  const now = new Date(context.clock.now());
  const minuteAgo = new Date(now.getTime() - 60_000);
  const rows = await context.prisma.$queryRaw<BudgetRow[]>(Prisma.sql`
    SELECT "c"."id"::text AS "id", "c"."throttled_until" AS "throttledUntil",
      coalesce((SELECT sum("q"."calls") FROM "quickbooks_call" AS "q"
        WHERE "q"."company_id" = "c"."id" AND "q"."second" > ${minuteAgo}), 0)::int AS "usedThisMinute",
      (SELECT count(*) FROM "intent" AS "i"
        WHERE "i"."company_id" = "c"."id" AND "i"."side" = 'QUICKBOOKS' AND "i"."state" = 'SENT')::int AS "inFlight",
      ${readsThisMonth(now)} AS "readsThisMonth"
    FROM "company" AS "c" WHERE "c"."id" = ANY(${[...ids]}::uuid[])`);
  const byId = new Map(rows.map((row) => [row.id, row]));
  return ids.map((id) => byId.get(id)).filter((row) => row !== undefined);
}

/** Call budgets of companies, one statement for all that a request asks about. */
export const callBudget = createContextCache(
  (context: GraphqlContext) =>
    new DataLoader((ids: readonly string[]) => loadBudgets(context, ids)),
);

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
        context.monthlyReads === null ? null : nextMonth(new Date(context.clock.now())),
    }),
    throttledUntil: t.field({
      type: 'DateTime',
      nullable: true,
      description: 'Set while QuickBooks is throttling us.',
      resolve: ({ throttledUntil }, _args, context) =>
        throttledUntil !== null && throttledUntil.getTime() > context.clock.now()
          ? throttledUntil
          : null,
    }),
  }),
});
