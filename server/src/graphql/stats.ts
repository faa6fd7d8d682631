import { Prisma } from '#generated/prisma/client.ts';
import { builder } from './builder.ts';
import type { GraphqlContext } from './context.ts';
import { DirectionEnum } from './enums/crossing.ts';
import { InvoiceSyncStatusEnum } from './enums/invoice.ts';
import { ResolutionEnum } from './enums/page.ts';
import { badInput } from './errors.ts';
import { inCompanies } from './filters.ts';
import { moneyOfColumn, MoneyRef, type MoneyShape } from './money.ts';
import { invoiceStatusSql } from './shown-status.ts';

/** A range of time over some companies; each number is computed when it is asked for, by one statement. */
export type StatsShape = {
  readonly from: Date;
  readonly to: Date;
  readonly companyIds: readonly string[] | null;
};

type StatusCountShape = {
  readonly status: typeof InvoiceSyncStatusEnum.$inferType;
  readonly count: number;
};

const StatusCountRef = builder.objectRef<StatusCountShape>('StatusCount').implement({
  description: 'Count for a status.',
  fields: (t) => ({
    status: t.expose('status', { type: InvoiceSyncStatusEnum, description: 'Status.' }),
    count: t.exposeInt('count', { description: 'How many.' }),
  }),
});

type ThroughputShape = {
  readonly at: Date;
  readonly toQuickbooks: number;
  readonly toInternal: number;
  readonly conflicts: number;
  readonly deadLetters: number;
};

const ThroughputPointRef = builder.objectRef<ThroughputShape>('ThroughputPoint').implement({
  description: 'Crossings in one bucket.',
  fields: (t) => ({
    at: t.expose('at', { type: 'DateTime', description: 'Bucket start.' }),
    toQuickbooks: t.exposeInt('toQuickbooks', { description: 'Settled to QuickBooks.' }),
    toInternal: t.exposeInt('toInternal', { description: 'Settled to internal.' }),
    conflicts: t.exposeInt('conflicts', { description: 'Ended in conflict.' }),
    deadLetters: t.exposeInt('deadLetters', { description: 'Dead-lettered.' }),
  }),
});

type LatencyShape = {
  readonly direction: typeof DirectionEnum.$inferType;
  readonly p50Ms: number;
  readonly p95Ms: number;
  readonly p99Ms: number;
  readonly count: number;
};

const LatencySummaryRef = builder.objectRef<LatencyShape>('LatencySummary').implement({
  description: 'Latency of settled crossings.',
  fields: (t) => ({
    direction: t.expose('direction', { type: DirectionEnum, description: 'Direction.' }),
    p50Ms: t.exposeInt('p50Ms', { description: 'Median, milliseconds.' }),
    p95Ms: t.exposeInt('p95Ms', { description: '95th percentile.' }),
    p99Ms: t.exposeInt('p99Ms', { description: '99th percentile.' }),
    count: t.exposeInt('count', { description: 'Crossings counted.' }),
  }),
});

type Alias = 'e' | 'l' | 'd' | 'f';

/** Rows of the asked companies, as a condition on a table's alias. */
function mine(context: GraphqlContext, stats: StatsShape, alias: Alias): Prisma.Sql {
  const column = Prisma.raw(`"${alias}"."company_id"`);
  const conditions = inCompanies(context, column, stats.companyIds);
  return conditions.length === 0 ? Prisma.sql`TRUE` : Prisma.join(conditions, ' AND ');
}

const inRange = (alias: Alias, column: string, { from, to }: StatsShape): Prisma.Sql => {
  const at = Prisma.raw(`"${alias}"."${column}"`);
  return Prisma.sql`${at} >= ${from} AND ${at} < ${to}`;
};

const countStatuses = (context: GraphqlContext, stats: StatsShape) =>
  context.prisma.$queryRaw<StatusCountShape[]>(Prisma.sql`
    SELECT "s"."status"::text AS "status", count("l"."id")::int AS "count"
    FROM unnest(enum_range(NULL::"invoice_sync_status")) AS "s"("status")
    LEFT JOIN "link" AS "l" ON ${invoiceStatusSql} = "s"."status" AND ${mine(context, stats, 'l')}
    GROUP BY "s"."status" ORDER BY "s"."status"`);

