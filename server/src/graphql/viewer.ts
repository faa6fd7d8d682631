import { holds, scopes } from '#ports/access.ts';
import { ActorRef, clientOf, systemActor } from './actor.ts';
import { builder } from './builder.ts';
import type { GraphqlContext } from './context.ts';
import { ScopeEnum } from './enums/company.ts';

const ApiBudgetRef = builder.objectRef<GraphqlContext['budget']>('ApiBudget').implement({
  description: 'Query cost budget, refilled steadily.',
  fields: (t) => ({
    limit: t.exposeInt('limit', { description: 'Size of the bucket in points.' }),
    remaining: t.int({
      description: 'Points left now.',
      resolve: (budget) => budget.remaining(),
    }),
    refillPerSecond: t.exposeInt('refillPerSecond', {
      description: 'Points refilled each second.',
    }),
  }),
});

const ViewerRef = builder.objectRef<GraphqlContext>('Viewer').implement({
  description: 'Who is asking, and what they may do.',
  fields: (t) => ({
    actor: t.field({
      type: ActorRef,
      description: 'Person or program behind the credentials.',
      resolve: async ({ caller }, _args, context) => {
        const client = caller.kind === 'demo' ? null : await clientOf(caller.id, context);
        return client ?? systemActor(caller.name);
      },
    }),
    scopes: t.field({
      type: [ScopeEnum],
      description: 'Rights held.',
      resolve: ({ caller }) => scopes.filter((scope) => holds(caller, scope)),
    }),
    apiBudget: t.field({
      type: ApiBudgetRef,
      description: 'Query budget left in the present window.',
      resolve: ({ budget }) => budget,
    }),
  }),
});

builder.queryField('viewer', (t) =>
  t.field({
    type: ViewerRef,
    description: 'Who is asking.',
    resolve: (_root, _args, context) => context,
  }),
);
