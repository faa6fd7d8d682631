import { z } from 'zod';
import { stages } from '#core/event/stage.ts';
import { Prisma } from '#generated/prisma/client.ts';
import { ActorRef, actorOf } from './actor.ts';
import { builder } from './builder.ts';
import { pageCost } from './connection.ts';
import type { GraphqlContext } from './context.ts';
import { ChangeKindEnum, DirectionEnum, EventSourceEnum, SyncStageEnum } from './enums/crossing.ts';
import { equals, inCompanies, oneOf, within } from './filters.ts';
import { listArguments, nestedListArguments } from './list-arguments.ts';
import { listPage } from './list.ts';
import { nestedPages } from './nested-page.ts';
import type { Sort } from './page.ts';
import { DateTimeRangeInput } from './ranges.ts';
import { loadEvents } from './rows.ts';
import { VersionedRef } from './versioned.ts';

const storedMarks = z.array(
  z.object({ stage: z.enum(stages), at: z.number(), note: z.string().nullable() }),
);

type StageMarkShape = {
  readonly stage: (typeof stages)[number];
  readonly at: Date;
  readonly durationMs: number | null;
  readonly note: string | null;
};

/** Stages with the time spent in each; an end has no duration, nor has the stage it is in. */
function stageMarksOf(stored: unknown): StageMarkShape[] {
  const marks = storedMarks.parse(stored);
  return marks.map(({ stage, at, note }, index) => {
    const next = marks[index + 1];
    return { stage, at: new Date(at), durationMs: next ? next.at - at : null, note };
  });
}

const StageMarkRef = builder.objectRef<StageMarkShape>('StageMark').implement({
  description: 'Moment a stage was entered.',
  fields: (t) => ({
    stage: t.expose('stage', { type: SyncStageEnum, description: 'Stage.' }),
    at: t.expose('at', { type: 'DateTime', description: 'When it was entered.' }),
    durationMs: t.exposeInt('durationMs', {
      nullable: true,
      description: 'Milliseconds spent there; null while still there.',
    }),
    note: t.exposeString('note', {
      nullable: true,
      description: "Plain note, for example 'QuickBooks asked us to slow down'.",
    }),
  }),
});

export const OutboxEventRef = builder.prismaNode('OutboxEvent', {
  name: 'OutboxEvent',
  description:
    'Something the bridge was told about an invoice: stored once per event key, never edited away, drained in order.',
  id: { field: 'id', description: 'Global id.' },
  select: { id: true, version: true },
  interfaces: [VersionedRef],
  fields: (t) => ({
    version: t.exposeInt('version', { description: 'Grows with every change.' }),
    company: t.relation('company', { description: 'Company.' }),
    invoice: t.relation('link', {
      nullable: true,
      description: 'Invoice it is about; null until the first look finds out which.',
    }),
    source: t.expose('source', { type: EventSourceEnum, description: 'Who told us.' }),
    eventKey: t.exposeString('eventKey', {
      description: "The teller's key; a repeat with the same key collapses into this event.",
    }),
    duplicateCount: t.exposeInt('duplicateCount', {
      description: 'How many repeats collapsed into it.',
    }),
    direction: t.expose('direction', { type: DirectionEnum, description: 'Way it travels.' }),
    kind: t.expose('kind', {
      type: ChangeKindEnum,
      description: 'Kind of change, as the teller put it.',
    }),
    stage: t.expose('stage', { type: SyncStageEnum, description: 'Where it is.' }),
    stageHistory: t.field({
      type: [StageMarkRef],
      description: 'Stages passed so far, with times.',
      select: { stageHistory: true },
      resolve: ({ stageHistory }) => stageMarksOf(stageHistory),
    }),
    sequence: t.exposeInt('sequence', {
      nullable: true,
      description: "Position among this invoice's events; null until the invoice is known.",
    }),
    derivedFrom: t.relation('derivedFrom', {
      nullable: true,
      description: 'Event it was derived from, when that one concerned several invoices.',
    }),
    coalescedInto: t.relation('coalescedInto', {
      nullable: true,
      description: 'Event whose crossing carried this one too, when several crossed as one.',
    }),
  }),
});

