import { createContextCache } from '@pothos/core';
import { builder } from './builder.ts';
import type { GraphqlContext } from './context.ts';
import { SyncEventTypeEnum } from './enums/stream.ts';
import { encodeCursor } from './stream-cursor.ts';
import { showDetail, SyncEventDetailRef } from './sync-event-detail.ts';

/** One look at the head a run, for the generation that cursors carry. */
const generation = createContextCache(async (context: GraphqlContext) => {
  const head = await context.stream.head();
  return head.generation;
});

export const SyncEventRef = builder.prismaNode('StreamEvent', {
  name: 'SyncEvent',
  description: 'Something that happened; stored before it is sent, so that it can be read again.',
  id: {
    field: 'id',
    description: 'Global id; the same event always has the same id, so repeats are easy to drop.',
  },
  select: { id: true },
  fields: (t) => ({
    cursor: t.field({
      type: 'StreamCursor',
      description: "Position; pass the newest handled one as 'after'.",
      select: { position: true },
      resolve: async ({ position }, _args, context) =>
        encodeCursor({ generation: await generation(context), position: position ?? 0n }),
    }),
    at: t.expose('at', { type: 'DateTime', description: 'When it happened.' }),
    type: t.expose('type', { type: SyncEventTypeEnum, description: 'Type.' }),
    company: t.relation('company', { description: 'Company.' }),
    invoice: t.relation('link', {
      nullable: true,
      description: 'Invoice, when one is concerned.',
    }),
    summary: t.exposeString('summary', {
      description: 'One sentence, the same that the live page reads out.',
    }),
    detail: t.field({
      type: SyncEventDetailRef,
      description: 'Details, as they are now.',
      complexity: 1,
      select: { type: true, detail: true, companyId: true, linkId: true },
      resolve: ({ type, ...told }, _args, context, info) => showDetail[type](told, context, info),
    }),
    correlationId: t.exposeString('correlationId', {
      description: 'Ties it to logs, traces and audit entries.',
    }),
  }),
});
