import { builder } from './builder.ts';
import { companySuccess } from './company-success.ts';
import { DirectionEnum } from './enums/crossing.ts';
import { idOf } from './global-id.ts';
import { companyField, keyField, versionField } from './input-fields.ts';
import { answer, notFoundError } from './mutation-result.ts';
import { everyFailure, resultUnion } from './mutation-union.ts';

const SetCompanyPausedInput = builder.inputType('SetCompanyPausedInput', {
  description: 'Pause or restart directions of a company.',
  fields: (t) => ({
    companyId: t.id(companyField),
    expectedVersion: t.int(versionField),
    directions: t.field({
      type: [DirectionEnum],
      required: true,
      description: 'Directions that should be paused from now on; empty to run both.',
    }),
    note: t.string({ description: 'Reason.' }),
    idempotencyKey: t.field(keyField),
  }),
});

builder.mutationField('setCompanyPaused', (t) =>
  t.field({
    type: resultUnion('setCompanyPaused', companySuccess('setCompanyPaused'), everyFailure),
    description:
      'Pauses or restarts directions of a company; needs scope OPERATE, so that whoever is on call can stop it.',
    complexity: 1,
    args: {
      input: t.arg({ type: SetCompanyPausedInput, required: true, description: 'What to do.' }),
    },
    resolve: async (_root, { input }, context) => {
      const companyId = idOf('Company', input.companyId);
      if (companyId === null) return notFoundError(input.companyId);
      const asked = { id: input.companyId, idempotencyKey: input.idempotencyKey };
      const { expectedVersion, directions, note } = input;
      return answer(context, context.actions.setCompanyPaused, asked, {
        companyId,
        expectedVersion,
        directions,
        note: note ?? null,
      });
    },
  }),
);
