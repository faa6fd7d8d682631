import { fieldFor } from '#core/mapping/field-map.ts';
import { Prisma } from '#generated/prisma/client.ts';
import { badInput } from './errors.ts';

const derived = new Set(['subtotal', 'taxTotal', 'total', 'amountPaid', 'balanceDue']);
const lineForm = /^lines(?:\[[^\]]*\])?(?:\.(.+))?$/;

/** What makes up a line; its key and the side's own id say nothing of what it holds. */
const wholeLine = ['item.id', 'description', 'quantity', 'unitPrice', 'amount', 'taxCode.id'];

const reach = (name: string): string => (name === 'item' || name === 'taxCode' ? '.id' : '');

/** Where the value stands in a stored document, as one JSON path; of a line it is that field of every line, in order. */
function jsonPathsOf(path: string): readonly string[] {
  const line = lineForm.exec(path);
  if (line !== null) {
    const field = line[1];
    if (field === undefined) return wholeLine.map((name) => `$.lines[*].${name}`);
    if (fieldFor(`lines[key=].${field}`) === null) throw unknownPath(path);
    return [`$.lines[*].${field}${reach(field)}`];
  }
  const entry = fieldFor(path);
  if (entry === null) throw unknownPath(path);
  if (derived.has(path)) return [`$.derived.${path}`];
  return [`$.${path}${entry.comparator === 'same record' ? '.id' : ''}`];
}

const unknownPath = (path: string) =>
  badInput(`differsAt names no field of an invoice: '${path.slice(0, 80)}'. Try 'dueDate'.`);

const valueAt = (document: Prisma.Sql, paths: readonly string[]): Prisma.Sql =>
  Prisma.join(
    paths.map((path) => Prisma.sql`jsonb_path_query_array(${document}, ${path}::jsonpath)`),
    ' || ',
  );

/**
 * Only invoices "l" where a side shows another value at the path than when both last agreed; without a base, where a side is still
 * missing. The sides' own ids differ for ever, so each side is compared with its own half of the base (architecture.md §4).
 */
export function differingAt(path: string | null | undefined): Prisma.Sql[] {
  if (path == null) return [];
  const paths = jsonPathsOf(path);
  const moved = (observation: Prisma.Sql, base: Prisma.Sql): Prisma.Sql =>
    Prisma.sql`EXISTS (SELECT 1 FROM "observation" AS "seen" WHERE "seen"."id" = ${observation}
      AND ${valueAt(Prisma.sql`"seen"."content"`, paths)} IS DISTINCT FROM ${valueAt(base, paths)})`;
  return [
    Prisma.sql`("l"."internal_observation_id" IS NULL OR "l"."quickbooks_observation_id" IS NULL
      OR ${moved(Prisma.sql`"l"."internal_observation_id"`, Prisma.sql`"l"."base_internal"`)}
      OR ${moved(Prisma.sql`"l"."quickbooks_observation_id"`, Prisma.sql`"l"."base_quickbooks"`)})`,
  ];
}
