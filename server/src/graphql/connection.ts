import type { GraphQLResolveInfo } from 'graphql';
import { queryFromInfo } from '@pothos/plugin-prisma';
import { builder } from './builder.ts';
import type { GraphqlContext } from './context.ts';
import type { PageOfIds } from './page.ts';
import { pageLimits } from './page-window.ts';

/** A loaded page; counting is left until somebody asks. */
export type Page<Row> = {
  readonly edges: { readonly cursor: string; readonly node: Row }[];
  readonly pageInfo: {
    readonly hasNextPage: boolean;
    readonly hasPreviousPage: boolean;
    readonly startCursor: string | null;
    readonly endCursor: string | null;
  };
  readonly totalCount: () => Promise<number>;
};

builder.globalConnectionField('totalCount', (t) =>
  t.int({
    description: 'How many match; counting stops at 10001.',
    resolve: (page) => page.totalCount(),
  }),
);

/** Puts loaded rows to their places; a row that went meanwhile is left out. */
export function pageOf<Row>(
  { places, hasNextPage, hasPreviousPage }: PageOfIds,
  rows: ReadonlyMap<string, Row>,
  totalCount: () => Promise<number>,
): Page<Row> {
  const edges = places.flatMap(({ id, cursor }) => {
    const node = rows.get(id);
    return node === undefined ? [] : [{ cursor, node }];
  });
  const startCursor = edges.at(0)?.cursor ?? null;
  const endCursor = edges.at(-1)?.cursor ?? null;
  return { edges, pageInfo: { hasNextPage, hasPreviousPage, startCursor, endCursor }, totalCount };
}

/** What to load of rows, for Prisma to read: its `select` or `include`. */
export type RowQuery = object;

/** What to load of the rows of a page: just what the caller selected under `nodes` and `edges.node`. */
export const queryForNodes = (context: GraphqlContext, info: GraphQLResolveInfo): RowQuery =>
  queryFromInfo({ context, info, paths: [['nodes'], ['edges', 'node']] });

/** A page costs as many points as rows were asked for, and what is under it that many times (api-and-web.md §1.1). */
export function pageCost(args: {
  readonly first?: number | null | undefined;
  readonly last?: number | null | undefined;
}) {
  const asked = args.first ?? args.last ?? pageLimits.sizeDefault;
  const rows = Math.min(Math.max(asked, 1), 500);
  return { field: rows, multiplier: rows };
}
