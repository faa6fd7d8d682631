import type { Finding } from '#core/onboarding/findings.ts';
import { toCompanyId } from '#core/brand.ts';
import { builder } from './builder.ts';
import { isVisible } from './context.ts';
import { HealthEnum } from './enums/company.ts';
import { SideEnum } from './enums/crossing.ts';
import { badInput } from './errors.ts';
import { idOf } from './global-id.ts';
import { sideName } from './words.ts';

const ConnectionCheckRef = builder.objectRef<Finding>('ConnectionCheck').implement({
  description: 'One finding about a side of a company.',
  fields: (t) => ({
    side: t.field({
      type: SideEnum,
      nullable: true,
      description: 'Side looked at; null for the bridge itself.',
      resolve: ({ side }) => (side === null ? null : sideName[side]),
    }),
    title: t.exposeString('title', {
      description: "What was looked at, for example 'webhook reaches us'.",
    }),
    state: t.expose('state', { type: HealthEnum, description: 'Traffic light.' }),
    finding: t.exposeString('finding', { description: 'What was found, in one sentence.' }),
    fix: t.exposeString('fix', {
      nullable: true,
      description: 'What to do about it; null when all is well.',
    }),
  }),
});

builder.queryField('connectionChecks', (t) =>
  t.field({
    type: [ConnectionCheckRef],
    description:
      'Findings about both sides of a company, worst first: address, credentials, webhooks, settings that matter.',
    // Both sides are called for it.
    complexity: 100,
    args: { companyId: t.arg.id({ required: true, description: 'Company.' }) },
    resolve: async (_root, { companyId }, context) => {
      const id = idOf('Company', companyId);
      const found =
        id !== null && isVisible(context, id)
          ? await context.checkConnection(toCompanyId(id))
          : null;
      if (found === null) throw badInput('There is no such company.');
      return [...found];
    },
  }),
);
