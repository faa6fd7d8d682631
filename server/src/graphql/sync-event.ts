import { brandWithType, createContextCache } from '@pothos/core';
import { z } from 'zod';
import { stages } from '#core/event/stage.ts';
import { builder } from './builder.ts';
import { BulkOperationRef } from './bulk-operation.ts';
import { CompanyRef } from './company.ts';
import type { GraphqlContext } from './context.ts';
import { ConflictRef } from './conflict.ts';
import { DeadLetterRef } from './dead-letter.ts';
import { SyncStageEnum } from './enums/crossing.ts';
import { SyncEventTypeEnum } from './enums/stream.ts';
import { brandedPolicy, FieldPolicyRef } from './field-policy.ts';
import { InvoiceRef } from './invoice.ts';
import { OutboxEventRef } from './outbox-event.ts';
import { DriftRef } from './drift.ts';
import { ReconcileRunRef } from './reconcile-run.ts';
import { ReferenceRef } from './reference.ts';
import {
  loadBulkOperations,
  loadCompanies,
  loadConflicts,
  loadDeadLetters,
  loadDrifts,
  loadEvents,
  loadLinks,
  loadReconcileRuns,
  loadReferences,
  rowOfField,
} from './rows.ts';
import { encodeCursor } from './stream-cursor.ts';

const stageChange = z.object({
  eventId: z.string(),
  from: z.enum(stages).nullable(),
  to: z.enum(stages),
  note: z.string().nullable(),
});

const eventOfField = rowOfField(loadEvents);

const StageChangeRef = builder.objectRef<z.infer<typeof stageChange>>('StageChange').implement({
  description: 'A change moved from one stage to the next.',
  fields: (t) => ({
    event: t.field({
      type: OutboxEventRef,
      description: 'Change concerned.',
      complexity: 1,
      resolve: async ({ eventId }, _args, context, info) => {
        const event = await eventOfField(eventId, context, info);
        if (event === null) throw new Error(`event ${eventId} of a stage change is missing`);
        return event;
      },
    }),
    from: t.expose('from', {
      type: SyncStageEnum,
      nullable: true,
      description: 'Stage left; null for the first.',
    }),
    to: t.expose('to', { type: SyncStageEnum, description: 'Stage entered.' }),
    note: t.exposeString('note', { nullable: true, description: 'Plain note.' }),
  }),
});

const SyncEventDetailRef = builder.unionType('SyncEventDetail', {
  description: 'Details of a stream event.',
  types: [
    StageChangeRef,
    ConflictRef,
    DeadLetterRef,
    CompanyRef,
    BulkOperationRef,
    InvoiceRef,
    ReferenceRef,
    ReconcileRunRef,
    DriftRef,
    FieldPolicyRef,
  ],
});

const conflictDetail = rowOfField(loadConflicts, 'Conflict');
const deadLetterDetail = rowOfField(loadDeadLetters, 'DeadLetter');
const invoiceDetail = rowOfField(loadLinks, 'Invoice');
const bulkDetail = rowOfField(loadBulkOperations, 'BulkOperation');
const referenceDetail = rowOfField(loadReferences, 'Reference');
const runDetail = rowOfField(loadReconcileRuns, 'ReconcileRun');
const driftDetail = rowOfField(loadDrifts, 'Drift');
const companyDetail = rowOfField(loadCompanies, 'Company');

/** One look at the head a run, for the generation that cursors carry. */
const generation = createContextCache(async (context: GraphqlContext) => {
  const head = await context.stream.head();
  return head.generation;
});

function present<Row>(row: Row | null, what: string): Row {
  if (row === null) throw new Error(`${what} of a stream event is missing`);
  return row;
}

const runDetailOf = z.object({ reconcileRunId: z.string() });
const driftDetailOf = z.object({ driftId: z.string() });
const policyDetailOf = z.object({ pattern: z.string() });
const bulkDetailOf = z.object({ bulkOperationId: z.string() });
const referenceDetailOf = z.object({ referenceId: z.string() });
const conflictDetailOf = z.object({ conflictId: z.string() });
const deadLetterDetailOf = z.object({ deadLetterId: z.string() });

function stageChangeOf(detail: unknown) {
  const change = stageChange.parse(detail);
  brandWithType(change, StageChangeRef);
  return change;
}

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
      resolve: async ({ type, detail, companyId, linkId }, _args, context, info) => {
        if (type === 'STAGE_CHANGED') return stageChangeOf(detail);
        if (type === 'CONFLICT_OPENED' || type === 'CONFLICT_CHANGED') {
          const { conflictId } = conflictDetailOf.parse(detail);
          const conflict = await conflictDetail(conflictId, context, info);
          return ConflictRef.addBrand(present(conflict, 'conflict'));
        }
        if (type === 'DEAD_LETTERED' || type === 'DEAD_LETTER_CHANGED') {
          const { deadLetterId } = deadLetterDetailOf.parse(detail);
          const letter = await deadLetterDetail(deadLetterId, context, info);
          return DeadLetterRef.addBrand(present(letter, 'dead letter'));
        }
        if (type === 'POLICY_CHANGED') {
          const { pattern } = policyDetailOf.parse(detail);
          const policy = await brandedPolicy(`${companyId}/${pattern}`, context);
          // A rule over many fields that was removed leaves no other in its place.
          if (policy !== null) return policy;
        }
        if (type === 'BULK_CHANGED') {
          const { bulkOperationId } = bulkDetailOf.parse(detail);
          const bulk = await bulkDetail(bulkOperationId, context, info);
          // One that reaches into companies the caller may not see is told, not shown.
          if (bulk !== null) return BulkOperationRef.addBrand(bulk);
        }
        if (type === 'REFERENCE_CHANGED') {
          const { referenceId } = referenceDetailOf.parse(detail);
          const reference = await referenceDetail(referenceId, context, info);
          if (reference !== null) return ReferenceRef.addBrand(reference);
        }
        if (type === 'RECONCILE_CHANGED') {
          const { reconcileRunId } = runDetailOf.parse(detail);
          const run = await runDetail(reconcileRunId, context, info);
          return ReconcileRunRef.addBrand(present(run, 'reconcile run'));
        }
        if (type === 'DRIFT_CHANGED') {
          const { driftId } = driftDetailOf.parse(detail);
          return DriftRef.addBrand(present(await driftDetail(driftId, context, info), 'drift'));
        }
        if (type === 'COMPANY_CHANGED' || linkId === null) {
          return CompanyRef.addBrand(
            present(await companyDetail(companyId, context, info), 'company'),
          );
        }
        return InvoiceRef.addBrand(present(await invoiceDetail(linkId, context, info), 'invoice'));
      },
    }),
    correlationId: t.exposeString('correlationId', {
      description: 'Ties it to logs, traces and audit entries.',
    }),
  }),
});
