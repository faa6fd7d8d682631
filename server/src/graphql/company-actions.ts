import { builder } from './builder.ts';
import { CompanyRef } from './company.ts';
import { DirectionEnum } from './enums/crossing.ts';
import { idOf } from './global-id.ts';
import { answer, notFoundError } from './mutation-result.ts';
import { everyFailure, resultUnion, successType } from './mutation-union.ts';
import { loadCompanies, presentRow } from './rows.ts';

const companyOfField = presentRow(loadCompanies);

const SetCompanyPausedInput = builder.inputType('SetCompanyPausedInput', {
  description: 'Pause or restart directions of a company.',
  fields: (t) => ({
    companyId: t.id({ required: true, description: 'Company.' }),
    expectedVersion: t.int({ required: true, description: 'Version you looked at.' }),
    directions: t.field({
      type: [DirectionEnum],
      required: true,
      description: 'Directions that should be paused from now on; empty to run both.',
    }),
    note: t.string({ description: 'Reason.' }),
    idempotencyKey: t.field({
      type: 'IdempotencyKey',
      required: true,
      description: 'Makes a repeat harmless.',
    }),
  }),
});

const SetCompanyPausedSuccess = successType('setCompanyPaused');
builder.objectField(SetCompanyPausedSuccess, 'company', (t) =>
  t.field({
    type: CompanyRef,
    description: 'Company as it is now.',
    complexity: 1,
    resolve: ({ touched }, _args, context, info) =>
      companyOfField(touched.subjectId, context, info),
  }),
);

builder.mutationField('setCompanyPaused', (t) =>
  t.field({
    type: resultUnion('setCompanyPaused', SetCompanyPausedSuccess, everyFailure),
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
