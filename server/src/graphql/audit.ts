import { z } from 'zod';
import type { GraphQLResolveInfo } from 'graphql';
import { Prisma } from '#generated/prisma/client.ts';
import { ActorRef, actorOf } from './actor.ts';
import { ApiClientRef } from './api-client.ts';
import { AuditChangeRef, storedChange } from './audit-change.ts';
import { builder } from './builder.ts';
import { BulkOperationRef } from './bulk-operation.ts';
import { CompanyRef } from './company.ts';
import { ConflictRef } from './conflict.ts';
import { pageCost } from './connection.ts';
import type { GraphqlContext } from './context.ts';
import { DeadLetterRef } from './dead-letter.ts';
import { DriftRef } from './drift.ts';
import { ReconcileRunRef } from './reconcile-run.ts';
import { AuditActionEnum } from './enums/audit.ts';
import { brandedPolicy, FieldPolicyRef } from './field-policy.ts';
import { equals, inCompanies, oneOf, within } from './filters.ts';
import { readGlobalId } from './global-id.ts';
import { InvoiceRef } from './invoice.ts';
import { listArguments, nestedListArguments } from './list-arguments.ts';
import { listPage } from './list.ts';
import { nestedPages } from './nested-page.ts';
import { OutboxEventRef } from './outbox-event.ts';
import type { Sort } from './page.ts';
import { isUuid } from './page-window.ts';
import { DateTimeRangeInput } from './ranges.ts';
import { ReferenceRef } from './reference.ts';
import {
  loadAuditEntries,
  loadBulkOperations,
  loadCompanies,
  loadConflicts,
  loadDeadLetters,
  loadDrifts,
  loadReconcileRuns,
  loadEvents,
  loadLinks,
  loadReferences,
  rowOfField,
} from './rows.ts';

const storedContent = z.object({
  actor: z.unknown(),
  changes: z.array(storedChange),
  note: z.string().nullable(),
  idempotencyKey: z.string().nullish(),
});

const auditAction = z.enum([
  'WRITE',
  'BASE_ADVANCED',
  'CONFLICT_RESOLVED',
  'UNDONE',
  'REPLAYED',
  'DISCARDED',
  'POLICY_CHANGED',
  'COMPANY_CHANGED',
  'LINK_CHANGED',
  'RECONCILED',
  'API_CLIENT_CHANGED',
  'STATE_CHANGED',
  'CONFLICT_OPENED',
  'CONFLICT_SUPERSEDED',
  'DEAD_LETTERED',
  'DRIFT_FOUND',
  'DRIFT_ACCEPTED',
  'REFERENCE_MAPPED',
  'PAUSED',
  'BULK',
]);

const AuditSubjectRef = builder.unionType('AuditSubject', {
  description: 'Things an audit entry can be about.',
  types: [
    InvoiceRef,
    ConflictRef,
    DeadLetterRef,
    OutboxEventRef,
    CompanyRef,
    ApiClientRef,
    BulkOperationRef,
    FieldPolicyRef,
    ReferenceRef,
    ReconcileRunRef,
    DriftRef,
  ],
});

const subjectInvoice = rowOfField(loadLinks, 'Invoice');
const subjectConflict = rowOfField(loadConflicts, 'Conflict');
const subjectDeadLetter = rowOfField(loadDeadLetters, 'DeadLetter');
const subjectEvent = rowOfField(loadEvents, 'OutboxEvent');
const subjectBulk = rowOfField(loadBulkOperations, 'BulkOperation');
const subjectReference = rowOfField(loadReferences, 'Reference');
const subjectRun = rowOfField(loadReconcileRuns, 'ReconcileRun');
const subjectDrift = rowOfField(loadDrifts, 'Drift');
const subjectCompany = rowOfField(loadCompanies, 'Company');

type Subject = { readonly subjectType: string; readonly subjectId: string };

/** The subject as it is now; null when it is of a kind that is not shown yet, or gone. */
async function subjectOf(
  { subjectType, subjectId }: Subject,
  context: GraphqlContext,
  info: GraphQLResolveInfo,
) {
  if (subjectType === 'FieldPolicy') {
    return brandedPolicy(subjectId, context);
  }
  if (!isUuid(subjectId)) return null;
  if (subjectType === 'Invoice') {
    const invoice = await subjectInvoice(subjectId, context, info);
    return invoice && InvoiceRef.addBrand(invoice);
  }
  if (subjectType === 'Conflict') {
    const conflict = await subjectConflict(subjectId, context, info);
    return conflict && ConflictRef.addBrand(conflict);
  }
  if (subjectType === 'DeadLetter') {
    const letter = await subjectDeadLetter(subjectId, context, info);
    return letter && DeadLetterRef.addBrand(letter);
  }
  if (subjectType === 'OutboxEvent') {
    const event = await subjectEvent(subjectId, context, info);
    return event && OutboxEventRef.addBrand(event);
  }
  if (subjectType === 'BulkOperation') {
    const bulk = await subjectBulk(subjectId, context, info);
    return bulk && BulkOperationRef.addBrand(bulk);
  }
  if (subjectType === 'Reference') {
    const reference = await subjectReference(subjectId, context, info);
    return reference && ReferenceRef.addBrand(reference);
  }
  if (subjectType === 'ReconcileRun') {
    const run = await subjectRun(subjectId, context, info);
    return run && ReconcileRunRef.addBrand(run);
  }
  if (subjectType === 'Drift') {
    const drift = await subjectDrift(subjectId, context, info);
    return drift && DriftRef.addBrand(drift);
  }
  if (subjectType !== 'Company') return null;
  const company = await subjectCompany(subjectId, context, info);
  return company && CompanyRef.addBrand(company);
}

