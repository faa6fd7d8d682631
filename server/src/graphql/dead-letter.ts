import { createContextCache } from '@pothos/core';
import DataLoader from 'dataloader';
import { z } from 'zod';
import { Prisma } from '#generated/prisma/client.ts';
import { storedWithVerdict, verdictOn, type ReplayVerdict } from '#core/attempt/replay-verdict.ts';
import { ActorRef, actorOf } from './actor.ts';
import { builder } from './builder.ts';
import { pageCost } from './connection.ts';
import type { GraphqlContext } from './context.ts';
import { DirectionEnum } from './enums/crossing.ts';
import {
  DeadLetterOrderFieldEnum,
  DeadLetterReasonEnum,
  DeadLetterStatusEnum,
  ReplaySafetyEnum,
} from './enums/dead-letter.ts';
import { SortDirectionEnum } from './enums/page.ts';
import { faultOf, QuickBooksFaultRef } from './fault.ts';
import { equals, inCompanies, oneOf, within } from './filters.ts';
import { idOf } from './global-id.ts';
import { listArguments } from './list-arguments.ts';
import { listPage } from './list.ts';
import { OutboxEventRef } from './outbox-event.ts';
import type { Sort } from './page.ts';
import { DateTimeRangeInput } from './ranges.ts';
import { loadDeadLetters, rowOfField } from './rows.ts';
import { VersionedRef } from './versioned.ts';

const ReplaySafetyVerdictRef = builder.objectRef<ReplayVerdict>('ReplaySafetyVerdict').implement({
  description: 'Verdict on replaying.',
  fields: (t) => ({
    safety: t.expose('safety', { type: ReplaySafetyEnum, description: 'Verdict.' }),
    reason: t.exposeString('why', { description: 'Why, in one sentence.' }),
  }),
});

/** Verdicts follow from what is known now; one statement tells it of all that are asked for together. */
const verdicts = createContextCache(
  (context: GraphqlContext) =>
    new DataLoader(async (ids: readonly string[]): Promise<readonly ReplayVerdict[]> => {
      const rows = await context.prisma.$queryRaw<{ id: string; facts: string }[]>(Prisma.sql`
        SELECT "d"."id"::text, replay_facts("d") AS "facts" FROM "dead_letter" AS "d" WHERE "d"."id" = ANY (${[...ids]}::uuid[])`);
      const byId = new Map(rows.map(({ id, facts }) => [id, verdictOn(facts)]));
      return ids.map((id) => {
        const verdict = byId.get(id);
        if (verdict === undefined) throw new Error(`dead letter ${id} went while it was read`);
        return verdict;
      });
    }),
);

/** The event that a replay made, as the dead letter's page tells it. */
const ReplayRef = builder.prismaObject('OutboxEvent', {
  variant: 'Replay',
  description: 'One replay of a dead letter.',
  select: { id: true },
  fields: (t) => ({
    actor: t.field({
      type: ActorRef,
      description: 'Who asked.',
      select: { actor: true },
      resolve: ({ actor }, _args, context) => actorOf(actor, context),
    }),
    requestedAt: t.expose('receivedAt', { type: 'DateTime', description: 'When.' }),
    event: t.variant(OutboxEventRef, { description: 'New change made for it.' }),
  }),
});

const storedDiscard = z.object({ actor: z.unknown(), reason: z.string() });

const DiscardNoteRef = builder
  .objectRef<z.infer<typeof storedDiscard> & { readonly at: Date }>('DiscardNote')
  .implement({
    description: 'Why a dead letter was thrown away.',
    fields: (t) => ({
      actor: t.field({
        type: ActorRef,
        description: 'Who.',
        resolve: ({ actor }, _args, context) => actorOf(actor, context),
      }),
      at: t.expose('at', { type: 'DateTime', description: 'When.' }),
      reason: t.exposeString('reason', { description: 'Reason given.' }),
    }),
  });

