import { builder } from './builder.ts';
import { globalId, idOf } from './global-id.ts';
import { keyField } from './input-fields.ts';
import { answer, notFoundError } from './mutation-result.ts';
import { resultUnion, successType } from './mutation-union.ts';
import { nodeByGlobalId, NodeRef } from './node.ts';

const UndoInput = builder.inputType('UndoInput', {
  description: 'Take back a recent action.',
  fields: (t) => ({
    token: t.id({ required: true, description: "Token from the action's answer." }),
    idempotencyKey: t.field(keyField),
  }),
});

const UndoSuccess = successType('undo');
builder.objectFields(UndoSuccess, (t) => ({
  subject: t.field({
    type: NodeRef,
    description: 'Object as it is now.',
    complexity: 1,
    resolve: async ({ touched }, _args, context, info) => {
      const { companyId, subjectType = 'DeadLetter', subjectId } = touched;
      const id = globalId(subjectType, subjectId);
      const node = await nodeByGlobalId(id, context, info);
      if (node !== null) return node;
      // A first rule over many fields leaves nothing behind but the company it was made for.
      const company = await nodeByGlobalId(globalId('Company', companyId ?? ''), context, info);
      if (company === null) throw new Error(`what was taken back is missing: ${id}`);
      return company;
    },
  }),
}));

builder.mutationField('undo', (t) =>
  t.field({
    type: resultUnion('undo', UndoSuccess, ['not-found', 'illegal', 'idempotency']),
    description: 'Takes back a recent resolve, discard or rule change while its window is open.',
    complexity: 1,
    args: { input: t.arg({ type: UndoInput, required: true, description: 'What to do.' }) },
    resolve: async (_root, { input }, context) => {
      const token = idOf('Undo', input.token);
      if (token === null) return notFoundError(input.token);
      const asked = { id: input.token, idempotencyKey: input.idempotencyKey };
      return answer(context, context.actions.undo, asked, { token });
    },
  }),
);
