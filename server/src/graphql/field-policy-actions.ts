import { BulkOperationRef } from './bulk-operation.ts';
import { builder } from './builder.ts';
import type { GraphqlContext } from './context.ts';
import { FieldRuleEnum } from './enums/invoice.ts';
import { FieldPolicyRef, placeOfPolicy, policyById } from './field-policy.ts';
import { globalId, idOf } from './global-id.ts';
import { companyField, keyField, versionField } from './input-fields.ts';
import { answer, notFoundError } from './mutation-result.ts';
import { everyFailure, resultUnion, successType } from './mutation-union.ts';
import { loadBulkOperations, presentRow } from './rows.ts';
import { undoHandleOf, UndoHandleRef } from './undo-handle.ts';

const UpsertFieldPolicyInput = builder.inputType('UpsertFieldPolicyInput', {
  description: 'Make or change a field rule.',
  fields: (t) => ({
    companyId: t.id(companyField),
    pattern: t.string({ required: true, description: 'Path pattern.' }),
    rule: t.field({ type: FieldRuleEnum, required: true, description: 'Rule.' }),
    tolerance: t.field({ type: 'Decimal', description: 'Tolerance.' }),
    expectedVersion: t.int({ description: 'Version you looked at; leave out to create.' }),
    applyToOpen: t.boolean({
      required: true,
      defaultValue: false,
      description: 'True to settle open conflicts that the rule now decides.',
    }),
    idempotencyKey: t.field(keyField),
  }),
});

const DeleteFieldPolicyInput = builder.inputType('DeleteFieldPolicyInput', {
  description: 'Remove a field rule; the next broader one applies.',
  fields: (t) => ({
    fieldPolicyId: t.id({ required: true, description: 'Rule.' }),
    expectedVersion: t.int(versionField),
    idempotencyKey: t.field(keyField),
  }),
});

const bulkOperationOfField = presentRow(loadBulkOperations);

/** A rule that was just written; when it was taken back meanwhile, the one that covers its fields now. */
async function presentPolicy(id: string, context: GraphqlContext) {
  const policy = await policyById(id, context);
  if (policy === null) throw new Error(`a rule that was just made is missing: ${id}`);
  return policy;
}

const UpsertFieldPolicySuccess = successType('upsertFieldPolicy');
builder.objectFields(UpsertFieldPolicySuccess, (t) => ({
  fieldPolicy: t.field({
    type: FieldPolicyRef,
    description: 'Rule as it is now.',
    complexity: 1,
    resolve: ({ touched }, _args, context) => presentPolicy(touched.subjectId, context),
  }),
  bulkOperation: t.field({
    type: BulkOperationRef,
    nullable: true,
    description: 'Job that settles open conflicts, when asked for.',
    complexity: 1,
    resolve: ({ touched: { bulkOperationId } }, _args, context, info) =>
      bulkOperationId === undefined ? null : bulkOperationOfField(bulkOperationId, context, info),
  }),
  undo: t.field({
    type: UndoHandleRef,
    description: 'Handle to take it back.',
    complexity: 1,
    resolve: ({ touched }, _args, context) => undoHandleOf(touched.undoToken ?? '', context),
  }),
}));

const DeleteFieldPolicySuccess = successType('deleteFieldPolicy');
builder.objectField(DeleteFieldPolicySuccess, 'deletedFieldPolicyId', (t) =>
  t.id({
    description: 'Id of the removed rule.',
    resolve: ({ touched }) => globalId('FieldPolicy', touched.subjectId),
  }),
);

builder.mutationFields((t) => ({
  upsertFieldPolicy: t.field({
    type: resultUnion('upsertFieldPolicy', UpsertFieldPolicySuccess, everyFailure),
    description: 'Makes or changes a field rule; needs scope ADMIN.',
    authScopes: { scope: 'ADMIN' },
    complexity: 1,
    args: {
      input: t.arg({ type: UpsertFieldPolicyInput, required: true, description: 'What to do.' }),
    },
    resolve: async (_root, { input }, context) => {
      const companyId = idOf('Company', input.companyId);
      if (companyId === null) return notFoundError(input.companyId);
      const { idempotencyKey, pattern, rule, applyToOpen } = input;
      const id = globalId('FieldPolicy', `${companyId}/${pattern}`);
      return answer(
        context,
        context.actions.upsertFieldPolicy,
        { id, idempotencyKey },
        {
          companyId,
          pattern,
          rule,
          tolerance: input.tolerance ?? null,
          expectedVersion: input.expectedVersion ?? null,
          applyToOpen,
        },
      );
    },
  }),
  deleteFieldPolicy: t.field({
    type: resultUnion('deleteFieldPolicy', DeleteFieldPolicySuccess, everyFailure),
    description: 'Removes a field rule; needs scope ADMIN.',
    authScopes: { scope: 'ADMIN' },
    complexity: 1,
    args: {
      input: t.arg({ type: DeleteFieldPolicyInput, required: true, description: 'What to do.' }),
    },
    resolve: async (_root, { input }, context) => {
      const { fieldPolicyId, expectedVersion, idempotencyKey } = input;
      const place = placeOfPolicy(fieldPolicyId);
      if (place === null) return notFoundError(fieldPolicyId);
      const asked = { id: fieldPolicyId, idempotencyKey };
      return answer(context, context.actions.deleteFieldPolicy, asked, {
        ...place,
        expectedVersion,
      });
    },
  }),
}));
