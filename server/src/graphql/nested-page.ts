import { createContextCache } from '@pothos/core';
import DataLoader from 'dataloader';
import type { FieldNode, GraphQLResolveInfo } from 'graphql';
import type { Prisma } from '#generated/prisma/client.ts';
import { pageOf, queryForNodes, type Page, type RowQuery } from './connection.ts';
import type { GraphqlContext } from './context.ts';
import { countRowsOfEach, cursorForm, readPages, type Listing } from './page.ts';
import { windowOf, type PageArguments } from './page-window.ts';

/** Loads rows by id with what the caller selected of them. */
export type LoadRows<Row> = (
  context: GraphqlContext,
  ids: readonly string[],
  query: RowQuery,
) => Promise<readonly Row[]>;

type NestedList = Listing & { readonly parent: Prisma.Sql };

/**
 * A list inside an object. All objects of a list ask through one loader per field of the document, so the number of
 * statements does not grow with the number of objects.
 */
export function nestedPages<Row extends { readonly id: string }, Args extends object = object>(
  listingOf: (context: GraphqlContext, args: Args) => NestedList | Promise<NestedList>,
  loadRows: LoadRows<Row>,
) {
  const loaders = createContextCache(
    (_context: GraphqlContext) => new WeakMap<FieldNode, DataLoader<string, Page<Row>>>(),
  );
  return (
    parentId: string,
    args: PageArguments & Args,
    context: GraphqlContext,
    info: GraphQLResolveInfo,
  ): Promise<Page<Row>> => {
    const ofFields = loaders(context);
    const [field] = info.fieldNodes;
    const known = field && ofFields.get(field);
    const loader = known ?? pagesLoader(listingOf(context, args), loadRows, args, context, info);
    if (field) ofFields.set(field, loader);
    return loader.load(parentId);
  };
}

function pagesLoader<Row extends { readonly id: string }>(
  eventualListing: NestedList | Promise<NestedList>,
  loadRows: LoadRows<Row>,
  args: PageArguments,
  context: GraphqlContext,
  info: GraphQLResolveInfo,
): DataLoader<string, Page<Row>> {
  const counts = new DataLoader(async (parentIds: readonly string[]) =>
    countRowsOfEach(context.prisma, await eventualListing, parentIds),
  );
  return new DataLoader(async (parentIds: readonly string[]) => {
    const listing = await eventualListing;
    const window = windowOf(args, cursorForm(listing));
    const pages = await readPages(context.prisma, listing, window, parentIds);
    const ids = [...new Set(pages.flatMap((page) => page.places.map((place) => place.id)))];
    const rows = await rowsById(context, ids, queryForNodes(context, info), loadRows);
    return parentIds.map((parentId, index) =>
      pageOf(pages[index] ?? emptyPage, rows, () => counts.load(parentId)),
    );
  });
}

const emptyPage = { places: [], hasNextPage: false, hasPreviousPage: false };

/** Rows of a page under their ids; no statement for an empty page. */
export async function rowsById<Row extends { readonly id: string }>(
  context: GraphqlContext,
  ids: readonly string[],
  query: RowQuery,
  loadRows: LoadRows<Row>,
): Promise<ReadonlyMap<string, Row>> {
  const rows = ids.length === 0 ? [] : await loadRows(context, ids, query);
  return new Map(rows.map((row) => [row.id, row]));
}
