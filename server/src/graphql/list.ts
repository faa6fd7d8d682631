import type { GraphQLResolveInfo } from 'graphql';
import { pageOf, queryForNodes, type Page } from './connection.ts';
import type { GraphqlContext } from './context.ts';
import { rowsById, type LoadRows } from './nested-page.ts';
import { countRows, cursorForm, readPage, type Listing } from './page.ts';
import { windowOf, type PageArguments } from './page-window.ts';

/** A list at the top: one statement for the page, then its rows with what was selected of them. */
export async function listPage<Row extends { readonly id: string }>(
  listing: Listing,
  loadRows: LoadRows<Row>,
  args: PageArguments,
  context: GraphqlContext,
  info: GraphQLResolveInfo,
): Promise<Page<Row>> {
  const window = windowOf(args, cursorForm(listing));
  const page = await readPage(context.prisma, listing, window);
  const ids = page.places.map((place) => place.id);
  const rows = await rowsById(context, ids, queryForNodes(context, info), loadRows);
  return pageOf(page, rows, () => countRows(context.prisma, listing));
}
