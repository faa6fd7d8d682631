import { Prisma } from '#generated/prisma/client.ts';
import { builder } from './builder.ts';
import { pageCost } from './connection.ts';
import type { GraphqlContext } from './context.ts';
import { SyncEventTypeEnum } from './enums/stream.ts';
import { badInput } from './errors.ts';
import { inCompanies, oneOf } from './filters.ts';
import { idsOf } from './global-id.ts';
import { nestedListArguments } from './list-arguments.ts';
import { listPage } from './list.ts';
import { nestedPages } from './nested-page.ts';
import type { Listing } from './page.ts';
import type { CursorForm } from './page-window.ts';
import { loadStreamEvents } from './rows.ts';
import { decodeCursor, encodeCursor } from './stream-cursor.ts';
import { gapBefore } from './stream-gap.ts';
import type { StreamHead } from './stream-source.ts';
import { SyncEventRef } from './sync-event.ts';

export const SyncEventFilterInput = builder.inputType('SyncEventFilter', {
  description: 'Narrowing of the event stream; the cursor moves on over what is left out.',
  fields: (t) => ({
    companyIds: t.idList({ description: 'Only these companies.' }),
    invoiceIds: t.idList({ description: 'Only these invoices.' }),
    types: t.field({ type: [SyncEventTypeEnum], description: 'Only these types.' }),
  }),
});
type SyncEventFilter = typeof SyncEventFilterInput.$inferInput;

const SyncEventConnectionRef = builder.connectionObject(
  { type: SyncEventRef, name: 'SyncEventConnection', description: 'Page of stream events.' },
  { name: 'SyncEventEdge', description: 'One of the stream events with its cursor.' },
);

/** Greatest and least id there are: a position is unique, so a place is just past its event from either end. */
const lastId = 'ffffffff-ffff-ffff-ffff-ffffffffffff';
const firstId = '00000000-0000-0000-0000-000000000000';

/** The subscription's cursors as cursors of a list; a place that is no longer kept is refused, not skipped. */
const streamCursors = (head: StreamHead): CursorForm => ({
  sizeMax: 500,
  encode: ({ value }) =>
    encodeCursor({ generation: head.generation, position: BigInt(value ?? 0) }),
  decode: (cursor, backward) => {
    const place = decodeCursor(cursor);
    const gap = gapBefore(place, head);
    if (place === null || gap !== null) {
      throw badInput(gap ?? 'The cursor is not one of ours.');
    }
    return { sort: 'position', value: place.position.toString(), id: backward ? firstId : lastId };
  },
});

function listingOf(
  context: GraphqlContext,
  head: StreamHead,
  filter: SyncEventFilter | null | undefined,
) {
  const invoiceIds = filter?.invoiceIds == null ? null : idsOf('Invoice', filter.invoiceIds);
  return {
    from: Prisma.sql`"stream_event" AS "s"`,
    id: Prisma.sql`"s"."id"`,
    where: [
      Prisma.sql`"s"."position" IS NOT NULL`,
      ...inCompanies(context, Prisma.sql`"s"."company_id"`, filter?.companyIds),
      ...oneOf(Prisma.sql`"s"."link_id"`, invoiceIds),
      ...oneOf(Prisma.sql`"s"."type"`, filter?.types),
    ],
    sort: {
      key: 'position',
      expression: Prisma.sql`"s"."position"`,
      form: 'integer',
      descending: false,
      nullable: false,
    },
    parent: Prisma.sql`"s"."link_id"`,
    cursors: streamCursors(head),
  } satisfies Listing;
}

const timelineOfInvoice = nestedPages(
  async (context) => listingOf(context, await context.stream.head(), null),
  loadStreamEvents,
);

builder.prismaObjectField('Link', 'timeline', (t) =>
  t.field({
    type: SyncEventConnectionRef,
    description:
      'Stream events about this invoice, oldest first; the same cursors as the subscription.',
    complexity: pageCost,
    args: nestedListArguments(),
    resolve: (link, args, context, info) => timelineOfInvoice(link.id, args, context, info),
  }),
);

builder.queryField('syncEvents', (t) =>
  t.field({
    type: SyncEventConnectionRef,
    description:
      'Stored stream events, oldest first; the same cursors as the subscription, for polling clients.',
    complexity: pageCost,
    args: {
      first: t.arg.int({ description: 'Page size, 1 to 500.' }),
      after: t.arg.string({ description: 'Start after this cursor.' }),
      last: t.arg.int({
        description: 'The newest so many, 1 to 500; with before, the newest before it.',
      }),
      before: t.arg.string({ description: 'End before this cursor.' }),
      filter: t.arg({ type: SyncEventFilterInput, description: 'Narrowing.' }),
    },
    resolve: async (_root, args, context, info) => {
      const listing = listingOf(context, await context.stream.head(), args.filter);
      return listPage(listing, loadStreamEvents, args, context, info);
    },
  }),
);