export const AuditEntryRef = builder.prismaNode('AuditEntry', {
  name: 'AuditEntry',
  description: 'Unchangeable record of something done; chained by hash so that tampering shows.',
  id: { field: 'id', description: 'Global id.' },
  select: { id: true },
  fields: (t) => ({
    sequence: t.expose('sequence', { type: 'BigInt', description: 'Position in the chain.' }),
    at: t.expose('at', { type: 'DateTime', description: 'When.' }),
    actor: t.field({
      type: ActorRef,
      description: 'Who.',
      select: { content: true },
      resolve: ({ content }, _args, context) =>
        actorOf(storedContent.parse(content).actor, context),
    }),
    action: t.field({
      type: AuditActionEnum,
      description: 'What.',
      select: { action: true },
      resolve: ({ action }) => auditAction.parse(action),
    }),
    summary: t.exposeString('summary', { description: 'One sentence a controller can read.' }),
    subject: t.field({
      type: AuditSubjectRef,
      nullable: true,
      description: 'About what.',
      complexity: 1,
      select: { subjectType: true, subjectId: true },
      resolve: (entry, _args, context, info) => subjectOf(entry, context, info),
    }),
    company: t.relation('company', {
      nullable: true,
      description: 'Company, if one is concerned.',
    }),
    changes: t.field({
      type: [AuditChangeRef],
      description: 'Fields before and after.',
      select: { content: true },
      resolve: ({ content }) => storedContent.parse(content).changes,
    }),
    note: t.string({
      nullable: true,
      description: 'Reason given by the person.',
      select: { content: true },
      resolve: ({ content }) => storedContent.parse(content).note,
    }),
    correlationId: t.exposeString('correlationId', {
      description: 'Ties the entry to logs, traces and events.',
    }),
    idempotencyKey: t.field({
      type: 'IdempotencyKey',
      nullable: true,
      description: 'Idempotency key of the request that caused it.',
      select: { content: true },
      resolve: ({ content }) => storedContent.parse(content).idempotencyKey ?? null,
    }),
    hash: t.exposeString('hash', {
      description: 'SHA-256 over this entry and the previous hash.',
    }),
    previousHash: t.exposeString('previousHash', { description: 'Hash of the entry before.' }),
  }),
});

const AuditFilterInput = builder.inputType('AuditFilter', {
  description: 'Narrowing of audit entries.',
  fields: (t) => ({
    companyIds: t.idList({ description: 'Only these companies.' }),
    actions: t.field({ type: [AuditActionEnum], description: 'Only these actions.' }),
    actorId: t.id({ description: 'Only by this actor.' }),
    subjectId: t.id({ description: 'Only about this object.' }),
    correlationId: t.string({ description: 'Only with this correlation id.' }),
    at: t.field({ type: DateTimeRangeInput, description: 'When.' }),
  }),
});

const AuditEntryConnectionRef = builder.connectionObject(
  { type: AuditEntryRef, name: 'AuditEntryConnection', description: 'Page of audit entries.' },
  { name: 'AuditEntryEdge', description: 'One of the audit entries with its cursor.' },
);

/** By millisecond, and within it by position in the chain: entries of one transaction share their moment. */
const newestFirst: Sort = {
  key: 'at',
  expression: Prisma.sql`(floor(extract(epoch FROM "a"."at") * 1000)::bigint * 1048576 + "a"."sequence" % 1048576)`,
  form: 'integer',
  descending: true,
  nullable: false,
};

const ownIdOf = (globalId: string | null | undefined): string | null | undefined =>
  globalId == null ? globalId : (readGlobalId(globalId)?.id ?? '');

const listingOf = (
  context: GraphqlContext,
  filter: typeof AuditFilterInput.$inferInput | null | undefined,
) => ({
  from: Prisma.sql`"audit_entry" AS "a"`,
  id: Prisma.sql`"a"."id"`,
  where: [
    ...inCompanies(context, Prisma.sql`"a"."company_id"`, filter?.companyIds),
    ...oneOf(Prisma.sql`"a"."action"`, filter?.actions),
    ...equals(Prisma.sql`"a"."actor_id"`, ownIdOf(filter?.actorId)),
    ...equals(Prisma.sql`"a"."subject_id"`, ownIdOf(filter?.subjectId)),
    ...equals(Prisma.sql`"a"."correlation_id"`, filter?.correlationId),
    ...within(Prisma.sql`"a"."at"`, filter?.at),
  ],
  sort: newestFirst,
});

const entriesOfInvoice = nestedPages(
  (context) => ({
    ...listingOf(context, null),
    parent: Prisma.sql`"a"."link_id"`,
    parentType: 'text' as const,
    sort: { ...newestFirst, key: 'sequence', expression: Prisma.sql`"a"."sequence"` },
  }),
  loadAuditEntries,
);

builder.prismaObjectField('Link', 'auditEntries', (t) =>
  t.field({
    type: AuditEntryConnectionRef,
    description: 'Audit entries about this invoice, newest first.',
    complexity: pageCost,
    args: nestedListArguments(),
    resolve: (link, args, context, info) => entriesOfInvoice(link.id, args, context, info),
  }),
);

builder.queryField('auditEntries', (t) =>
  t.field({
    type: AuditEntryConnectionRef,
    description: 'Audit trail, newest first.',
    complexity: pageCost,
    args: {
      ...listArguments(),
      filter: t.arg({ type: AuditFilterInput, description: 'Narrowing.' }),
    },
    resolve: (_root, args, context, info) =>
      listPage(listingOf(context, args.filter), loadAuditEntries, args, context, info),
  }),
);