export const DeadLetterRef = builder.prismaNode('DeadLetter', {
  name: 'DeadLetter',
  description: 'A change the bridge stopped trying to apply.',
  id: { field: 'id', description: 'Global id.' },
  select: { id: true, version: true },
  interfaces: [VersionedRef],
  fields: (t) => ({
    version: t.exposeInt('version', { description: 'Grows with every change.' }),
    event: t.relation('event', { description: 'Change concerned.' }),
    status: t.expose('status', { type: DeadLetterStatusEnum, description: 'Where it stands.' }),
    reason: t.expose('reason', { type: DeadLetterReasonEnum, description: 'Why it died.' }),
    explanation: t.exposeString('explanation', { description: 'What happened, in plain words.' }),
    suggestedFix: t.exposeStringList('suggestedFix', {
      description: 'What to do about it, as steps.',
    }),
    fingerprint: t.exposeString('fingerprint', {
      description: 'Key shared by dead letters with the same cause.',
    }),
    fault: t.field({
      type: QuickBooksFaultRef,
      nullable: true,
      description: 'Last error from QuickBooks.',
      select: { fault: true },
      resolve: ({ fault }) => faultOf(fault),
    }),
    replaySafety: t.field({
      type: ReplaySafetyVerdictRef,
      description: 'Whether a replay could do harm, and why.',
      select: { id: true },
      resolve: ({ id }, _args, context) => verdicts(context).load(id),
    }),
    diedAt: t.expose('diedAt', { type: 'DateTime', description: 'When it died.' }),
    replays: t.relation('replays', {
      type: ReplayRef,
      description: 'Replays so far.',
      query: { orderBy: [{ receivedAt: 'asc' }, { id: 'asc' }] },
    }),
    discard: t.field({
      type: DiscardNoteRef,
      nullable: true,
      description: 'Who discarded it and why.',
      select: { discard: true, endedAt: true },
      resolve: ({ discard, endedAt }) =>
        discard === null || endedAt === null
          ? null
          : { ...storedDiscard.parse(discard), at: endedAt },
    }),
  }),
});

/** The list's filter; bulk work selects by the same one. */
export const DeadLetterFilterInput = builder.inputType('DeadLetterFilter', {
  description: 'Narrowing of dead letters.',
  fields: (t) => ({
    companyIds: t.idList({ description: 'Only these companies.' }),
    statuses: t.field({
      type: [DeadLetterStatusEnum],
      defaultValue: ['OPEN'],
      description: 'Only these states; open ones by default.',
    }),
    reasons: t.field({ type: [DeadLetterReasonEnum], description: 'Only these causes.' }),
    fingerprint: t.string({ description: 'Only this shared cause.' }),
    direction: t.field({ type: DirectionEnum, description: 'Only this way.' }),
    safeties: t.field({ type: [ReplaySafetyEnum], description: 'Only these verdicts.' }),
    diedAt: t.field({ type: DateTimeRangeInput, description: 'When they died.' }),
  }),
});

const DeadLetterOrderInput = builder.inputType('DeadLetterOrder', {
  description: 'Sorting of dead letters.',
  fields: (t) => ({
    field: t.field({ type: DeadLetterOrderFieldEnum, required: true, description: 'Field.' }),
    direction: t.field({ type: SortDirectionEnum, required: true, description: 'Direction.' }),
  }),
});

type DeadLetterFilter = typeof DeadLetterFilterInput.$inferInput;
type DeadLetterOrder = typeof DeadLetterOrderInput.$inferInput;

const DeadLetterConnectionRef = builder.connectionObject(
  { type: DeadLetterRef, name: 'DeadLetterConnection', description: 'Page of dead letters.' },
  { name: 'DeadLetterEdge', description: 'One of the dead letters with its cursor.' },
);

