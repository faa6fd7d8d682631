import { brandWithType } from '@pothos/core';
import type { GraphQLResolveInfo } from 'graphql';
import { z } from 'zod';
import { stages } from '#core/event/stage.ts';
import type { SyncEventType } from '#generated/prisma/enums.ts';
import { builder } from './builder.ts';
import { BulkOperationRef } from './bulk-operation.ts';
import { CompanyRef } from './company.ts';
import type { GraphqlContext } from './context.ts';
import { ConflictRef } from './conflict.ts';
import { DeadLetterRef } from './dead-letter.ts';
import { SyncStageEnum } from './enums/crossing.ts';
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

/** Union of what stream events show. */
export const SyncEventDetailRef = builder.unionType('SyncEventDetail', {
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

/** What a stream event keeps of its details. */
type Told = {
  readonly detail: unknown;
  readonly companyId: string;
  readonly linkId: string | null;
};
type Detail = typeof SyncEventDetailRef.$inferType;
type Show = (told: Told, context: GraphqlContext, info: GraphQLResolveInfo) => Promise<Detail>;

/** Shows the row that a key of the details names; where the caller may not see it, the company stands for it. */
function rowNamed<Row extends { readonly id: string }>(
  key: string,
  name: string,
  loadRows: Parameters<typeof rowOfField<Row>>[0],
  shown: (row: Row) => Detail,
): Show {
  const load = rowOfField(loadRows, name);
  const named = z.record(z.string(), z.unknown());
  return async (told, context, info) => {
    const row = await load(z.string().parse(named.parse(told.detail)[key]), context, info);
    return row === null ? showCompany(told, context, info) : shown(row);
  };
}

const companyDetail = rowOfField(loadCompanies, 'Company');
const invoiceDetail = rowOfField(loadLinks, 'Invoice');

const showCompany: Show = async ({ companyId }, context, info) => {
  const company = await companyDetail(companyId, context, info);
  if (company === null) throw new Error('the company of a stream event is missing');
  return CompanyRef.addBrand(company);
};

const showInvoice: Show = async (told, context, info) => {
  if (told.linkId === null) return showCompany(told, context, info);
  const invoice = await invoiceDetail(told.linkId, context, info);
  if (invoice === null) throw new Error('the invoice of a stream event is missing');
  return InvoiceRef.addBrand(invoice);
};

const showStage: Show = async ({ detail }) => {
  const change = stageChange.parse(detail);
  brandWithType(change, StageChangeRef);
  return change;
};

/** A rule over many fields that was removed leaves no other in its place. */
const showPolicy: Show = async (told, context, info) => {
  const { pattern } = z.object({ pattern: z.string() }).parse(told.detail);
  const policy = await brandedPolicy(`${told.companyId}/${pattern}`, context);
  return policy ?? showCompany(told, context, info);
};

const showConflict = rowNamed('conflictId', 'Conflict', loadConflicts, (row) =>
  ConflictRef.addBrand(row),
);
const showDeadLetter = rowNamed('deadLetterId', 'DeadLetter', loadDeadLetters, (row) =>
  DeadLetterRef.addBrand(row),
);

/** The details of each type, as they are now. */
export const showDetail: Readonly<Record<SyncEventType, Show>> = {
  STAGE_CHANGED: showStage,
  CONFLICT_OPENED: showConflict,
  CONFLICT_CHANGED: showConflict,
  DEAD_LETTERED: showDeadLetter,
  DEAD_LETTER_CHANGED: showDeadLetter,
  POLICY_CHANGED: showPolicy,
  BULK_CHANGED: rowNamed('bulkOperationId', 'BulkOperation', loadBulkOperations, (row) =>
    BulkOperationRef.addBrand(row),
  ),
  REFERENCE_CHANGED: rowNamed('referenceId', 'Reference', loadReferences, (row) =>
    ReferenceRef.addBrand(row),
  ),
  RECONCILE_CHANGED: rowNamed('reconcileRunId', 'ReconcileRun', loadReconcileRuns, (row) =>
    ReconcileRunRef.addBrand(row),
  ),
  DRIFT_CHANGED: rowNamed('driftId', 'Drift', loadDrifts, (row) => DriftRef.addBrand(row)),
  COMPANY_CHANGED: showCompany,
  INVOICE_CHANGED: showInvoice,
};
