import { createContextCache } from '@pothos/core';
import DataLoader from 'dataloader';
import { Prisma } from '#generated/prisma/client.ts';
import { builder } from './builder.ts';
import type { GraphqlContext } from './context.ts';
import { OutboxEventRef } from './outbox-event.ts';
import { loadEvents, rowOfField } from './rows.ts';

/** The event whose crossing is on: the one furthest along of those not ended, else the first that waits. */
const openEventIds = createContextCache(
  (context: GraphqlContext) =>
    new DataLoader(async (linkIds: readonly string[]) => {
      const rows = await context.prisma.$queryRaw<
        { readonly linkId: string; readonly id: string }[]
      >(Prisma.sql`SELECT DISTINCT ON ("e"."link_id") "e"."link_id"::text AS "linkId", "e"."id"::text AS "id"
        FROM "outbox_event" AS "e" WHERE "e"."link_id" = ANY(${[...linkIds]}::uuid[]) AND "e"."ended_at" IS NULL
        ORDER BY "e"."link_id", ("e"."stage" IN ('DETECTED', 'QUEUED')), "e"."sequence", "e"."id"`);
      const byLink = new Map(rows.map((row) => [row.linkId, row.id]));
      return linkIds.map((id) => byLink.get(id) ?? null);
    }),
);

const eventOfField = rowOfField(loadEvents);

builder.prismaObjectField('Link', 'crossing', (t) =>
  t.field({
    type: OutboxEventRef,
    nullable: true,
    description: 'Change crossing right now, if any.',
    complexity: 1,
    resolve: async (link, _args, context, info) => {
      const id = await openEventIds(context).load(link.id);
      return id === null ? null : eventOfField(id, context, info);
    },
  }),
);
