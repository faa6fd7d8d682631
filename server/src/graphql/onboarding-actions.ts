import { builder } from './builder.ts';
import { CompanyRef } from './company.ts';
import { globalId, idOf } from './global-id.ts';
import { answer, notFoundError } from './mutation-result.ts';
import { everyFailure, resultUnion, successType } from './mutation-union.ts';
import { loadCompanies, presentRow } from './rows.ts';

const companyOfField = presentRow(loadCompanies);

const RefreshPlanInput = builder.inputType('RefreshPlanInput', {
  description: 'Plan anew.',
  fields: (t) => ({
    companyId: t.id({ required: true, description: 'Company.' }),
    idempotencyKey: t.field({
      type: 'IdempotencyKey',
      required: true,
      description: 'Makes a repeat harmless.',
    }),
  }),
});

const GoLiveInput = builder.inputType('GoLiveInput', {
  description: 'Let writes leave the bridge.',
  fields: (t) => ({
    companyId: t.id({ required: true, description: 'Company.' }),
    expectedVersion: t.int({ required: true, description: 'Version you looked at.' }),
    planPassId: t.id({ required: true, description: 'Planning pass you approve.' }),
    expectedWriteCount: t.int({
      required: true,
      description: 'Number of planned writes you saw in it; refused when it differs.',
    }),
    idempotencyKey: t.field({
      type: 'IdempotencyKey',
      required: true,
      description: 'Makes a repeat harmless.',
    }),
  }),
});

const RefreshPlanSuccess = successType('refreshPlan');
builder.objectField(RefreshPlanSuccess, 'passId', (t) =>
  t.id({
    description: 'Pass that is being made; plannedWrites shows it when it is whole.',
    resolve: ({ touched }) => globalId('PlanPass', touched.subjectId),
  }),
);

const GoLiveSuccess = successType('goLive');
builder.objectField(GoLiveSuccess, 'company', (t) =>
  t.field({
    type: CompanyRef,
    description: 'Company as it is now.',
    complexity: 1,
    resolve: ({ touched }, _args, context, info) =>
      companyOfField(touched.subjectId, context, info),
  }),
);

builder.mutationField('refreshPlan', (t) =>
  t.field({
    type: resultUnion('refreshPlan', RefreshPlanSuccess, [
      'invalid',
      'not-found',
      'illegal',
      'idempotency',
    ]),
    description: 'Makes a new planning pass for a company in shadow mode; needs scope ADMIN.',
    authScopes: { scope: 'ADMIN' },
    complexity: 1,
    args: {
      input: t.arg({ type: RefreshPlanInput, required: true, description: 'What to do.' }),
    },
    resolve: (_root, { input }, context) => {
      const companyId = idOf('Company', input.companyId);
      if (companyId === null) return notFoundError(input.companyId);
      const asked = { id: input.companyId, idempotencyKey: input.idempotencyKey };
      return answer(context, context.actions.refreshPlan, asked, { companyId });
    },
  }),
);

builder.mutationField('goLive', (t) =>
  t.field({
    type: resultUnion('goLive', GoLiveSuccess, everyFailure),
    description: 'Ends shadow mode: planned writes are made from now on; needs scope ADMIN.',
    authScopes: { scope: 'ADMIN' },
    complexity: 1,
    args: {
      input: t.arg({ type: GoLiveInput, required: true, description: 'What to do.' }),
    },
    resolve: (_root, { input }, context) => {
      const companyId = idOf('Company', input.companyId);
      const planPassId = idOf('PlanPass', input.planPassId);
      if (companyId === null) return notFoundError(input.companyId);
      if (planPassId === null) return notFoundError(input.planPassId);
      const { expectedVersion, expectedWriteCount, idempotencyKey } = input;
      const wanted = { companyId, expectedVersion, planPassId, expectedWriteCount };
      const asked = { id: input.companyId, idempotencyKey };
      return answer(context, context.actions.goLive, asked, wanted);
    },
  }),
);
