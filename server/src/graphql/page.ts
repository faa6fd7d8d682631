import { Prisma, type PrismaClient } from '#generated/prisma/client.ts';
import {
  cursorsOf,
  pageLimits,
  type CursorForm,
  type PageWindow,
  type ValueForm,
} from './page-window.ts';

/** An order rows can be read in; ties are broken by id, and missing values come last. */
export type Sort = {
  /** Written into cursors, so that a cursor of one order is refused in another. */
  readonly key: string;
  readonly expression: Prisma.Sql;
  readonly form: ValueForm;
  readonly descending: boolean;
  readonly nullable: boolean;
};

/** Rows to page through: `FROM` clause with aliases, the id column, and conditions that are ANDed. */
export type Listing = {
  readonly from: Prisma.Sql;
  readonly id: Prisma.Sql;
  readonly where: readonly Prisma.Sql[];
  readonly sort: Sort;
  /** Column that ties a row to its parent, for lists inside another list. */
  readonly parent?: Prisma.Sql;
  /** The parent column's type; uuid unless said. */
  readonly parentType?: 'uuid' | 'text';
  /** Set where cursors are written in a way of their own. */
  readonly cursors?: CursorForm;
};

/** How the list's cursors are written. */
export const cursorForm = ({ cursors, sort }: Listing): CursorForm =>
  cursors ?? cursorsOf(sort.key, sort.form);

/** A page before its rows are loaded. */
export type PageOfIds = {
  readonly places: readonly { readonly id: string; readonly cursor: string }[];
  readonly hasNextPage: boolean;
  readonly hasPreviousPage: boolean;
};

const castOf = {
  instant: Prisma.sql`::timestamptz`,
  date: Prisma.sql`::date`,
  decimal: Prisma.sql`::numeric`,
  integer: Prisma.sql`::bigint`,
  text: Prisma.sql`::text`,
} as const satisfies Record<ValueForm, Prisma.Sql>;

const all = (conditions: readonly Prisma.Sql[]): Prisma.Sql =>
  conditions.length === 0 ? Prisma.sql`TRUE` : Prisma.join([...conditions], ' AND ');

/** Rows strictly beyond the window's place, in its direction of reading. */
function beyond({ sort, id }: Listing, { place, backward }: PageWindow): Prisma.Sql {
  if (place === null) return Prisma.sql`TRUE`;
  const { expression, nullable, descending, form } = sort;
  const tie = backward
    ? Prisma.sql`${id} < ${place.id}::uuid`
    : Prisma.sql`${id} > ${place.id}::uuid`;
  if (place.value === null) {
    const earlier = backward ? Prisma.sql` OR ${expression} IS NOT NULL` : Prisma.empty;
    return Prisma.sql`((${expression} IS NULL AND ${tie})${earlier})`;
  }
  const value = Prisma.sql`${place.value}${castOf[form]}`;
  const falling = descending !== backward;
  const reach = falling ? Prisma.sql`<` : Prisma.sql`>`;
  const missing = nullable && !backward ? Prisma.sql` OR ${expression} IS NULL` : Prisma.empty;
  // The plain bound beside the OR lets an index on the expression start at the place.
  const bound = nullable ? Prisma.sql`TRUE` : Prisma.sql`${expression} ${reach}= ${value}`;
  return Prisma.sql`(${bound} AND (${expression} ${reach} ${value} OR (${expression} = ${value} AND ${tie})${missing}))`;
}

function orderOf({ sort, id }: Listing, backward: boolean): Prisma.Sql {
  const falling = sort.descending !== backward;
  const direction = falling ? Prisma.sql`DESC` : Prisma.sql`ASC`;
  const missing = backward ? Prisma.sql` NULLS FIRST` : Prisma.sql` NULLS LAST`;
  const tie = backward ? Prisma.sql`DESC` : Prisma.sql`ASC`;
  return Prisma.sql`${sort.expression} ${direction}${sort.nullable ? missing : Prisma.empty}, ${id} ${tie}`;
}