const stepMs = { MINUTE: 60_000, HOUR: 3_600_000, DAY: 86_400_000 } as const;
const bucketsMax = 3_000;

function throughput(
  context: GraphqlContext,
  stats: StatsShape,
  resolution: keyof typeof stepMs,
): Promise<ThroughputShape[]> {
  const spanMs = stats.to.getTime() - stats.from.getTime();
  if (spanMs / stepMs[resolution] > bucketsMax) {
    throw badInput(`That would be more than ${bucketsMax} points; ask for a coarser resolution.`);
  }
  const unit = resolution.toLowerCase();
  const bucket = (column: Prisma.Sql) => Prisma.sql`date_trunc(${unit}, ${column}, 'UTC')`;
  return context.prisma.$queryRaw<ThroughputShape[]>(Prisma.sql`
    WITH "happened" AS (
      SELECT ${bucket(Prisma.sql`"e"."ended_at"`)} AS "at", "e"."direction"::text AS "what" FROM "outbox_event" AS "e"
        WHERE "e"."stage" = 'SETTLED' AND ${inRange('e', 'ended_at', stats)} AND ${mine(context, stats, 'e')}
      UNION ALL SELECT ${bucket(Prisma.sql`"f"."detected_at"`)}, 'CONFLICT' FROM "conflict" AS "f"
        WHERE ${inRange('f', 'detected_at', stats)} AND ${mine(context, stats, 'f')}
      UNION ALL SELECT ${bucket(Prisma.sql`"d"."died_at"`)}, 'DEAD_LETTER' FROM "dead_letter" AS "d"
        WHERE ${inRange('d', 'died_at', stats)} AND ${mine(context, stats, 'd')})
    SELECT "series"."at",
      count(*) FILTER (WHERE "what" = 'TO_QUICKBOOKS')::int AS "toQuickbooks",
      count(*) FILTER (WHERE "what" = 'TO_INTERNAL')::int AS "toInternal",
      count(*) FILTER (WHERE "what" = 'CONFLICT')::int AS "conflicts",
      count(*) FILTER (WHERE "what" = 'DEAD_LETTER')::int AS "deadLetters"
    FROM generate_series(${bucket(Prisma.sql`${stats.from}::timestamptz`)}, ${stats.to}::timestamptz - interval '1 millisecond',
      ${`1 ${unit}`}::interval) AS "series"("at")
    LEFT JOIN "happened" ON "happened"."at" = "series"."at" GROUP BY "series"."at" ORDER BY "series"."at"`);
}

const elapsedMs = Prisma.sql`extract(epoch FROM "e"."ended_at" - "e"."received_at") * 1000`;

const latencies = (context: GraphqlContext, stats: StatsShape) =>
  context.prisma.$queryRaw<LatencyShape[]>(Prisma.sql`
    SELECT "e"."direction"::text AS "direction", count(*)::int AS "count",
      least(percentile_disc(0.5) WITHIN GROUP (ORDER BY ${elapsedMs}), 2147483647)::int AS "p50Ms",
      least(percentile_disc(0.95) WITHIN GROUP (ORDER BY ${elapsedMs}), 2147483647)::int AS "p95Ms",
      least(percentile_disc(0.99) WITHIN GROUP (ORDER BY ${elapsedMs}), 2147483647)::int AS "p99Ms"
    FROM "outbox_event" AS "e"
    WHERE "e"."stage" = 'SETTLED' AND ${inRange('e', 'ended_at', stats)} AND ${mine(context, stats, 'e')}
    GROUP BY "e"."direction" ORDER BY "e"."direction"`);

/**
 * A crossing was touched when a person started it, or when it ever waited for one in a dead letter. What waits for a person
 * now will be, so it counts with those that settled.
 */
async function touchlessRate(context: GraphqlContext, stats: StatsShape): Promise<number | null> {
  const [row] = await context.prisma.$queryRaw<{ readonly rate: number | null }[]>(Prisma.sql`
    SELECT (count(*) FILTER (WHERE "e"."stage" = 'SETTLED' AND "e"."source" <> 'OPERATOR'
        AND NOT EXISTS (SELECT 1 FROM "dead_letter" AS "d" WHERE "d"."event_id" = "e"."id")))::float8 / nullif(count(*), 0) AS "rate"
    FROM "outbox_event" AS "e"
    WHERE (("e"."stage" IN ('SETTLED', 'DEAD_LETTERED') AND ${inRange('e', 'ended_at', stats)})
        OR ("e"."stage" = 'HELD' AND ${inRange('e', 'received_at', stats)})) AND ${mine(context, stats, 'e')}`);
  return row?.rate ?? null;
}

