import type { DeadLetterSelection } from '#ports/bulk.ts';
import type { ReplayPlan } from '#sync/replay-dead-letters.ts';
import { BulkOperationRef } from './bulk-operation.ts';
import { builder } from './builder.ts';
import { DeadLetterFilterInput } from './dead-letter.ts';
import { ReplaySafetyEnum } from './enums/dead-letter.ts';
import { idOf, idsOf } from './global-id.ts';
import { keyField } from './input-fields.ts';
import { MoneyRef } from './money.ts';
import { answer, notFoundError } from './mutation-result.ts';
import { resultUnion, successType } from './mutation-union.ts';
import { loadBulkOperations, presentRow } from './rows.ts';

const DeadLetterSelectionInput = builder.inputType('DeadLetterSelection', {
  isOneOf: true,
  description: 'Which dead letters: exactly one of the two.',
  fields: (t) => ({
    ids: t.idList({ description: 'These.' }),
    filter: t.field({
      type: DeadLetterFilterInput,
      description: 'All that match now; the set is frozen when the request is accepted.',
    }),
  }),
});

type Selected = typeof DeadLetterSelectionInput.$inferInput;

/** A selection in own ids; one that names what is none of ours matches nothing. */
function selectionOf({ ids, filter }: Selected): DeadLetterSelection {
  if (filter == null) return { ids: idsOf('DeadLetter', ids ?? []) };
  const { companyIds, statuses, reasons, fingerprint, direction, safeties, diedAt } = filter;
  return {
    filter: {
      companyIds: companyIds == null ? null : idsOf('Company', companyIds),
      statuses: statuses ?? null,
      reasons: reasons ?? null,
      fingerprint: fingerprint ?? null,
      direction: direction ?? null,
      safeties: safeties ?? null,
      diedFrom: diedAt?.from?.toISOString() ?? null,
      diedBefore: diedAt?.to?.toISOString() ?? null,
    },
  };
}

const ReplaySafetyCountRef = builder
  .objectRef<ReplayPlan['bySafety'][number]>('ReplaySafetyCount')
  .implement({
    description: 'Count for one verdict.',
    fields: (t) => ({
      safety: t.expose('safety', { type: ReplaySafetyEnum, description: 'Verdict.' }),
      count: t.exposeInt('count', { description: 'How many.' }),
    }),
  });

const ReplayPreviewRef = builder.objectRef<ReplayPlan>('ReplayPreview').implement({
  description: 'What a bulk replay would do, computed without doing it.',
  fields: (t) => ({
    count: t.exposeInt('count', {
      description: 'How many match; pass it back as expectedCount.',
    }),
    bySafety: t.field({
      type: [ReplaySafetyCountRef],
      description: 'How many of each verdict.',
      resolve: ({ bySafety }) => [...bySafety],
    }),
    amounts: t.field({
      type: [MoneyRef],
      description: 'Money concerned, by currency.',
      resolve: ({ amounts }) => [...amounts],
    }),
    estimatedSeconds: t.exposeInt('estimatedSeconds', {
      description: 'Seconds it would take at the allowed rate.',
    }),
  }),
});

builder.queryField('previewReplay', (t) =>
  t.field({
    type: ReplayPreviewRef,
    description: 'What a bulk replay would do, without doing it.',
    complexity: 50,
    args: {
      selection: t.arg({
        type: DeadLetterSelectionInput,
        required: true,
        description: 'Which ones.',
      }),
    },
    resolve: (_root, { selection }, context) =>
      context.actions.previewReplay(context.caller, selectionOf(selection)),
  }),
);

const ReplayDeadLettersInput = builder.inputType('ReplayDeadLettersInput', {
  description: 'Replay many dead letters.',
  fields: (t) => ({
    selection: t.field({
      type: DeadLetterSelectionInput,
      required: true,
      description: 'Which ones; RISKY and POINTLESS ones are skipped.',
    }),
    expectedCount: t.int({
      required: true,
      description: 'Number you saw in the preview; refused when it differs.',
    }),
    ratePerMinute: t.int({
      required: true,
      defaultValue: 60,
      description: 'Most replays a minute.',
    }),
    idempotencyKey: t.field(keyField),
  }),
});

const CancelBulkOperationInput = builder.inputType('CancelBulkOperationInput', {
  description: 'Stop a bulk operation.',
  fields: (t) => ({
    bulkOperationId: t.id({ required: true, description: 'Operation.' }),
    idempotencyKey: t.field(keyField),
  }),
});

const bulkOperationOfField = presentRow(loadBulkOperations);

const ReplayDeadLettersSuccess = successType('replayDeadLetters');
builder.objectField(ReplayDeadLettersSuccess, 'bulkOperation', (t) =>
  t.field({
    type: BulkOperationRef,
    description: 'Job to watch.',
    complexity: 1,
    resolve: ({ touched }, _args, context, info) =>
      bulkOperationOfField(touched.subjectId, context, info),
  }),
);

const CancelBulkOperationSuccess = successType('cancelBulkOperation');
builder.objectField(CancelBulkOperationSuccess, 'bulkOperation', (t) =>
  t.field({
    type: BulkOperationRef,
    description: 'Operation as it is now.',
    complexity: 1,
    resolve: ({ touched }, _args, context, info) =>
      bulkOperationOfField(touched.subjectId, context, info),
  }),
);

builder.mutationFields((t) => ({
  replayDeadLetters: t.field({
    type: resultUnion('replayDeadLetters', ReplayDeadLettersSuccess, [
      'invalid',
      'illegal',
      'idempotency',
    ]),
    description: 'Replays many dead letters at a limited rate, as a bulk operation.',
    complexity: 1,
    args: {
      input: t.arg({ type: ReplayDeadLettersInput, required: true, description: 'What to do.' }),
    },
    resolve: (_root, { input }, context) => {
      const { idempotencyKey, expectedCount, ratePerMinute } = input;
      const selection = selectionOf(input.selection);
      return answer(
        context,
        context.actions.replayDeadLetters,
        { id: idempotencyKey, idempotencyKey },
        { selection, expectedCount, ratePerMinute },
      );
    },
  }),
  cancelBulkOperation: t.field({
    type: resultUnion('cancelBulkOperation', CancelBulkOperationSuccess, [
      'not-found',
      'illegal',
      'idempotency',
    ]),
    description: 'Stops a bulk operation; what is done stays done.',
    complexity: 1,
    args: {
      input: t.arg({ type: CancelBulkOperationInput, required: true, description: 'What to do.' }),
    },
    resolve: async (_root, { input }, context) => {
      const bulkOperationId = idOf('BulkOperation', input.bulkOperationId);
      if (bulkOperationId === null) return notFoundError(input.bulkOperationId);
      const asked = { id: input.bulkOperationId, idempotencyKey: input.idempotencyKey };
      return answer(context, context.actions.cancelBulkOperation, asked, { bulkOperationId });
    },
  }),
}));
