import { Prisma } from '#generated/prisma/client.ts';
import { builder } from './builder.ts';
import { DeadLetterRef } from './dead-letter.ts';
import { DeadLetterReasonEnum } from './enums/dead-letter.ts';
import { inCompanies } from './filters.ts';
import { moneyOfColumn, MoneyRef } from './money.ts';
import { loadDeadLetters, rowOfField } from './rows.ts';

type Reason = typeof DeadLetterReasonEnum.$inferType;

type GroupShape = {
  readonly fingerprint: string;
  readonly reason: Reason;
  readonly count: number;
  readonly amounts: readonly { readonly currency: string; readonly amount: string }[];
  readonly firstDiedAt: Date;
  readonly lastDiedAt: Date;
  readonly exampleId: string;
};

/** What a group is called on the page. */
const titles = {
  RETRIES_EXHAUSTED: 'Tried many times without success',
  VALIDATION: 'QuickBooks refused the data',
  PERIOD_CLOSED: 'The books are closed for the date',
  MISSING_REFERENCE: 'A customer, item, tax code or account has no counterpart',
  DUPLICATE_NUMBER: 'Another document already uses the number',
  AUTHORIZATION: 'Access to the company was revoked or expired',
  MAPPING: 'The invoice could not be translated',
  AMBIGUOUS_WRITE: 'The outcome of an earlier write is unknown',
} as const satisfies Record<Reason, string>;

const exampleOfField = rowOfField(loadDeadLetters);

const DeadLetterGroupRef = builder.objectRef<GroupShape>('DeadLetterGroup').implement({
  description: 'Open dead letters with one cause.',
  fields: (t) => ({
    fingerprint: t.exposeString('fingerprint', { description: 'Shared key.' }),
    reason: t.expose('reason', { type: DeadLetterReasonEnum, description: 'Cause.' }),
    title: t.string({ description: 'Title in words.', resolve: ({ reason }) => titles[reason] }),
    count: t.exposeInt('count', { description: 'How many are open.' }),
    amounts: t.field({
      type: [MoneyRef],
      description: 'Money held up, by currency.',
      resolve: ({ amounts }) =>
        amounts.map(({ amount, currency }) => moneyOfColumn(amount, currency)),
    }),
    firstDiedAt: t.expose('firstDiedAt', { type: 'DateTime', description: 'Oldest one.' }),
    lastDiedAt: t.expose('lastDiedAt', { type: 'DateTime', description: 'Newest one.' }),
    example: t.field({
      type: DeadLetterRef,
      description: 'One of them, to look at.',
      complexity: 1,
      resolve: async ({ exampleId }, _args, context, info) => {
        const example = await exampleOfField(exampleId, context, info);
        if (example === null) throw new Error(`dead letter ${exampleId} went while it was read`);
        return example;
      },
    }),
  }),
});

builder.queryField('deadLetterGroups', (t) =>
  t.field({
    type: [DeadLetterGroupRef],
    description: 'Open dead letters grouped by cause, largest first.',
    complexity: { field: 50, multiplier: 50 },
    args: { companyIds: t.arg.idList({ description: 'Only these companies.' }) },
    resolve: (_root, args, context) => {
      const where = [
        Prisma.sql`"d"."status" = 'OPEN'`,
        ...inCompanies(context, Prisma.sql`"d"."company_id"`, args.companyIds),
      ];
      return context.prisma.$queryRaw<GroupShape[]>(Prisma.sql`
        WITH "open" AS (SELECT * FROM "dead_letter" AS "d" WHERE ${Prisma.join(where, ' AND ')})
        SELECT "fingerprint", min("reason"::text) AS "reason", count(*)::int AS "count",
          min("died_at") AS "firstDiedAt", max("died_at") AS "lastDiedAt",
          (array_agg("id"::text ORDER BY "died_at" DESC, "id"))[1] AS "exampleId",
          coalesce((SELECT jsonb_agg(jsonb_build_object('currency', "sums"."currency", 'amount', "sums"."amount"::text) ORDER BY "sums"."amount" DESC)
            FROM (SELECT "same"."currency", sum("same"."amount") AS "amount" FROM "open" AS "same"
              WHERE "same"."fingerprint" = "open"."fingerprint" AND "same"."amount" IS NOT NULL GROUP BY "same"."currency") AS "sums"), '[]') AS "amounts"
        FROM "open" GROUP BY "fingerprint" ORDER BY "count" DESC, "lastDiedAt" DESC, "fingerprint" LIMIT 200`);
    },
  }),
);
