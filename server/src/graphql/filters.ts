import { Prisma } from '#generated/prisma/client.ts';
import type { GraphqlContext } from './context.ts';
import { visibleCompanies } from './context.ts';
import { idsOf } from './global-id.ts';

/** Moments from (inclusive) to (exclusive). */
export type Moments = {
  readonly from?: Date | null | undefined;
  readonly to?: Date | null | undefined;
};

type Maybe<Value> = Value | null | undefined;

/** Only these companies, and never one the caller may not see. */
export function inCompanies(
  context: GraphqlContext,
  column: Prisma.Sql,
  globalIds: Maybe<readonly string[]>,
): Prisma.Sql[] {
  const visible = visibleCompanies(context);
  const conditions: Prisma.Sql[] = [];
  if (visible !== null) conditions.push(Prisma.sql`${column} = ANY(${[...visible]}::uuid[])`);
  if (globalIds != null) {
    conditions.push(Prisma.sql`${column} = ANY(${idsOf('Company', globalIds)}::uuid[])`);
  }
  return conditions;
}

/** Value in the list; an absent list lets everything through, an empty one nothing. */
export const oneOf = (column: Prisma.Sql, values: Maybe<readonly string[]>): Prisma.Sql[] =>
  values == null ? [] : [Prisma.sql`${column}::text = ANY(${[...values]}::text[])`];

export const equals = (column: Prisma.Sql, value: Maybe<string>): Prisma.Sql[] =>
  value == null ? [] : [Prisma.sql`${column}::text = ${value}`];

export function within(column: Prisma.Sql, moments: Maybe<Moments>): Prisma.Sql[] {
  const from = moments?.from == null ? [] : [Prisma.sql`${column} >= ${moments.from}`];
  const to = moments?.to == null ? [] : [Prisma.sql`${column} < ${moments.to}`];
  return [...from, ...to];
}
