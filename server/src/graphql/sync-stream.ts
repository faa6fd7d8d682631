import { builder } from './builder.ts';
import { visibleCompanies, type GraphqlContext } from './context.ts';
import { badInput } from './errors.ts';
import { idsOf } from './global-id.ts';
import { queryFromInfo } from '@pothos/plugin-prisma';
import type { RowQuery } from './connection.ts';
import { loadStreamEvents } from './rows.ts';
import { readStream, streamLimits, type StreamMessage } from './stream-reader.ts';
import type { StreamFilter } from './stream-source.ts';
import { SyncEventRef } from './sync-event.ts';
import { SyncEventFilterInput } from './sync-event-list.ts';
import { untilReturned } from './until-returned.ts';

type Batch = Extract<StreamMessage, { kind: 'batch' }>;
type Heartbeat = Extract<StreamMessage, { kind: 'heartbeat' }>;
type Gap = Extract<StreamMessage, { kind: 'gap' }>;

const SyncEventBatchRef = builder.objectRef<Batch>('SyncEventBatch').implement({
  description: 'One or more events in stream order.',
  fields: (t) => ({
    events: t.field({
      type: [SyncEventRef],
      description: 'Events, oldest first.',
      resolve: async ({ ids }, _args, context, info) => {
        const query: RowQuery = queryFromInfo({ context, info });
        const rows = await loadStreamEvents(context, ids, query);
        const byId = new Map(rows.map((row) => [row.id, row]));
        return ids.map((id) => byId.get(id)).filter((row) => row !== undefined);
      },
    }),
    cursor: t.expose('cursor', {
      type: 'StreamCursor',
      description: 'Position after the last one.',
    }),
    backlog: t.exposeInt('backlog', {
      description: 'How many stored events are still ahead of this batch; 0 means live.',
    }),
  }),
});

const StreamHeartbeatRef = builder.objectRef<Heartbeat>('StreamHeartbeat').implement({
  description: 'Sent every 15 seconds of silence; proves that the view is current.',
  fields: (t) => ({
    cursor: t.expose('cursor', {
      type: 'StreamCursor',
      description: 'Newest position; moves on even when the filter lets nothing through.',
    }),
    at: t.expose('at', { type: 'DateTime', description: 'Server time.' }),
    completeUntil: t.expose('completeUntil', {
      type: 'DateTime',
      description: 'Commit time up to which everything has been published.',
    }),
  }),
});

const StreamGapRef = builder.objectRef<Gap>('StreamGap').implement({
  description:
    'The position asked for is older than what is kept, or the reader fell too far behind: refetch, then go on from here.',
  fields: (t) => ({
    reason: t.exposeString('reason', { description: 'Why.' }),
    resumeFrom: t.expose('resumeFrom', {
      type: 'StreamCursor',
      description: 'Position to go on from after refetching.',
    }),
  }),
});

const SyncStreamMessageRef = builder.unionType('SyncStreamMessage', {
  description: 'Message on the stream.',
  types: [SyncEventBatchRef, StreamHeartbeatRef, StreamGapRef],
  resolveType: ({ kind }) => typeNames[kind],
});

const typeNames = {
  batch: 'SyncEventBatch',
  heartbeat: 'StreamHeartbeat',
  gap: 'StreamGap',
} as const satisfies Record<StreamMessage['kind'], string>;

/** The filter in own ids, never wider than the caller's companies. */
function filterFor(
  context: GraphqlContext,
  asked: typeof SyncEventFilterInput.$inferInput | null | undefined,
): StreamFilter {
  const visible = visibleCompanies(context);
  const named = asked?.companyIds == null ? null : idsOf('Company', asked.companyIds);
  const companyIds = named === null ? visible : named.filter((id) => visible?.includes(id) ?? true);
  const linkIds = asked?.invoiceIds == null ? null : idsOf('Invoice', asked.invoiceIds);
  return { companyIds, linkIds, types: asked?.types ?? null };
}

function within(value: number, least: number, most: number, name: string): number {
  if (value >= least && value <= most) return value;
  throw badInput(`${name} takes ${least} to ${most}.`);
}

builder.subscriptionField('syncEvents', (t) =>
  t.field({
    type: SyncStreamMessageRef,
    description:
      'Everything that happens, in order, from any kept position on: first what was missed, then live, with no seam.',
    args: {
      after: t.arg({
        type: 'StreamCursor',
        description: 'Newest position handled; leave out to start at the live end.',
      }),
      filter: t.arg({ type: SyncEventFilterInput, description: 'Narrowing.' }),
      maxBatch: t.arg.int({
        required: true,
        defaultValue: 100,
        description: 'Most events in one message, 1 to 500.',
      }),
      maxDelayMs: t.arg.int({
        required: true,
        defaultValue: 50,
        description: 'Longest wait to fill a message, 0 to 1000 ms.',
      }),
    },
    subscribe: (_root, args, context) => {
      const reading = {
        after: args.after ?? null,
        filter: filterFor(context, args.filter),
        maxBatch: within(args.maxBatch, 1, streamLimits.batchMax, 'maxBatch'),
        maxDelayMs: within(args.maxDelayMs, 0, streamLimits.delayMsMax, 'maxDelayMs'),
        bufferedBytes: context.bufferedBytes,
      };
      return untilReturned((signal) =>
        readStream(context.stream, context.clock, { ...reading, signal }),
      );
    },
    resolve: (message) => message,
  }),
);
