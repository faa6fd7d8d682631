import { builder } from './builder.ts';
import { DeadLetterRef } from './dead-letter.ts';
import { idOf } from './global-id.ts';
import { keyField, versionField } from './input-fields.ts';
import { answer, notFoundError } from './mutation-result.ts';
import { everyFailure, resultUnion, successType } from './mutation-union.ts';
import { OutboxEventRef } from './outbox-event.ts';
import { loadDeadLetters, loadEvents, presentRow } from './rows.ts';
import { undoHandleOf, UndoHandleRef } from './undo-handle.ts';

const ReplayDeadLetterInput = builder.inputType('ReplayDeadLetterInput', {
  description: 'Replay one dead letter.',
  fields: (t) => ({
    deadLetterId: t.id({ required: true, description: 'Dead letter.' }),
    expectedVersion: t.int(versionField),
    confirmInvoiceNumber: t.string({
      description: 'Needed when the verdict is RISKY; must repeat the invoice number.',
    }),
    idempotencyKey: t.field(keyField),
  }),
});

const deadLetterOfField = presentRow(loadDeadLetters);
const eventOfField = presentRow(loadEvents);

const ReplayDeadLetterSuccess = successType('replayDeadLetter');
builder.objectFields(ReplayDeadLetterSuccess, (t) => ({
  deadLetter: t.field({
    type: DeadLetterRef,
    description: 'Dead letter as it is now.',
    complexity: 1,
    resolve: ({ touched }, _args, context, info) =>
      deadLetterOfField(touched.subjectId, context, info),
  }),
  event: t.field({
    type: OutboxEventRef,
    description: 'New change to watch.',
    complexity: 1,
    resolve: ({ touched }, _args, context, info) =>
      eventOfField(touched.eventId ?? '', context, info),
  }),
}));

const DiscardDeadLetterInput = builder.inputType('DiscardDeadLetterInput', {
  description: 'Throw a dead letter away.',
  fields: (t) => ({
    deadLetterId: t.id({ required: true, description: 'Dead letter.' }),
    expectedVersion: t.int(versionField),
    reason: t.string({ required: true, description: 'Reason, kept in the audit trail.' }),
    idempotencyKey: t.field(keyField),
  }),
});

const DiscardDeadLetterSuccess = successType('discardDeadLetter');
builder.objectFields(DiscardDeadLetterSuccess, (t) => ({
  deadLetter: t.field({
    type: DeadLetterRef,
    description: 'Dead letter as it is now.',
    complexity: 1,
    resolve: ({ touched }, _args, context, info) =>
      deadLetterOfField(touched.subjectId, context, info),
  }),
  undo: t.field({
    type: UndoHandleRef,
    description: 'Handle to take it back.',
    complexity: 1,
    resolve: ({ touched }, _args, context) => undoHandleOf(touched.undoToken ?? '', context),
  }),
}));

builder.mutationFields((t) => ({
  replayDeadLetter: t.field({
    type: resultUnion('replayDeadLetter', ReplayDeadLetterSuccess, everyFailure),
    description: 'Sends one dead letter round again, compared anew and never forced.',
    complexity: 1,
    args: {
      input: t.arg({
        type: ReplayDeadLetterInput,
        required: true,
        description: 'What to do.',
      }),
    },
    resolve: async (_root, { input }, context) => {
      const deadLetterId = idOf('DeadLetter', input.deadLetterId);
      if (deadLetterId === null) return notFoundError(input.deadLetterId);
      const asked = { id: input.deadLetterId, idempotencyKey: input.idempotencyKey };
      return answer(context, context.actions.replayDeadLetter, asked, {
        deadLetterId,
        expectedVersion: input.expectedVersion,
        confirmInvoiceNumber: input.confirmInvoiceNumber ?? null,
      });
    },
  }),
  discardDeadLetter: t.field({
    type: resultUnion('discardDeadLetter', DiscardDeadLetterSuccess, everyFailure),
    description: 'Throws a dead letter away, with a reason.',
    complexity: 1,
    args: {
      input: t.arg({
        type: DiscardDeadLetterInput,
        required: true,
        description: 'What to do.',
      }),
    },
    resolve: async (_root, { input }, context) => {
      const deadLetterId = idOf('DeadLetter', input.deadLetterId);
      if (deadLetterId === null) return notFoundError(input.deadLetterId);
      const asked = { id: input.deadLetterId, idempotencyKey: input.idempotencyKey };
      const { expectedVersion, reason } = input;
      return answer(context, context.actions.discardDeadLetter, asked, {
        deadLetterId,
        expectedVersion,
        reason,
      });
    },
  }),
}));
