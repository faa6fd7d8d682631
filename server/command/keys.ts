import { z } from 'zod';
import { Refusal, type Bridge } from './bridge.ts';
import { companyNamed } from './company-names.ts';
import { tableOf } from './table.ts';

const client = z.object({
  id: z.string(),
  displayName: z.string(),
  keyPrefix: z.string(),
  scopes: z.array(z.string()),
  companies: z.array(z.object({ name: z.string() })).nullable(),
  lastUsedAt: z.string().nullable(),
  revokedAt: z.string().nullable(),
});
const parts = 'id displayName keyPrefix scopes companies { name } lastUsedAt revokedAt';

const listDocument = `query Keys { apiClients { ${parts} } }`;
const makeDocument = `mutation Make($input: CreateApiClientInput!) { result: createApiClient(input: $input) { __typename
  ... on CreateApiClientSuccess { secret apiClient { ${parts} } } ... on MutationError { message } ... on ValidationError { issues { message } } } }`;
const revokeDocument = `mutation Revoke($input: RevokeApiClientInput!) { result: revokeApiClient(input: $input) { __typename
  ... on RevokeApiClientSuccess { apiClient { ${parts} } } ... on MutationError { message } } }`;

/** Keys that exist, by name and beginning; never a key itself. */
export async function listKeys(bridge: Bridge): Promise<string> {
  const { apiClients } = await bridge.ask(
    listDocument,
    {},
    z.object({ apiClients: z.array(client) }),
  );
  return tableOf(
    ['KEY', 'NAME', 'RIGHTS', 'COMPANIES', 'LAST USED', ''],
    apiClients.map((one) => [
      `${one.keyPrefix}…`,
      one.displayName,
      one.scopes.join(' '),
      one.companies?.map(({ name }) => name).join(', ') ?? 'all',
      one.lastUsedAt ?? 'never',
      one.revokedAt === null ? '' : 'revoked',
    ]),
  );
}

/** Makes a key, which is shown this once. */
export async function makeKey(
  bridge: Bridge,
  wishes: {
    readonly name: string;
    readonly scopes: readonly string[];
    readonly companies: readonly string[];
  },
): Promise<string> {
  const found = await Promise.all(wishes.companies.map((name) => companyNamed(bridge, name)));
  const input = {
    displayName: wishes.name,
    scopes: wishes.scopes,
    companyIds: found.length === 0 ? null : found.map(({ id }) => id),
  };
  const { secret } = await bridge.act(makeDocument, input, z.object({ secret: z.string() }));
  return secret;
}

/** Revokes the key that begins so. */
export async function revokeKey(bridge: Bridge, prefix: string): Promise<string> {
  const { apiClients } = await bridge.ask(
    listDocument,
    {},
    z.object({ apiClients: z.array(client) }),
  );
  const asked = prefix.replace(/…$/, '');
  const meant = apiClients.filter(
    ({ keyPrefix, revokedAt }) => keyPrefix === asked && revokedAt === null,
  );
  const [one, ...others] = meant;
  if (one === undefined) throw new Refusal(`No key in use begins with ${asked}.`);
  if (others.length > 0)
    throw new Refusal(`Several keys begin with ${asked}; revoke it in the app.`);
  await bridge.act(revokeDocument, { apiClientId: one.id }, z.object({ apiClient: client }));
  return one.displayName;
}