function selection(listing: Listing, window: PageWindow, conditions: readonly Prisma.Sql[]) {
  return Prisma.sql`SELECT ${listing.id} AS "id", (${listing.sort.expression})::text AS "value" FROM ${listing.from}
    WHERE ${all([...listing.where, ...conditions, beyond(listing, window)])}
    ORDER BY ${orderOf(listing, window.backward)} LIMIT ${window.size + 1}`;
}

type FoundRow = { readonly id: string; readonly value: string | null };

function pageFrom(found: readonly FoundRow[], window: PageWindow, listing: Listing): PageOfIds {
  const { encode } = cursorForm(listing);
  const more = found.length > window.size;
  const shown = found.slice(0, window.size);
  const ordered = window.backward ? shown.toReversed() : shown;
  return {
    places: ordered.map(({ id, value }) => ({
      id,
      cursor: encode({ sort: listing.sort.key, value, id }),
    })),
    hasNextPage: window.backward ? window.place !== null : more,
    hasPreviousPage: window.backward ? more : window.place !== null,
  };
}

/** Reads one page of ids; one statement. */
export async function readPage(
  prisma: PrismaClient,
  listing: Listing,
  window: PageWindow,
): Promise<PageOfIds> {
  const found = await prisma.$queryRaw<FoundRow[]>(selection(listing, window, []));
  return pageFrom(found, window, listing);
}

/** The parents as rows, in the type their column is compared in. */
const parents = ({ parentType }: Listing, ids: readonly string[]): Prisma.Sql =>
  parentType === 'text'
    ? Prisma.sql`unnest(${[...ids]}::text[]) AS "parent"("id")`
    : Prisma.sql`unnest(${[...ids]}::uuid[]) AS "parent"("id")`;

/** Reads the same page under each of many parents; one statement for all of them. */
export async function readPages(
  prisma: PrismaClient,
  listing: Listing & { readonly parent: Prisma.Sql },
  window: PageWindow,
  parentIds: readonly string[],
): Promise<PageOfIds[]> {
  const own = selection(listing, window, [Prisma.sql`${listing.parent} = "parent"."id"`]);
  const found = await prisma.$queryRaw<(FoundRow & { readonly parentId: string })[]>(
    Prisma.sql`SELECT "parent"."id"::text AS "parentId", "row".* FROM ${parents(listing, parentIds)}
      CROSS JOIN LATERAL (${own}) AS "row"`,
  );
  const byParent = Map.groupBy(found, (row) => row.parentId);
  return parentIds.map((id) => pageFrom(byParent.get(id) ?? [], window, listing));
}

/** How many rows match; counting stops at `countMax`. */
export async function countRows(prisma: PrismaClient, listing: Listing): Promise<number> {
  const [row] = await prisma.$queryRaw<{ readonly count: bigint }[]>(
    Prisma.sql`SELECT count(*) AS "count" FROM (SELECT 1 FROM ${listing.from} WHERE ${all(listing.where)}
      LIMIT ${pageLimits.countMax}) AS "matching"`,
  );
  return Number(row?.count ?? 0n);
}

/** How many rows match under each parent; one statement for all of them. */
export async function countRowsOfEach(
  prisma: PrismaClient,
  listing: Listing & { readonly parent: Prisma.Sql },
  parentIds: readonly string[],
): Promise<number[]> {
  const matching = all([...listing.where, Prisma.sql`${listing.parent} = "parent"."id"`]);
  const found = await prisma.$queryRaw<{ readonly parentId: string; readonly count: bigint }[]>(
    Prisma.sql`SELECT "parent"."id"::text AS "parentId", "counted"."count" FROM ${parents(listing, parentIds)}
      CROSS JOIN LATERAL (SELECT count(*) AS "count" FROM (SELECT 1 FROM ${listing.from} WHERE ${matching}
        LIMIT ${pageLimits.countMax}) AS "matching") AS "counted"`,
  );
  const byParent = new Map(found.map((row) => [row.parentId, Number(row.count)]));
  return parentIds.map((id) => byParent.get(id) ?? 0);
}