/** Who, when, and what was received. */
builder.prismaObjectFields('OutboxEvent', (t) => ({
  changedPaths: t.exposeStringList('changedPaths', {
    description: 'Fields that were written because of it.',
  }),
  actor: t.field({
    type: ActorRef,
    description: 'Who made the change, as far as known.',
    select: { actor: true },
    resolve: ({ actor }, _args, context) => actorOf(actor, context),
  }),
  occurredAt: t.expose('occurredAt', {
    type: 'DateTime',
    nullable: true,
    description: 'When the change was made, if the teller says so.',
  }),
  receivedAt: t.expose('receivedAt', {
    type: 'DateTime',
    description: 'When it was stored here.',
  }),
  availableAt: t.expose('availableAt', {
    type: 'DateTime',
    description: 'Earliest moment it may be taken up (undo window, backoff, throttle).',
  }),
  endedAt: t.expose('endedAt', {
    type: 'DateTime',
    nullable: true,
    description: 'When it settled, was skipped or died.',
  }),
  correlationId: t.exposeString('correlationId', {
    description: 'Id that ties log lines, traces and events together.',
  }),
  payload: t.expose('payload', {
    type: 'JSON',
    nullable: true,
    description: 'Event as received, for engineers.',
  }),
}));

const OutboxEventFilterInput = builder.inputType('OutboxEventFilter', {
  description: 'Narrowing of outbox events.',
  fields: (t) => ({
    companyIds: t.idList({ description: 'Only these companies.' }),
    stages: t.field({ type: [SyncStageEnum], description: 'Only these stages.' }),
    direction: t.field({ type: DirectionEnum, description: 'Only this way.' }),
    createdAt: t.field({ type: DateTimeRangeInput, description: 'When made.' }),
  }),
});

const OutboxEventConnectionRef = builder.connectionObject(
  { type: OutboxEventRef, name: 'OutboxEventConnection', description: 'Page of outbox events.' },
  { name: 'OutboxEventEdge', description: 'One of the outbox events with its cursor.' },
);

const newestFirst: Sort = {
  key: 'receivedAt',
  expression: Prisma.sql`"e"."received_at"`,
  form: 'instant',
  descending: true,
  nullable: false,
};

const listingOf = (
  context: GraphqlContext,
  filter: typeof OutboxEventFilterInput.$inferInput | null | undefined,
) => ({
  from: Prisma.sql`"outbox_event" AS "e"`,
  id: Prisma.sql`"e"."id"`,
  where: [
    ...inCompanies(context, Prisma.sql`"e"."company_id"`, filter?.companyIds),
    ...oneOf(Prisma.sql`"e"."stage"`, filter?.stages),
    ...equals(Prisma.sql`"e"."direction"`, filter?.direction),
    ...within(Prisma.sql`"e"."received_at"`, filter?.createdAt),
  ],
  sort: newestFirst,
  parent: Prisma.sql`"e"."link_id"`,
});

const eventsOfInvoice = nestedPages((context) => listingOf(context, null), loadEvents);

builder.prismaObjectField('Link', 'outboxEvents', (t) =>
  t.field({
    type: OutboxEventConnectionRef,
    description: 'All changes that crossed or tried to, newest first.',
    complexity: pageCost,
    args: nestedListArguments(),
    resolve: (link, args, context, info) => eventsOfInvoice(link.id, args, context, info),
  }),
);

builder.queryField('outboxEvents', (t) =>
  t.field({
    type: OutboxEventConnectionRef,
    description: 'Changes crossing or crossed.',
    complexity: pageCost,
    args: {
      ...listArguments(),
      filter: t.arg({ type: OutboxEventFilterInput, description: 'Narrowing.' }),
    },
    resolve: (_root, args, context, info) =>
      listPage(listingOf(context, args.filter), loadEvents, args, context, info),
  }),
);
