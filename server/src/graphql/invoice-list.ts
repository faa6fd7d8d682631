import { Prisma } from '#generated/prisma/client.ts';
import { builder } from './builder.ts';
import { pageCost } from './connection.ts';
import type { GraphqlContext } from './context.ts';
import { differingAt } from './differs-at.ts';
import { SideEnum } from './enums/crossing.ts';
import { ExternalRefKindEnum, InvoiceSyncStatusEnum } from './enums/invoice.ts';
import { InvoiceOrderFieldEnum, SortDirectionEnum } from './enums/page.ts';
import { inCompanies, oneOf, within } from './filters.ts';
import { idOf } from './global-id.ts';
import { InvoiceRef } from './invoice.ts';
import { listArguments } from './list-arguments.ts';
import { listPage } from './list.ts';
import { nestedPages } from './nested-page.ts';
import type { Listing, Sort } from './page.ts';
import { DateTimeRangeInput, MoneyRangeInput } from './ranges.ts';
import { loadLinks, rowOfField } from './rows.ts';
import { invoiceStatusSql } from './shown-status.ts';

const InvoiceFilterInput = builder.inputType('InvoiceFilter', {
  description: 'Narrowing of invoices; fields are ANDed, list values ORed.',
  fields: (t) => ({
    companyIds: t.idList({ description: 'Only these companies.' }),
    statuses: t.field({ type: [InvoiceSyncStatusEnum], description: 'Only these statuses.' }),
    text: t.string({ description: 'Words in number, customer or memo.' }),
    total: t.field({ type: MoneyRangeInput, description: 'Total on either side.' }),
    changedAt: t.field({ type: DateTimeRangeInput, description: 'Last change.' }),
    differsAt: t.string({ description: 'Only with this path differing.' }),
  }),
});

const InvoiceOrderInput = builder.inputType('InvoiceOrder', {
  description: 'Sorting of invoices.',
  fields: (t) => ({
    field: t.field({ type: InvoiceOrderFieldEnum, required: true, description: 'Field.' }),
    direction: t.field({ type: SortDirectionEnum, required: true, description: 'Direction.' }),
  }),
});

type InvoiceFilter = typeof InvoiceFilterInput.$inferInput;
type InvoiceOrder = typeof InvoiceOrderInput.$inferInput;

const InvoiceConnectionRef = builder.connectionObject(
  { type: InvoiceRef, name: 'InvoiceConnection', description: 'Page of invoices.' },
  { name: 'InvoiceEdge', description: 'One of the invoices with its cursor.' },
);

/** INV-9 comes before INV-10: the collation takes runs of digits as numbers. */
const expressions = {
  CHANGED_AT: { expression: Prisma.sql`"l"."changed_at"`, form: 'instant', nullable: false },
  NUMBER: {
    expression: Prisma.sql`"l"."number" COLLATE "natural_number"`,
    form: 'text',
    nullable: true,
  },
  TOTAL: { expression: Prisma.sql`"l"."total"`, form: 'decimal', nullable: true },
  DUE_DATE: { expression: Prisma.sql`"l"."due_date"`, form: 'date', nullable: true },
} as const satisfies Record<InvoiceOrder['field'], Omit<Sort, 'key' | 'descending'>>;

function sortOf(order: InvoiceOrder | null | undefined): Sort {
  const { field, direction } = order ?? { field: 'CHANGED_AT', direction: 'DESC' };
  return {
    ...expressions[field],
    key: `${field}:${direction}`,
    descending: direction === 'DESC',
  };
}

/** Each word must stand somewhere in number, customer or memo. */
function containing(text: string | null | undefined): Prisma.Sql[] {
  const words =
    text
      ?.split(/\s+/)
      .filter((word) => word !== '')
      .slice(0, 8) ?? [];
  return words.map((word) => {
    const pattern = `%${word.replace(/[\\%_]/g, String.raw`\$&`)}%`;
    return Prisma.sql`("l"."number" ILIKE ${pattern} OR "l"."customer_name" ILIKE ${pattern} OR "l"."memo" ILIKE ${pattern})`;
  });
}

function totalWithin(range: InvoiceFilter['total']): Prisma.Sql[] {
  if (range == null) return [];
  const total = Prisma.sql`("seen"."content"#>>'{derived,total}')::numeric`;
  const min = range.min == null ? Prisma.empty : Prisma.sql` AND ${total} >= ${range.min}::numeric`;
  const max = range.max == null ? Prisma.empty : Prisma.sql` AND ${total} <= ${range.max}::numeric`;
  return [
    Prisma.sql`EXISTS (SELECT 1 FROM "observation" AS "seen"
      WHERE "seen"."id" IN ("l"."internal_observation_id", "l"."quickbooks_observation_id")
        AND "seen"."content"->>'currency' = ${range.currency}${min}${max})`,
  ];
}

