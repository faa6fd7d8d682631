import { ApiClientRef } from './api-client.ts';
import { builder } from './builder.ts';
import { ScopeEnum } from './enums/company.ts';
import { idOf } from './global-id.ts';
import { keyField } from './input-fields.ts';
import { answer, notFoundError } from './mutation-result.ts';
import { resultUnion, successType } from './mutation-union.ts';

const CreateApiClientInput = builder.inputType('CreateApiClientInput', {
  description: 'Make an API client.',
  fields: (t) => ({
    displayName: t.string({ required: true, description: 'Name.' }),
    scopes: t.field({ type: [ScopeEnum], required: true, description: 'Rights.' }),
    companyIds: t.idList({
      description:
        'Companies it may see; leave out for all, which only an unlimited ADMIN may grant.',
    }),
    idempotencyKey: t.field(keyField),
  }),
});

const RevokeApiClientInput = builder.inputType('RevokeApiClientInput', {
  description: 'Revoke an API client at once.',
  fields: (t) => ({
    apiClientId: t.id({ required: true, description: 'Client.' }),
    idempotencyKey: t.field(keyField),
  }),
});

const CreateApiClientSuccess = successType('createApiClient');
const RevokeApiClientSuccess = successType('revokeApiClient');

builder.objectField(CreateApiClientSuccess, 'apiClient', (t) =>
  t.prismaField({
    type: ApiClientRef,
    description: 'Client made.',
    complexity: 1,
    resolve: (query, { touched }, _args, { prisma }) =>
      prisma.apiClient.findUniqueOrThrow({ ...query, where: { id: touched.subjectId } }),
  }),
);
builder.objectField(CreateApiClientSuccess, 'secret', (t) =>
  t.string({
    nullable: true,
    description: 'The key itself, shown this once; null on a repeat.',
    resolve: ({ secret }) => secret ?? null,
  }),
);
builder.objectField(RevokeApiClientSuccess, 'apiClient', (t) =>
  t.prismaField({
    type: ApiClientRef,
    description: 'Client as it is now.',
    complexity: 1,
    resolve: (query, { touched }, _args, { prisma }) =>
      prisma.apiClient.findUniqueOrThrow({ ...query, where: { id: touched.subjectId } }),
  }),
);

builder.mutationFields((t) => ({
  createApiClient: t.field({
    type: resultUnion('createApiClient', CreateApiClientSuccess, ['invalid', 'idempotency']),
    description: 'Makes an API client; needs scope ADMIN.',
    authScopes: { scope: 'ADMIN' },
    complexity: 1,
    args: {
      input: t.arg({ type: CreateApiClientInput, required: true, description: 'What to do.' }),
    },
    resolve: (_root, { input }, context) =>
      answer(
        context,
        context.actions.createApiClient,
        { id: '', idempotencyKey: input.idempotencyKey },
        {
          displayName: input.displayName,
          scopes: input.scopes,
          // What is no id of a company is told like one that does not exist.
          companyIds: input.companyIds?.map((id) => idOf('Company', id) ?? nobody) ?? null,
        },
      ),
  }),
  revokeApiClient: t.field({
    type: resultUnion('revokeApiClient', RevokeApiClientSuccess, [
      'not-found',
      'illegal',
      'idempotency',
    ]),
    description: 'Revokes an API client; needs scope ADMIN.',
    authScopes: { scope: 'ADMIN' },
    complexity: 1,
    args: {
      input: t.arg({ type: RevokeApiClientInput, required: true, description: 'What to do.' }),
    },
    resolve: async (_root, { input }, context) => {
      const apiClientId = idOf('ApiClient', input.apiClientId);
      if (apiClientId === null) return notFoundError(input.apiClientId);
      const asked = { id: input.apiClientId, idempotencyKey: input.idempotencyKey };
      return answer(context, context.actions.revokeApiClient, asked, { apiClientId });
    },
  }),
}));

const nobody = '00000000-0000-0000-0000-000000000000';
