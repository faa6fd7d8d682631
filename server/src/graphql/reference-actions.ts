import { builder } from './builder.ts';
import { idOf } from './global-id.ts';
import { keyField, versionField } from './input-fields.ts';
import { answer, notFoundError } from './mutation-result.ts';
import { everyFailure, resultUnion, successType } from './mutation-union.ts';
import { ReferenceRef } from './reference.ts';
import { loadReferences, presentRow } from './rows.ts';

const referenceOfField = presentRow(loadReferences);

const MapReferenceInput = builder.inputType('MapReferenceInput', {
  description: 'Pair a reference.',
  fields: (t) => ({
    referenceId: t.id({ required: true, description: 'Reference.' }),
    expectedVersion: t.int(versionField),
    counterpartId: t.string({
      description: 'Record of the other side; leave out to have the bridge make one there.',
    }),
    idempotencyKey: t.field(keyField),
  }),
});

const MapReferenceSuccess = successType('mapReference', 'Reference paired.');
builder.objectField(MapReferenceSuccess, 'reference', (t) =>
  t.field({
    type: ReferenceRef,
    description: 'Reference as it is now.',
    complexity: 1,
    resolve: ({ touched }, _args, context, info) =>
      referenceOfField(touched.subjectId, context, info),
  }),
);

builder.mutationField('mapReference', (t) =>
  t.field({
    type: resultUnion('mapReference', MapReferenceSuccess, everyFailure),
    description: 'Pairs a reference with a record of the other side, or has the bridge make one.',
    complexity: 1,
    args: { input: t.arg({ type: MapReferenceInput, required: true, description: 'What to do.' }) },
    resolve: async (_root, { input }, context) => {
      const referenceId = idOf('Reference', input.referenceId);
      if (referenceId === null) return notFoundError(input.referenceId);
      const asked = { id: input.referenceId, idempotencyKey: input.idempotencyKey };
      return answer(context, context.actions.mapReference, asked, {
        referenceId,
        expectedVersion: input.expectedVersion,
        counterpartId: input.counterpartId ?? null,
      });
    },
  }),
);
