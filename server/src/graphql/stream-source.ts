import { Prisma, type PrismaClient } from '#generated/prisma/client.ts';
import type { StreamBell } from '#ports/stream-bell.ts';

/** How far the stream is published (architecture.md §6). */
export type StreamHead = {
  readonly generation: string;
  readonly position: bigint;
  /** Newest position that is no longer kept. */
  readonly tailPosition: bigint;
  /** Commit time up to which everything is published. */
  readonly completeUntil: Date;
};

/** Narrowing of the stream, in own ids; null lets everything through. */
export type StreamFilter = {
  readonly companyIds: readonly string[] | null;
  readonly linkIds: readonly string[] | null;
  readonly types: readonly string[] | null;
};

export type Published = { readonly id: string; readonly position: bigint };

/** The stored stream as its readers need it. */
export type StreamSource = {
  head(): Promise<StreamHead>;
  /** Published events after one position, up to and with another, oldest first. */
  read(after: bigint, upTo: bigint, limit: number, filter: StreamFilter): Promise<Published[]>;
  /** The same without stage changes that a later one of the same invoice overtakes, for who cannot keep up. */
  readCoalesced(
    after: bigint,
    upTo: bigint,
    limit: number,
    filter: StreamFilter,
  ): Promise<Published[]>;
  readonly bell: StreamBell;
};

const among = (column: Prisma.Sql, values: readonly string[] | null): Prisma.Sql =>
  values === null ? Prisma.empty : Prisma.sql` AND ${column}::text = ANY(${[...values]}::text[])`;

const between = (
  after: bigint,
  upTo: bigint,
  { companyIds, linkIds, types }: StreamFilter,
): Prisma.Sql =>
  Prisma.sql`"s"."position" > ${after} AND "s"."position" <= ${upTo}${among(Prisma.sql`"s"."company_id"`, companyIds)}${among(Prisma.sql`"s"."link_id"`, linkIds)}${among(Prisma.sql`"s"."type"`, types)}`;

/** The stream in the database; the bell says when to look. */
export function createStreamSource(prisma: PrismaClient, bell: StreamBell): StreamSource {
  return {
    bell,
    head: () => prisma.streamHead.findUniqueOrThrow({ where: { id: 1 } }),
    read: (after, upTo, limit, filter) =>
      prisma.$queryRaw<Published[]>(Prisma.sql`
        SELECT "s"."id"::text AS "id", "s"."position" FROM "stream_event" AS "s"
        WHERE ${between(after, upTo, filter)}
        ORDER BY "s"."position" LIMIT ${limit}`),
    readCoalesced: (after, upTo, limit, filter) =>
      prisma.$queryRaw<Published[]>(Prisma.sql`
        SELECT "id", "position" FROM (
          SELECT "s"."id"::text AS "id", "s"."position", "s"."type" = 'STAGE_CHANGED' AND "s"."link_id" IS NOT NULL
            AND "s"."position" < max("s"."position") OVER (PARTITION BY "s"."link_id", "s"."type") AS "overtaken"
          FROM "stream_event" AS "s" WHERE ${between(after, upTo, filter)}
        ) AS "told" WHERE NOT "overtaken" ORDER BY "position" LIMIT ${limit}`),
  };
}
