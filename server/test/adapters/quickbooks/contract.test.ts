import { z } from 'zod';
import { createAccountingSystem } from '../../../src/adapters/quickbooks/accounting-system.ts';
import { createQuickBooksOAuth } from '../../../src/adapters/quickbooks/oauth.ts';
import { quickBooksSpelling } from '../../../src/adapters/quickbooks/spelling.ts';
import { createQuickBooksSimulator } from '../../../simulator/quickbooks/server.ts';
import { accountingSystemContract } from '../../contracts/accounting-system.ts';
import type { AccountingWorld, Mishap } from '../../contracts/accounting-world.ts';
import { control, quickBooksSide } from '../../support/simulators.ts';
import { companyId, heldTokens, realClock, tokensNamed } from './doubles.ts';

const realmId = '9130000000000001';

/** The faults of http.md §5 that are these mishaps. */
const rules = {
  'lost before': { effect: 'drop-before' },
  'lost after': { effect: 'drop-after' },
  'error after': { effect: 'fault-after', params: { status: 500 } },
  throttled: { effect: 'status', params: { status: 429 } },
} as const satisfies Record<Mishap, object>;

async function overHttp(): Promise<AccountingWorld> {
  const simulator = await createQuickBooksSimulator();
  const side = quickBooksSide(simulator.url, realmId);
  const pair = z
    .object({ accessToken: z.string(), refreshToken: z.string() })
    .parse(await control(`${simulator.url}/_control/realms/${realmId}/token`, 'POST', {}));
  const oauth = createQuickBooksOAuth({
    clientId: 'simulator-client',
    clientSecret: 'simulator-secret',
    redirectUri: 'http://127.0.0.1/callback',
    authorizeUrl: `${simulator.url}/connect/oauth2`,
    tokenUrl: `${simulator.url}/oauth2/v1/tokens/bearer`,
    revokeUrl: `${simulator.url}/v2/oauth2/tokens/revoke`,
    environment: 'sandbox',
    clock: realClock,
  });
  const act = async (action: object): Promise<void> => {
    await side.human(action);
  };
  return {
    system: createAccountingSystem({
      companyId,
      realmId,
      // The first access token is stale, so that the contract begins with a renewal.
      credentials: heldTokens({ ...tokensNamed('stale'), refreshToken: pair.refreshToken }),
      apiBaseUrl: simulator.url,
      oauth,
      clock: realClock,
      pace: { turn: () => Promise.resolve({ granted: true, answered: () => undefined }) },
    }),
    spelling: quickBooksSpelling,
    names: {
      customer: await firstName(side, 'Customer'),
      item: await firstName(side, 'Item'),
      terms: 'Net 30',
    },
    edit: (id, customerMemo) =>
      act({
        action: 'edit',
        entity: 'Invoice',
        id,
        set: { CustomerMemo: { value: customerMemo } },
      }),
    void: (id) => act({ action: 'void', entity: 'Invoice', id }),
    remove: (id) => act({ action: 'delete', entity: 'Invoice', id }),
    deactivate: (id) => act({ action: 'edit', entity: 'Customer', id, set: { Active: false } }),
    deposit: (paymentIds) => act({ action: 'deposit', paymentIds }),
    closeBooks: (through) => act({ action: 'close-books', through }),
    mishap: async (kind) => {
      await side.faults([{ match: { operation: 'create' }, times: 1, ...rules[kind] }]);
    },
    mutations: async () => (await side.mutations()).filter(({ actor }) => actor === 'api'),
    endAccess: async () => {
      await side.disconnect();
    },
    close: () => simulator.close(),
  };
}

const named = z.object({ FullyQualifiedName: z.string(), Active: z.boolean().optional() });

async function firstName(side: ReturnType<typeof quickBooksSide>, entity: string): Promise<string> {
  const all = z.array(named).parse(await side.all(entity));
  const first = all.find(
    ({ Active, FullyQualifiedName }) => Active !== false && !FullyQualifiedName.includes(':'),
  );
  if (first === undefined) throw new Error(`no ${entity}`);
  return first.FullyQualifiedName;
}

accountingSystemContract('over HTTP', overHttp);
