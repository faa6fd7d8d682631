import { z } from 'zod';
import { Prisma } from '#generated/prisma/client.ts';
import { builder } from './builder.ts';
import { pageCost } from './connection.ts';
import { DecisionRef, decisionOf } from './decision.ts';
import { AttemptOutcomeEnum, ChangeKindEnum, IntentStateEnum, SideEnum } from './enums/crossing.ts';
import { faultOf, QuickBooksFaultRef } from './fault.ts';
import { nestedListArguments } from './list-arguments.ts';
import { nestedPages } from './nested-page.ts';
import { loadAttempts } from './rows.ts';

export const SyncAttemptRef = builder.prismaNode('Attempt', {
  name: 'SyncAttempt',
  description: 'One try to bring an invoice across: look at both sides, decide, write, confirm.',
  id: { field: 'id', description: 'Global id.' },
  select: { id: true },
  fields: (t) => ({
    event: t.relation('event', { description: 'Change it belongs to.' }),
    number: t.exposeInt('number', { description: '1 for the first try.' }),
    startedAt: t.expose('startedAt', { type: 'DateTime', description: 'Start.' }),
    endedAt: t.expose('endedAt', {
      type: 'DateTime',
      nullable: true,
      description: 'End; null while running.',
    }),
    outcome: t.expose('outcome', {
      type: AttemptOutcomeEnum,
      nullable: true,
      description: 'How it ended; null while running.',
    }),
    decision: t.field({
      type: DecisionRef,
      nullable: true,
      description: 'What was seen and what was decided; null when it ended before that.',
      select: { decision: true, companyId: true, startedAt: true },
      resolve: ({ decision, companyId, startedAt }) => decisionOf(decision, companyId, startedAt),
    }),
    fault: t.field({
      type: QuickBooksFaultRef,
      nullable: true,
      description: "QuickBooks' error, if it sent one to a read or a write.",
      select: { fault: true },
      resolve: ({ fault }) => faultOf(fault),
    }),
    intents: t.relation('intents', {
      description: 'Writes it made or tried, in order.',
      complexity: 1,
      query: { orderBy: [{ createdAt: 'asc' }, { id: 'asc' }] },
    }),
    nextAttemptAt: t.expose('nextAttemptAt', {
      type: 'DateTime',
      nullable: true,
      description: 'When the next try is due.',
    }),
  }),
});

export const IntentRef = builder.prismaNode('Intent', {
  name: 'Intent',
  description: 'One write, recorded before it was sent.',
  id: { field: 'id', description: 'Global id.' },
  select: { id: true },
  fields: (t) => ({
    side: t.expose('side', { type: SideEnum, description: 'Side written to.' }),
    objectKind: t.string({
      description: "Kind of object written, for example 'Invoice', 'Payment' or 'Customer'.",
      select: { objectKind: true },
      resolve: ({ objectKind }) => objectKind,
    }),
    operation: t.expose('operation', { type: ChangeKindEnum, description: 'What is done to it.' }),
    state: t.expose('state', { type: IntentStateEnum, description: 'Where it stands.' }),
    requestId: t.exposeString('id', {
      description: 'Key sent with it, so that a repeat cannot write twice.',
    }),
    epoch: t.expose('epoch', { type: 'BigInt', description: 'Lease it was written under.' }),
    payloadHash: t.exposeString('bodyHash', { description: 'SHA-256 of the exact bytes.' }),
    sentAt: t.expose('sentAt', { type: ['DateTime'], description: 'Times it was sent.' }),
    settledAt: t.expose('settledAt', {
      type: 'DateTime',
      nullable: true,
      description: 'When its outcome was known.',
    }),
    evidence: t.exposeString('evidence', {
      nullable: true,
      description: 'How it was settled, in words, when there was no clear answer.',
    }),
    httpStatus: t.exposeInt('httpStatus', {
      nullable: true,
      description: 'HTTP status of the last answer.',
    }),
    fault: t.field({
      type: QuickBooksFaultRef,
      nullable: true,
      description: "QuickBooks' error, if it sent one.",
      select: { fault: true },
      resolve: ({ fault }) => faultOf(fault),
    }),
    quickbooksTraceId: t.exposeString('traceId', {
      nullable: true,
      description: 'Id QuickBooks gave the request (intuit_tid), for its support desk.',
    }),
    request: t.field({
      type: 'JSON',
      nullable: true,
      description: 'Request as sent, redacted.',
      select: { body: true },
      resolve: ({ body }) => bodyOf(body),
    }),
    response: t.expose('response', {
      type: 'JSON',
      nullable: true,
      description: 'Response as received, redacted.',
    }),
  }),
});

/** The exact bytes as JSON; the text itself should they not be JSON. */
function bodyOf(body: string): unknown {
  try {
    return z.unknown().parse(JSON.parse(body));
  } catch {
    return body;
  }
}

const SyncAttemptConnectionRef = builder.connectionObject(
  { type: SyncAttemptRef, name: 'SyncAttemptConnection', description: 'Page of attempts.' },
  { name: 'SyncAttemptEdge', description: 'One of the attempts with its cursor.' },
);

const attemptsOfEvent = nestedPages(
  () => ({
    from: Prisma.sql`"attempt" AS "a"`,
    id: Prisma.sql`"a"."id"`,
    where: [],
    sort: {
      key: 'number',
      expression: Prisma.sql`"a"."number"`,
      form: 'integer',
      descending: false,
      nullable: false,
    },
    parent: Prisma.sql`"a"."event_id"`,
  }),
  loadAttempts,
);

builder.prismaObjectField('OutboxEvent', 'attempts', (t) =>
  t.field({
    type: SyncAttemptConnectionRef,
    description: 'Tries so far, oldest first.',
    complexity: pageCost,
    args: nestedListArguments(),
    resolve: (event, args, context, info) => attemptsOfEvent(event.id, args, context, info),
  }),
);