const expressions = {
  DIED_AT: { expression: Prisma.sql`"d"."died_at"`, form: 'instant', nullable: false },
  AMOUNT: { expression: Prisma.sql`"d"."amount"`, form: 'decimal', nullable: true },
} as const satisfies Record<DeadLetterOrder['field'], Omit<Sort, 'key' | 'descending'>>;

function sortOf(order: DeadLetterOrder | null | undefined): Sort {
  const { field, direction } = order ?? { field: 'DIED_AT', direction: 'DESC' };
  return {
    ...expressions[field],
    key: `${field}:${direction}`,
    descending: direction === 'DESC',
  };
}

function conditionsOf(
  context: GraphqlContext,
  filter: DeadLetterFilter | null | undefined,
): Prisma.Sql[] {
  const statuses = filter == null ? ['OPEN'] : filter.statuses;
  const way = equals(Prisma.sql`"e"."direction"`, filter?.direction);
  const travelling = way.map(
    (condition) =>
      Prisma.sql`EXISTS (SELECT 1 FROM "outbox_event" AS "e" WHERE "e"."id" = "d"."event_id" AND ${condition})`,
  );
  return [
    ...inCompanies(context, Prisma.sql`"d"."company_id"`, filter?.companyIds),
    ...oneOf(Prisma.sql`"d"."status"`, statuses),
    ...oneOf(Prisma.sql`"d"."reason"`, filter?.reasons),
    ...equals(Prisma.sql`"d"."fingerprint"`, filter?.fingerprint),
    ...judged(filter?.safeties),
    ...within(Prisma.sql`"d"."died_at"`, filter?.diedAt),
    ...travelling,
  ];
}

const judged = (safeties: DeadLetterFilter['safeties']): readonly Prisma.Sql[] =>
  safeties == null
    ? []
    : [Prisma.sql`replay_facts("d") = ANY (${[...storedWithVerdict(safeties)]}::text[])`];

const deadLetterOfField = rowOfField(loadDeadLetters);

const openLetterIds = createContextCache(
  (context: GraphqlContext) =>
    new DataLoader(async (linkIds: readonly string[]) => {
      const rows = await context.prisma.link.findMany({
        where: { id: { in: [...linkIds] } },
        select: { id: true, openDeadLetterId: true },
      });
      const byId = new Map(rows.map((row) => [row.id, row.openDeadLetterId]));
      return linkIds.map((id) => byId.get(id) ?? null);
    }),
);

builder.prismaObjectField('Link', 'openDeadLetter', (t) =>
  t.field({
    type: DeadLetterRef,
    nullable: true,
    description: 'Dead letter waiting now, if any.',
    complexity: 1,
    resolve: async (link, _args, context, info) => {
      const id = await openLetterIds(context).load(link.id);
      return id === null ? null : deadLetterOfField(id, context, info);
    },
  }),
);

builder.queryFields((t) => ({
  deadLetter: t.field({
    type: DeadLetterRef,
    nullable: true,
    description: 'One dead letter.',
    complexity: 1,
    args: { id: t.arg.id({ required: true, description: 'Global id.' }) },
    resolve: (_root, args, context, info) => {
      const id = idOf('DeadLetter', args.id);
      return id === null ? null : deadLetterOfField(id, context, info);
    },
  }),
  deadLetters: t.field({
    type: DeadLetterConnectionRef,
    description: 'Dead letters; open ones by default, newest first.',
    complexity: pageCost,
    args: {
      ...listArguments(),
      filter: t.arg({ type: DeadLetterFilterInput, description: 'Narrowing.' }),
      orderBy: t.arg({ type: DeadLetterOrderInput, description: 'Sorting.' }),
    },
    resolve: (_root, args, context, info) => {
      const listing = {
        from: Prisma.sql`"dead_letter" AS "d"`,
        id: Prisma.sql`"d"."id"`,
        where: conditionsOf(context, args.filter),
        sort: sortOf(args.orderBy),
      };
      return listPage(listing, loadDeadLetters, args, context, info);
    },
  }),
}));
