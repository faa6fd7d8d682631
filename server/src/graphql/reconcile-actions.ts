import { BulkOperationRef } from './bulk-operation.ts';
import { builder } from './builder.ts';
import { DriftRef } from './drift.ts';
import { ReconcileScopeEnum } from './enums/reconcile.ts';
import { idOf, idsOf } from './global-id.ts';
import { companyField, keyField, versionField } from './input-fields.ts';
import { answer, notFoundError } from './mutation-result.ts';
import { everyFailure, resultUnion, successType } from './mutation-union.ts';
import { ReconcileRunRef } from './reconcile-run.ts';
import { loadBulkOperations, loadDrifts, loadReconcileRuns, presentRow } from './rows.ts';

const StartReconcileInput = builder.inputType('StartReconcileInput', {
  description: 'Start a reconcile run.',
  fields: (t) => ({
    companyId: t.id(companyField),
    scope: t.field({ type: ReconcileScopeEnum, required: true, description: 'Scope.' }),
    from: t.field({ type: 'Date', description: 'First issue date, for WINDOW.' }),
    to: t.field({ type: 'Date', description: 'Last issue date, for WINDOW.' }),
    idempotencyKey: t.field(keyField),
  }),
});

const CancelReconcileInput = builder.inputType('CancelReconcileInput', {
  description: 'Stop a reconcile run.',
  fields: (t) => ({
    reconcileRunId: t.id({ required: true, description: 'Run.' }),
    idempotencyKey: t.field(keyField),
  }),
});

const runOfField = presentRow(loadReconcileRuns);

const StartReconcileSuccess = successType('startReconcile');
builder.objectField(StartReconcileSuccess, 'reconcileRun', (t) =>
  t.field({
    type: ReconcileRunRef,
    description: 'Run to watch.',
    complexity: 1,
    resolve: ({ touched }, _args, context, info) => runOfField(touched.subjectId, context, info),
  }),
);

const CancelReconcileSuccess = successType('cancelReconcile');
builder.objectField(CancelReconcileSuccess, 'reconcileRun', (t) =>
  t.field({
    type: ReconcileRunRef,
    description: 'Run as it is now.',
    complexity: 1,
    resolve: ({ touched }, _args, context, info) => runOfField(touched.subjectId, context, info),
  }),
);

builder.mutationFields((t) => ({
  startReconcile: t.field({
    type: resultUnion('startReconcile', StartReconcileSuccess, [
      'invalid',
      'not-found',
      'illegal',
      'idempotency',
    ]),
    description: 'Starts a reconcile run.',
    complexity: 1,
    args: {
      input: t.arg({ type: StartReconcileInput, required: true, description: 'What to do.' }),
    },
    resolve: async (_root, { input }, context) => {
      const companyId = idOf('Company', input.companyId);
      if (companyId === null) return notFoundError(input.companyId);
      const asked = { id: input.companyId, idempotencyKey: input.idempotencyKey };
      const { scope } = input;
      return answer(context, context.actions.startReconcile, asked, {
        companyId,
        scope,
        from: input.from ?? null,
        to: input.to ?? null,
      });
    },
  }),
  cancelReconcile: t.field({
    type: resultUnion('cancelReconcile', CancelReconcileSuccess, [
      'not-found',
      'illegal',
      'idempotency',
    ]),
    description: 'Stops a reconcile run.',
    complexity: 1,
    args: {
      input: t.arg({ type: CancelReconcileInput, required: true, description: 'What to do.' }),
    },
    resolve: async (_root, { input }, context) => {
      const reconcileRunId = idOf('ReconcileRun', input.reconcileRunId);
      if (reconcileRunId === null) return notFoundError(input.reconcileRunId);
      const asked = { id: input.reconcileRunId, idempotencyKey: input.idempotencyKey };
      return answer(context, context.actions.cancelReconcile, asked, { reconcileRunId });
    },
  }),
}));

const RepairDriftsInput = builder.inputType('RepairDriftsInput', {
  description: 'Send the proposed repairs across.',
  fields: (t) => ({
    reconcileRunId: t.id({ required: true, description: 'Run.' }),
    driftIds: t.idList({ description: 'Which ones; every open one when left out.' }),
    expectedCount: t.int({
      required: true,
      description: 'Number you saw; refused when it differs.',
    }),
    idempotencyKey: t.field(keyField),
  }),
});

const AcceptDriftInput = builder.inputType('AcceptDriftInput', {
  description: 'Declare a difference acceptable.',
  fields: (t) => ({
    driftId: t.id({ required: true, description: 'Drift.' }),
    expectedVersion: t.int(versionField),
    reason: t.string({ required: true, description: 'Reason, kept in the audit trail.' }),
    idempotencyKey: t.field(keyField),
  }),
});

const bulkOperationOfField = presentRow(loadBulkOperations);
const driftOfField = presentRow(loadDrifts);

const RepairDriftsSuccess = successType('repairDrifts');
builder.objectField(RepairDriftsSuccess, 'bulkOperation', (t) =>
  t.field({
    type: BulkOperationRef,
    description: 'Job to watch.',
    complexity: 1,
    resolve: ({ touched }, _args, context, info) =>
      bulkOperationOfField(touched.subjectId, context, info),
  }),
);

const AcceptDriftSuccess = successType('acceptDrift');
builder.objectField(AcceptDriftSuccess, 'drift', (t) =>
  t.field({
    type: DriftRef,
    description: 'Drift as it is now.',
    complexity: 1,
    resolve: ({ touched }, _args, context, info) => driftOfField(touched.subjectId, context, info),
  }),
);

builder.mutationFields((t) => ({
  repairDrifts: t.field({
    type: resultUnion('repairDrifts', RepairDriftsSuccess, [
      'invalid',
      'not-found',
      'illegal',
      'idempotency',
    ]),
    description: 'Sends proposed repairs across, as a bulk operation.',
    complexity: 1,
    args: {
      input: t.arg({ type: RepairDriftsInput, required: true, description: 'What to do.' }),
    },
    resolve: async (_root, { input }, context) => {
      const reconcileRunId = idOf('ReconcileRun', input.reconcileRunId);
      if (reconcileRunId === null) return notFoundError(input.reconcileRunId);
      const asked = { id: input.reconcileRunId, idempotencyKey: input.idempotencyKey };
      return answer(context, context.actions.repairDrifts, asked, {
        reconcileRunId,
        driftIds: input.driftIds == null ? null : idsOf('Drift', input.driftIds),
        expectedCount: input.expectedCount,
      });
    },
  }),
  acceptDrift: t.field({
    type: resultUnion('acceptDrift', AcceptDriftSuccess, everyFailure),
    description: 'Accepts a difference, with a reason.',
    complexity: 1,
    args: {
      input: t.arg({ type: AcceptDriftInput, required: true, description: 'What to do.' }),
    },
    resolve: async (_root, { input }, context) => {
      const driftId = idOf('Drift', input.driftId);
      if (driftId === null) return notFoundError(input.driftId);
      const asked = { id: input.driftId, idempotencyKey: input.idempotencyKey };
      const { expectedVersion, reason } = input;
      return answer(context, context.actions.acceptDrift, asked, {
        driftId,
        expectedVersion,
        reason,
      });
    },
  }),
}));
