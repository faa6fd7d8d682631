import type { PolicyRehearsal } from '#core/resolution/rehearse-policy.ts';
import { builder } from './builder.ts';
import { ConflictRef } from './conflict.ts';
import { isVisible } from './context.ts';
import { FieldRuleEnum } from './enums/invoice.ts';
import { badInput } from './errors.ts';
import { idOf } from './global-id.ts';
import { companyField } from './input-fields.ts';
import { loadConflicts, rowOfField } from './rows.ts';

const disagreementOfField = rowOfField(loadConflicts);

const PolicyPreviewRef = builder.objectRef<PolicyRehearsal>('PolicyPreview').implement({
  description: 'What a rule change would have done to past conflicts.',
  fields: (t) => ({
    considered: t.exposeInt('considered', { description: 'Past conflicts looked at.' }),
    wouldAutoResolve: t.exposeInt('wouldAutoResolve', {
      description: 'Of those, would have been settled without a person.',
    }),
    wouldDisagree: t.exposeInt('wouldDisagree', {
      description: 'Of those, a person had chosen the other way.',
    }),
    disagreements: t.field({
      type: [ConflictRef],
      description: 'Some that would have gone the other way.',
      complexity: { field: 20, multiplier: 20 },
      resolve: async ({ disagreements }, _args, context, info) => {
        const found = await Promise.all(
          disagreements.map((id) => disagreementOfField(id, context, info)),
        );
        return found.filter((conflict) => conflict !== null);
      },
    }),
  }),
});

const PreviewFieldPolicyInput = builder.inputType('PreviewFieldPolicyInput', {
  description: 'Rule to try out.',
  fields: (t) => ({
    companyId: t.id(companyField),
    pattern: t.string({ required: true, description: 'Path pattern.' }),
    rule: t.field({ type: FieldRuleEnum, required: true, description: 'Rule.' }),
    tolerance: t.field({ type: 'Decimal', description: 'Tolerance.' }),
  }),
});

builder.queryField('previewFieldPolicy', (t) =>
  t.field({
    type: PolicyPreviewRef,
    description: 'What a rule change would have done to past conflicts.',
    complexity: 50,
    args: {
      input: t.arg({
        type: PreviewFieldPolicyInput,
        required: true,
        description: 'Rule as it would be.',
      }),
    },
    resolve: async (_root, { input }, context) => {
      const companyId = idOf('Company', input.companyId);
      if (companyId === null || !isVisible(context, companyId))
        throw badInput('There is no such company, or you may not see it.');
      const { pattern, rule, tolerance = null } = input;
      const preview = await context.actions.previewFieldPolicy({
        companyId,
        pattern,
        rule,
        tolerance,
      });
      if (!('problems' in preview)) return preview;
      throw badInput(preview.problems.map(({ message }) => message).join(' '));
    },
  }),
);
