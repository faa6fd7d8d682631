import { builder } from './builder.ts';
import { companySuccess } from './company-success.ts';
import { globalId, idOf } from './global-id.ts';
import { companyField, keyField, versionField } from './input-fields.ts';
import { answer, notFoundError } from './mutation-result.ts';
import { everyFailure, resultUnion, successType } from './mutation-union.ts';

const RefreshPlanInput = builder.inputType('RefreshPlanInput', {
  description: 'Plan anew.',
  fields: (t) => ({
    companyId: t.id(companyField),
    idempotencyKey: t.field(keyField),
  }),
});

const GoLiveInput = builder.inputType('GoLiveInput', {
  description: 'Let writes leave the bridge.',
  fields: (t) => ({
    companyId: t.id(companyField),
    expectedVersion: t.int(versionField),
    planPassId: t.id({ required: true, description: 'Planning pass you approve.' }),
    expectedWriteCount: t.int({
      required: true,
      description: 'Number of planned writes you saw in it; refused when it differs.',
    }),
    idempotencyKey: t.field(keyField),
  }),
});

const RefreshPlanSuccess = successType('refreshPlan');
builder.objectField(RefreshPlanSuccess, 'passId', (t) =>
  t.id({
    description: 'Pass that is being made; plannedWrites shows it when it is whole.',
    resolve: ({ touched }) => globalId('PlanPass', touched.subjectId),
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
    type: resultUnion('goLive', companySuccess('goLive'), everyFailure),
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
