import type { ConflictSelection } from '#ports/bulk.ts';
import { BulkOperationRef } from './bulk-operation.ts';
import { builder } from './builder.ts';
import { ConflictFilterInput } from './conflict-list.ts';
import { FieldChoiceEnum } from './enums/conflict.ts';
import { idsOf } from './global-id.ts';
import { keyField } from './input-fields.ts';
import { answer } from './mutation-result.ts';
import { resultUnion, successType } from './mutation-union.ts';
import { loadBulkOperations, presentRow } from './rows.ts';
import { undoHandleOf, UndoHandleRef } from './undo-handle.ts';

const ConflictSelectionInput = builder.inputType('ConflictSelection', {
  isOneOf: true,
  description: 'Which conflicts: exactly one of the two.',
  fields: (t) => ({
    ids: t.idList({ description: 'These.' }),
    filter: t.field({
      type: ConflictFilterInput,
      description: 'All that match now; frozen when the request is accepted.',
    }),
  }),
});

/** A selection in own ids; one that names what is none of ours matches nothing. */
function selectionOf({
  ids,
  filter,
}: typeof ConflictSelectionInput.$inferInput): ConflictSelection {
  if (filter == null) return { ids: idsOf('Conflict', ids ?? []) };
  const { companyIds, statuses, path, amountAtStake, detectedAt } = filter;
  return {
    filter: {
      companyIds: companyIds == null ? null : idsOf('Company', companyIds),
      statuses: statuses ?? null,
      path: path ?? null,
      currency: amountAtStake?.currency ?? null,
      amountMin: amountAtStake?.min ?? null,
      amountMax: amountAtStake?.max ?? null,
      detectedFrom: detectedAt?.from?.toISOString() ?? null,
      detectedBefore: detectedAt?.to?.toISOString() ?? null,
    },
  };
}

const ResolveConflictsInput = builder.inputType('ResolveConflictsInput', {
  description: 'Settle many conflicts the same way.',
  fields: (t) => ({
    selection: t.field({
      type: ConflictSelectionInput,
      required: true,
      description: 'Which ones.',
    }),
    choice: t.field({
      type: FieldChoiceEnum,
      required: true,
      description: 'Choice for every disputed field; CUSTOM is not allowed here.',
    }),
    expectedCount: t.int({
      required: true,
      description: 'Number of conflicts you saw; refused when it differs.',
    }),
    note: t.string({ required: true, description: 'Reason.' }),
    idempotencyKey: t.field(keyField),
  }),
});

const bulkOperationOfField = presentRow(loadBulkOperations);

const ResolveConflictsSuccess = successType('resolveConflicts');
builder.objectFields(ResolveConflictsSuccess, (t) => ({
  bulkOperation: t.field({
    type: BulkOperationRef,
    description: 'Job to watch.',
    complexity: 1,
    resolve: ({ touched }, _args, context, info) =>
      bulkOperationOfField(touched.subjectId, context, info),
  }),
  undo: t.field({
    type: UndoHandleRef,
    description: 'Takes back those whose window is still open.',
    complexity: 1,
    resolve: ({ touched }, _args, context) => undoHandleOf(touched.undoToken ?? '', context),
  }),
}));

builder.mutationField('resolveConflicts', (t) =>
  t.field({
    type: resultUnion('resolveConflicts', ResolveConflictsSuccess, [
      'invalid',
      'illegal',
      'idempotency',
    ]),
    description: 'Settles many conflicts one way, as a bulk operation.',
    complexity: 1,
    args: {
      input: t.arg({ type: ResolveConflictsInput, required: true, description: 'What to do.' }),
    },
    resolve: (_root, { input }, context) => {
      const { idempotencyKey, choice, expectedCount, note } = input;
      const selection = selectionOf(input.selection);
      return answer(
        context,
        context.actions.resolveConflicts,
        { id: idempotencyKey, idempotencyKey },
        { selection, choice, expectedCount, note },
      );
    },
  }),
);
