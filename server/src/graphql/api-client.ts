import { Prisma } from '#generated/prisma/client.ts';
import { builder } from './builder.ts';
import { ActorRef } from './actor.ts';
import { visibleCompanies, type GraphqlContext } from './context.ts';
import { ScopeEnum } from './enums/company.ts';
import { scopes, type Scope } from '#ports/access.ts';

const isScope = (text: string): text is Scope => scopes.some((scope) => scope === text);

export const ApiClientRef = builder.prismaNode('ApiClient', {
  name: 'ApiClient',
  description:
    'A person or a program with an API key of its own; people sign in to the web app with theirs.',
  id: { field: 'id', description: 'Global id.' },
  interfaces: [ActorRef],
  fields: (t) => ({
    displayName: t.exposeString('displayName', { description: 'Name to show.' }),
    scopes: t.field({
      type: [ScopeEnum],
      description: 'Rights held.',
      resolve: (client) => client.scopes.filter(isScope),
    }),
    companies: t.prismaField({
      type: ['Company'],
      nullable: true,
      description:
        'Companies it may see and act on; null for all. Everything outside is not found and absent from every list, count and stream.',
      complexity: 1,
      resolve: (query, client, _args, context) =>
        client.allCompanies
          ? null
          : context.prisma.company.findMany({
              ...query,
              where: { id: { in: client.companyIds } },
              orderBy: { name: 'asc' },
            }),
    }),
    keyPrefix: t.exposeString('keyPrefix', {
      description: 'First characters of the key, to recognise it.',
    }),
    createdAt: t.expose('createdAt', { type: 'DateTime', description: 'When it was made.' }),
    lastUsedAt: t.expose('lastUsedAt', {
      type: 'DateTime',
      nullable: true,
      description: 'Last successful use.',
    }),
    revokedAt: t.expose('revokedAt', {
      type: 'DateTime',
      nullable: true,
      description: 'When it was revoked.',
    }),
  }),
});

/**
 * What an administrator may see of the clients: all, or as administrator of some companies those that see no others
 * (api-and-web.md §1.1: what is outside a key's companies is absent from every list).
 */
export async function manageableClients(
  context: GraphqlContext,
): Promise<Prisma.ApiClientWhereInput> {
  const visible = visibleCompanies(context);
  if (visible === null) return {};
  const rows = await context.prisma.$queryRaw<{ id: string }[]>(Prisma.sql`
    SELECT "id"::text AS "id" FROM "api_client"
    WHERE NOT "all_companies" AND "company_ids" <@ ${[...visible]}::uuid[] LIMIT ${clientsMax}`);
  return { id: { in: rows.map(({ id }) => id) } };
}

/** Clients shown at once. */
const clientsMax = 1_000;

builder.queryField('apiClients', (t) =>
  t.prismaField({
    type: ['ApiClient'],
    description: 'API clients; needs scope ADMIN.',
    authScopes: { scope: 'ADMIN' },
    complexity: 50,
    resolve: async (query, _root, _args, context) =>
      context.prisma.apiClient.findMany({
        ...query,
        where: await manageableClients(context),
        orderBy: [{ createdAt: 'desc' }, { id: 'asc' }],
        take: clientsMax,
      }),
  }),
);
