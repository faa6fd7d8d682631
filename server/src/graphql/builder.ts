import SchemaBuilder from '@pothos/core';
import ComplexityPlugin from '@pothos/plugin-complexity';
import DataloaderPlugin from '@pothos/plugin-dataloader';
import ErrorsPlugin from '@pothos/plugin-errors';
import PrismaPlugin from '@pothos/plugin-prisma';
import RelayPlugin from '@pothos/plugin-relay';
import ScopeAuthPlugin from '@pothos/plugin-scope-auth';
import type { Prisma } from '#generated/prisma/client.ts';
import type PrismaTypes from '#generated/pothos.ts';
import { getDatamodel } from '#generated/pothos.ts';
import { holds, type Scope } from '#ports/access.ts';
import type { GraphqlContext } from './context.ts';
import { forbidden } from './errors.ts';

/** What the schema is made of: context, models, scalars, and the nullability the contract keeps. */
export type SchemaShape = {
  Context: GraphqlContext;
  PrismaTypes: PrismaTypes;
  DefaultFieldNullability: false;
  DefaultEdgesNullability: { list: false; items: false };
  DefaultNodeNullability: false;
  Connection: { readonly totalCount: () => Promise<number> };
  AuthScopes: { scope: Scope };
  Scalars: {
    ID: { Input: string; Output: string };
    DateTime: { Input: Date; Output: Date };
    Date: { Input: string; Output: string | Date };
    Decimal: { Input: string; Output: string | Prisma.Decimal };
    CurrencyCode: { Input: string; Output: string };
    BigInt: { Input: string; Output: string | bigint };
    StreamCursor: { Input: string; Output: string };
    IdempotencyKey: { Input: string; Output: string };
    JSON: { Input: unknown; Output: unknown };
  };
};

/** Errors before relay and prisma (api-and-web.md §1.3); scope-auth first, so that nothing runs for the wrong caller. */
export const builder = new SchemaBuilder<SchemaShape>({
  plugins: [
    ScopeAuthPlugin,
    ErrorsPlugin,
    RelayPlugin,
    PrismaPlugin,
    DataloaderPlugin,
    ComplexityPlugin,
  ],
  defaultFieldNullability: false,
  scopeAuth: {
    authScopes: (context) => ({ scope: (scope) => holds(context.caller, scope) }),
    authorizeOnSubscribe: true,
    unauthorizedError: () => forbidden(),
  },
  errors: { defaultTypes: [] },
  relay: {
    idFieldOptions: { description: 'Global, opaque, stable id.' },
    nodeTypeOptions: { description: 'Anything with a global id.' },
    nodesOnConnection: { description: 'Items without cursors.' },
    edgesFieldOptions: { description: 'Items with their cursors.' },
    pageInfoFieldOptions: { description: 'Position of the page.' },
    nodeFieldOptions: { description: 'Item.' },
    cursorFieldOptions: { description: 'Cursor of the item.' },
    pageInfoTypeOptions: { description: 'Page position, per the Relay connection spec.' },
    hasNextPageFieldOptions: { description: 'More items after the last edge.' },
    hasPreviousPageFieldOptions: { description: 'More items before the first edge.' },
    startCursorFieldOptions: { description: 'Cursor of the first edge.' },
    endCursorFieldOptions: { description: 'Cursor of the last edge.' },
    cursorType: 'String',
    pageInfoCursorType: 'String',
    nodeQueryOptions: false,
    nodesQueryOptions: false,
  },
  prisma: {
    client: (context) => context.prisma,
    dmmf: getDatamodel(),
    filterConnectionTotalCount: true,
    onUnusedQuery: null,
  },
  // A page costs what was asked for; values inside a row cost nothing (cost.ts).
  complexity: { defaultComplexity: 0, defaultListMultiplier: 1 },
});
