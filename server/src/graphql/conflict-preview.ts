import type { ResolutionPreview } from '#sync/preview-resolution.ts';
import { builder } from './builder.ts';
import { writeOf } from './decision.ts';
import { FieldDiffRef, placedIn } from './diff.ts';
import { badInput } from './errors.ts';
import { choicesOf, FieldChoiceInput } from './field-choice.ts';
import { idOf } from './global-id.ts';
import { baseOf } from './invoice.ts';
import { InvoiceSnapshotRef, type SnapshotShape } from './snapshot.ts';

const PreviewResolutionInput = builder.inputType('PreviewResolutionInput', {
  description: 'Choices to try out.',
  fields: (t) => ({
    conflictId: t.id({ required: true, description: 'Conflict.' }),
    choices: t.field({
      type: [FieldChoiceInput],
      required: true,
      description: 'Choices; disputed fields left out count as undecided.',
    }),
  }),
});

type PreviewShape = Omit<ResolutionPreview, 'result'> & {
  readonly result: SnapshotShape;
  readonly currency: string;
};

const ResolutionPreviewRef = builder.objectRef<PreviewShape>('ResolutionPreview').implement({
  description: 'What a set of choices would do, computed without doing it.',
  fields: (t) => ({
    result: t.expose('result', {
      type: InvoiceSnapshotRef,
      description: 'Snapshot both sides would hold.',
    }),
    internalWrites: t.field({
      type: [FieldDiffRef],
      description: 'Writes to the internal side, as field diffs.',
      resolve: ({ companyId, internalWrites, currency }) =>
        placedIn(
          companyId,
          internalWrites.map((write) => writeOf(write, 'CHANGED_IN_QUICKBOOKS', currency)),
        ),
    }),
    quickbooksWrites: t.field({
      type: [FieldDiffRef],
      description: 'Writes to QuickBooks, as field diffs.',
      resolve: ({ companyId, quickbooksWrites, currency }) =>
        placedIn(
          companyId,
          quickbooksWrites.map((write) => writeOf(write, 'CHANGED_INTERNALLY', currency)),
        ),
    }),
    problems: t.stringList({
      description: 'Reasons it would be refused; empty when it would go through.',
      resolve: ({ problems }) => [...problems],
    }),
  }),
});

builder.queryField('previewResolution', (t) =>
  t.field({
    type: ResolutionPreviewRef,
    description: 'What a set of choices would do, without doing it.',
    complexity: 5,
    args: {
      input: t.arg({
        type: PreviewResolutionInput,
        required: true,
        description: 'Conflict and choices.',
      }),
    },
    resolve: async (_root, { input }, context) => {
      const conflictId = idOf('Conflict', input.conflictId);
      const found =
        conflictId === null
          ? null
          : await context.actions.previewResolution(context.caller, {
              conflictId,
              choices: choicesOf(input.choices),
            });
      if (found === null) throw badInput('There is no such conflict, or you may not see it.');
      const at = new Date(context.clock.now());
      const result = baseOf(found.result, found.companyId, at);
      if (result === null) throw new Error('a rehearsed invoice is missing');
      return { ...found, result, currency: found.result.currency };
    },
  }),
);
