import { builder } from './builder.ts';
import { ConflictRef } from './conflict.ts';
import { choicesOf, FieldChoiceInput } from './field-choice.ts';
import { idOf } from './global-id.ts';
import { keyField, versionField } from './input-fields.ts';
import { answer, notFoundError } from './mutation-result.ts';
import { everyFailure, resultUnion, successType } from './mutation-union.ts';
import { loadConflicts, presentRow } from './rows.ts';
import { undoHandleOf, UndoHandleRef } from './undo-handle.ts';

const ResolveConflictInput = builder.inputType('ResolveConflictInput', {
  description: 'Settle one conflict.',
  fields: (t) => ({
    conflictId: t.id({ required: true, description: 'Conflict.' }),
    expectedVersion: t.int(versionField),
    choices: t.field({
      type: [FieldChoiceInput],
      required: true,
      description: 'A choice for every disputed field.',
    }),
    note: t.string({ description: 'Reason, kept in the audit trail.' }),
    idempotencyKey: t.field(keyField),
  }),
});

const conflictOfField = presentRow(loadConflicts);

const ResolveConflictSuccess = successType('resolveConflict');
builder.objectFields(ResolveConflictSuccess, (t) => ({
  conflict: t.field({
    type: ConflictRef,
    description: 'Conflict as it is now.',
    complexity: 1,
    resolve: ({ touched }, _args, context, info) =>
      conflictOfField(touched.subjectId, context, info),
  }),
  undo: t.field({
    type: UndoHandleRef,
    description: 'Handle to take it back.',
    complexity: 1,
    resolve: ({ touched }, _args, context) => undoHandleOf(touched.undoToken ?? '', context),
  }),
}));

const ReopenConflictInput = builder.inputType('ReopenConflictInput', {
  description: 'Open a conflict again that a rule settled.',
  fields: (t) => ({
    conflictId: t.id({ required: true, description: 'Conflict.' }),
    expectedVersion: t.int(versionField),
    note: t.string({ description: 'Reason, kept in the audit trail.' }),
    idempotencyKey: t.field(keyField),
  }),
});

const ReopenConflictSuccess = successType('reopenConflict');
builder.objectFields(ReopenConflictSuccess, (t) => ({
  conflict: t.field({
    type: ConflictRef,
    description: 'Conflict as it is now.',
    complexity: 1,
    resolve: ({ touched }, _args, context, info) =>
      conflictOfField(touched.subjectId, context, info),
  }),
}));

builder.mutationFields((t) => ({
  resolveConflict: t.field({
    type: resultUnion('resolveConflict', ResolveConflictSuccess, everyFailure),
    description: 'Settles one conflict field by field; written out after the undo window.',
    complexity: 1,
    args: {
      input: t.arg({ type: ResolveConflictInput, required: true, description: 'What to do.' }),
    },
    resolve: async (_root, { input }, context) => {
      const conflictId = idOf('Conflict', input.conflictId);
      if (conflictId === null) return notFoundError(input.conflictId);
      const asked = { id: input.conflictId, idempotencyKey: input.idempotencyKey };
      return answer(context, context.actions.resolveConflict, asked, {
        conflictId,
        expectedVersion: input.expectedVersion,
        choices: choicesOf(input.choices),
        note: input.note ?? null,
      });
    },
  }),
  reopenConflict: t.field({
    type: resultUnion('reopenConflict', ReopenConflictSuccess, everyFailure),
    description: 'Opens a conflict again that a rule settled; an ordinary decision follows.',
    complexity: 1,
    args: {
      input: t.arg({ type: ReopenConflictInput, required: true, description: 'What to do.' }),
    },
    resolve: async (_root, { input }, context) => {
      const conflictId = idOf('Conflict', input.conflictId);
      if (conflictId === null) return notFoundError(input.conflictId);
      const asked = { id: input.conflictId, idempotencyKey: input.idempotencyKey };
      const { expectedVersion } = input;
      return answer(context, context.actions.reopenConflict, asked, {
        conflictId,
        expectedVersion,
        note: input.note ?? null,
      });
    },
  }),
}));