async function moneyOf(context: GraphqlContext, from: Prisma.Sql): Promise<MoneyShape[]> {
  const rows = await context.prisma.$queryRaw<
    { readonly currency: string; readonly amount: string }[]
  >(Prisma.sql`SELECT "currency", sum("amount")::text AS "amount" FROM (${from}) AS "held"
    WHERE "currency" IS NOT NULL AND "amount" IS NOT NULL GROUP BY "currency" ORDER BY sum("amount") DESC`);
  return rows.map(({ amount, currency }) => moneyOfColumn(amount, currency));
}

/** What a conflict holds waits for a person, not for the bridge. */
async function oldestPendingSeconds(context: GraphqlContext, stats: StatsShape): Promise<number> {
  const now = new Date(context.clock.now());
  const [row] = await context.prisma.$queryRaw<{ readonly seconds: number | null }[]>(Prisma.sql`
    SELECT greatest(0, floor(extract(epoch FROM ${now}::timestamptz - min("e"."received_at"))))::int AS "seconds"
    FROM "outbox_event" AS "e"
    WHERE "e"."ended_at" IS NULL AND "e"."stage" <> 'HELD' AND ${mine(context, stats, 'e')}`);
  return row?.seconds ?? 0;
}

export const StatsRef = builder.objectRef<StatsShape>('Stats').implement({
  description: 'Numbers for a time range.',
  fields: (t) => ({
    from: t.expose('from', { type: 'DateTime', description: 'Range start.' }),
    to: t.expose('to', { type: 'DateTime', description: 'Range end.' }),
    statusCounts: t.field({
      type: [StatusCountRef],
      description: 'Invoices in each status now.',
      complexity: 10,
      resolve: (stats, _args, context) => countStatuses(context, stats),
    }),
    throughput: t.field({
      type: [ThroughputPointRef],
      description: 'Crossings over time.',
      complexity: 20,
      args: {
        resolution: t.arg({
          type: ResolutionEnum,
          required: true,
          description: 'Time resolution.',
        }),
      },
      resolve: (stats, { resolution }, context) => throughput(context, stats, resolution),
    }),
    latency: t.field({
      type: [LatencySummaryRef],
      description: 'Time from detection to settlement, by direction.',
      complexity: 20,
      resolve: (stats, _args, context) => latencies(context, stats),
    }),
    touchlessRate: t.float({
      nullable: true,
      description: 'Share of crossings that settled without a person, 0 to 1.',
      complexity: 20,
      resolve: (stats, _args, context) => touchlessRate(context, stats),
    }),
    amountInConflict: t.field({
      type: [MoneyRef],
      description: 'Money in conflict now, by currency.',
      complexity: 10,
      resolve: (stats, _args, context) =>
        moneyOf(
          context,
          Prisma.sql`SELECT "l"."currency", "f"."amount_at_stake" AS "amount"
            FROM "link" AS "l" JOIN "conflict" AS "f" ON "f"."id" = "l"."open_conflict_id"
            WHERE "f"."amount_at_stake" <> 0 AND ${mine(context, stats, 'l')}`,
        ),
    }),
    amountDeadLettered: t.field({
      type: [MoneyRef],
      description: 'Money held by dead letters now, by currency.',
      complexity: 10,
      resolve: (stats, _args, context) =>
        moneyOf(
          context,
          Prisma.sql`SELECT "d"."currency", "d"."amount" FROM "dead_letter" AS "d"
            WHERE "d"."status" = 'OPEN' AND ${mine(context, stats, 'd')}`,
        ),
    }),
    oldestPendingSeconds: t.int({
      description: 'Age in seconds of the oldest change not yet settled.',
      complexity: 10,
      resolve: (stats, _args, context) => oldestPendingSeconds(context, stats),
    }),
  }),
});