function conditionsOf(
  context: GraphqlContext,
  filter: InvoiceFilter | null | undefined,
): Prisma.Sql[] {
  return [
    ...inCompanies(context, Prisma.sql`"l"."company_id"`, filter?.companyIds),
    ...oneOf(Prisma.sql`(${invoiceStatusSql})`, filter?.statuses),
    ...containing(filter?.text),
    ...totalWithin(filter?.total),
    ...within(Prisma.sql`"l"."changed_at"`, filter?.changedAt),
    ...differingAt(filter?.differsAt),
  ];
}

function listingOf(
  context: GraphqlContext,
  filter: InvoiceFilter | null | undefined,
  order: InvoiceOrder | null | undefined,
) {
  return {
    from: Prisma.sql`"link" AS "l"`,
    id: Prisma.sql`"l"."id"`,
    where: conditionsOf(context, filter),
    sort: sortOf(order),
    parent: Prisma.sql`"l"."company_id"`,
  } satisfies Listing;
}

builder.prismaObjectField('Company', 'invoices', (t) =>
  t.field({
    type: InvoiceConnectionRef,
    description: 'Invoices of this company.',
    complexity: pageCost,
    args: {
      ...listArguments(),
      filter: t.arg({ type: InvoiceFilterInput, description: 'Narrowing.' }),
      orderBy: t.arg({ type: InvoiceOrderInput, description: 'Sorting.' }),
    },
    resolve: (company, args, context, info) => invoicesOfCompany(company.id, args, context, info),
  }),
);

const invoicesOfCompany = nestedPages(
  (context, args: ListArguments) => listingOf(context, args.filter, args.orderBy),
  loadLinks,
);

type ListArguments = {
  readonly filter?: InvoiceFilter | null | undefined;
  readonly orderBy?: InvoiceOrder | null | undefined;
};

const invoiceOfField = rowOfField(loadLinks);

/** The link a side's id or number names; of several with one number, the one that changed last. */
async function findByReference(
  context: GraphqlContext,
  companyId: string,
  { side, by, ref }: { side: 'INTERNAL' | 'QUICKBOOKS'; by: 'ID' | 'NUMBER'; ref: string },
): Promise<string | null> {
  const internal = side === 'INTERNAL';
  const id = internal ? Prisma.sql`"l"."internal_id"` : Prisma.sql`"l"."quickbooks_id"`;
  const observation = internal
    ? Prisma.sql`"l"."internal_observation_id"`
    : Prisma.sql`"l"."quickbooks_observation_id"`;
  const named =
    by === 'ID'
      ? Prisma.sql`${id} = ${ref}`
      : Prisma.sql`EXISTS (SELECT 1 FROM "observation" AS "seen"
          WHERE "seen"."id" = ${observation} AND "seen"."content"->>'number' = ${ref})`;
  const [row] = await context.prisma.$queryRaw<{ readonly id: string }[]>(Prisma.sql`
    SELECT "l"."id"::text AS "id" FROM "link" AS "l"
    WHERE "l"."company_id" = ${companyId}::uuid AND ${named} ORDER BY "l"."changed_at" DESC LIMIT 1`);
  return row?.id ?? null;
}

builder.queryFields((t) => ({
  invoice: t.field({
    type: InvoiceRef,
    nullable: true,
    description: 'One invoice.',
    complexity: 1,
    args: { id: t.arg.id({ required: true, description: 'Global id.' }) },
    resolve: (_root, args, context, info) => {
      const id = idOf('Invoice', args.id);
      return id === null ? null : invoiceOfField(id, context, info);
    },
  }),
  invoiceByExternalRef: t.field({
    type: InvoiceRef,
    nullable: true,
    description: 'One invoice by the id or the number one side uses.',
    complexity: 1,
    args: {
      companyId: t.arg.id({ required: true, description: 'Company.' }),
      side: t.arg({
        type: SideEnum,
        required: true,
        description: 'Side the reference belongs to.',
      }),
      by: t.arg({
        type: ExternalRefKindEnum,
        required: true,
        defaultValue: 'ID',
        description: 'What ref is.',
      }),
      ref: t.arg.string({ required: true, description: "That side's id, or the number." }),
    },
    resolve: async (_root, args, context, info) => {
      const companyId = idOf('Company', args.companyId);
      if (companyId === null) return null;
      const id = await findByReference(context, companyId, args);
      return id === null ? null : invoiceOfField(id, context, info);
    },
  }),
  invoices: t.field({
    type: InvoiceConnectionRef,
    description: 'Invoices.',
    complexity: pageCost,
    args: {
      ...listArguments(),
      filter: t.arg({ type: InvoiceFilterInput, description: 'Narrowing.' }),
      orderBy: t.arg({
        type: InvoiceOrderInput,
        description: 'Sorting; newest change first by default.',
      }),
    },
    resolve: (_root, args, context, info) =>
      listPage(listingOf(context, args.filter, args.orderBy), loadLinks, args, context, info),
  }),
}));
