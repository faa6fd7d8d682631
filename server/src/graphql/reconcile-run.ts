import { createContextCache } from '@pothos/core';
import DataLoader from 'dataloader';
import { z } from 'zod';
import { toCurrency, type Currency } from '#core/brand.ts';
import { amountOf, difference, parseAmount } from '#core/money/money.ts';
import { Prisma } from '#generated/prisma/client.ts';
import { ActorRef, actorOf } from './actor.ts';
import { builder } from './builder.ts';
import { pageCost } from './connection.ts';
import type { GraphqlContext } from './context.ts';
import {
  ReconcileScopeEnum,
  ReconcileStatusEnum,
  ReconcileTriggerEnum,
} from './enums/reconcile.ts';
import { inCompanies, oneOf } from './filters.ts';
import { idOf } from './global-id.ts';
import { InvoiceRef } from './invoice.ts';
import { listArguments } from './list-arguments.ts';
import { listPage } from './list.ts';
import { MoneyRef } from './money.ts';
import type { Sort } from './page.ts';
import { loadLinks, loadReconcileRuns, rowOfField } from './rows.ts';
import { VersionedRef } from './versioned.ts';

const controlTotal = z.object({
  currency: z.string().transform(toCurrency),
  internalCount: z.number(),
  internalTotal: z.string(),
  quickbooksCount: z.number(),
  quickbooksTotal: z.string(),
});
export type ControlTotalShape = z.output<typeof controlTotal>;

const residualItem = z.object({
  reason: z.string(),
  currency: z.string(),
  amount: z.string(),
  invoiceCount: z.number(),
  linkIds: z.array(z.string()),
});
export type ResidualShape = z.output<typeof residualItem>;

/** Control totals as they are stored and computed. */
export const readControlTotals = (value: unknown) => z.array(controlTotal).parse(value);

/** What explains a difference, as it is stored and computed. */
export const readResidual = (value: unknown) => z.array(residualItem).parse(value);

function differenceOf({ internalTotal, quickbooksTotal, currency }: ControlTotalShape): string {
  return amountOf(
    difference(exact(internalTotal, currency), exact(quickbooksTotal, currency), currency),
  );
}

function exact(text: string, currency: Currency) {
  const amount = parseAmount(text, currency);
  if (amount === null) throw new Error(`a stored total is no amount: ${text}`);
  return amount;
}

export const ControlTotalRef = builder.objectRef<ControlTotalShape>('ControlTotal').implement({
  description: 'Sum of invoices on each side in one currency.',
  fields: (t) => ({
    currency: t.expose('currency', { type: 'CurrencyCode', description: 'Currency.' }),
    internalCount: t.exposeInt('internalCount', {
      description: 'Invoices counted on the internal side.',
    }),
    internalTotal: t.field({
      type: MoneyRef,
      description: 'Their sum.',
      resolve: ({ internalTotal: amount, currency }) => ({ amount, currency }),
    }),
    quickbooksCount: t.exposeInt('quickbooksCount', {
      description: 'Invoices counted in QuickBooks.',
    }),
    quickbooksTotal: t.field({
      type: MoneyRef,
      description: 'Their sum.',
      resolve: ({ quickbooksTotal: amount, currency }) => ({ amount, currency }),
    }),
    difference: t.field({
      type: MoneyRef,
      description: 'Internal minus QuickBooks.',
      resolve: (total) => ({ amount: differenceOf(total), currency: total.currency }),
    }),
  }),
});

const linkOfField = rowOfField(loadLinks);

export const ResidualItemRef = builder.objectRef<ResidualShape>('ResidualItem').implement({
  description: 'Part of a difference between control totals.',
  fields: (t) => ({
    reason: t.exposeString('reason', {
      description:
        "What it is, for example 'in flight', 'conflict', 'tax variance', 'before go-live'.",
    }),
    amount: t.field({
      type: MoneyRef,
      description: 'Amount, internal minus QuickBooks.',
      resolve: ({ amount, currency }) => ({ amount, currency }),
    }),
    invoiceCount: t.exposeInt('invoiceCount', { description: 'How many invoices make it up.' }),
    invoices: t.field({
      type: [InvoiceRef],
      description: 'Some of them, largest first, at most 20.',
      complexity: { field: 20, multiplier: 20 },
      resolve: async ({ linkIds }, _args, context, info) => {
        const links = await Promise.all(linkIds.map((id) => linkOfField(id, context, info)));
        return links.filter((link) => link !== null);
      },
    }),
  }),
});

export const ReconcileRunRef = builder.prismaNode('ReconcileRun', {
  name: 'ReconcileRun',
  description: 'Full comparison of both sides, independent of the change stream.',
  id: { field: 'id', description: 'Global id.' },
  select: { id: true, version: true },
  interfaces: [VersionedRef],
  fields: (t) => ({
    version: t.exposeInt('version', { description: 'Grows with every change.' }),
    company: t.relation('company', { description: 'Company.' }),
    scope: t.expose('scope', { type: ReconcileScopeEnum, description: 'What it covers.' }),
    from: t.expose('fromDate', {
      type: 'Date',
      nullable: true,
      description: 'First issue date covered, for windows.',
    }),
    to: t.expose('toDate', {
      type: 'Date',
      nullable: true,
      description: 'Last issue date covered, for windows.',
    }),
    status: t.expose('status', { type: ReconcileStatusEnum, description: 'Where it stands.' }),
    trigger: t.expose('trigger', { type: ReconcileTriggerEnum, description: 'Why it was run.' }),
    since: t.expose('since', {
      type: 'DateTime',
      nullable: true,
      description: 'From when on changes were looked at; null for every invoice.',
    }),
    polls: t.exposeInt('polls', {
      description:
        'Looks this stands for, 0 for a comparison; looks in a row that found nothing share one run, a day at most.',
    }),
    changes: t.exposeInt('changes', {
      description: 'Changes that a poll found and nobody had told; they cross as events.',
    }),
    quickbooksReads: t.exposeInt('quickbooksReads', {
      description: 'Metered QuickBooks reads it took so far.',
    }),
    startedBy: t.field({
      type: ActorRef,
      description: 'Who started it.',
      select: { startedBy: true },
      resolve: ({ startedBy }, _args, context) => actorOf(startedBy, context),
    }),
    startedAt: t.expose('startedAt', { type: 'DateTime', description: 'Start.' }),
    finishedAt: t.expose('finishedAt', {
      type: 'DateTime',
      nullable: true,
      description: 'End.',
    }),
    progress: t.exposeFloat('progress', { description: 'Share done, 0 to 1.' }),
    compared: t.exposeInt('compared', { description: 'Invoices compared so far.' }),
    matched: t.exposeInt('matched', { description: 'Invoices found equal so far.' }),
    driftCount: t.exposeInt('driftCount', { description: 'Disagreements found so far.' }),
    controlTotals: t.field({
      type: [ControlTotalRef],
      description: "Control totals by currency; equal totals are the controller's proof.",
      select: { controlTotals: true },
      resolve: ({ controlTotals }) => readControlTotals(controlTotals),
    }),
    residual: t.field({
      type: [ResidualItemRef],
      description: 'What explains the differences; unexplained money is an item of its own.',
      select: { residual: true },
      resolve: ({ residual }) => readResidual(residual),
    }),
  }),
});

const ReconcileRunFilterInput = builder.inputType('ReconcileRunFilter', {
  description: 'Narrowing of reconcile runs.',
  fields: (t) => ({
    companyIds: t.idList({ description: 'Only these companies.' }),
    statuses: t.field({ type: [ReconcileStatusEnum], description: 'Only these states.' }),
    triggers: t.field({
      type: [ReconcileTriggerEnum],
      description: 'Only those run for these reasons; DAILY and PERSON are the comparisons.',
    }),
  }),
});

const ReconcileRunConnectionRef = builder.connectionObject(
  { type: ReconcileRunRef, name: 'ReconcileRunConnection', description: 'Page of reconcile runs.' },
  { name: 'ReconcileRunEdge', description: 'One of the reconcile runs with its cursor.' },
);

const newestFirst: Sort = {
  key: 'STARTED_AT:DESC',
  expression: Prisma.sql`"r"."started_at"`,
  form: 'instant',
  descending: true,
  nullable: false,
};

const runOfField = rowOfField(loadReconcileRuns);

builder.queryFields((t) => ({
  reconcileRun: t.field({
    type: ReconcileRunRef,
    nullable: true,
    description: 'One reconcile run.',
    complexity: 1,
    args: { id: t.arg.id({ required: true, description: 'Global id.' }) },
    resolve: (_root, args, context, info) => {
      const id = idOf('ReconcileRun', args.id);
      return id === null ? null : runOfField(id, context, info);
    },
  }),
  reconcileRuns: t.field({
    type: ReconcileRunConnectionRef,
    description: 'Reconcile runs, newest first.',
    complexity: pageCost,
    args: {
      ...listArguments(),
      filter: t.arg({ type: ReconcileRunFilterInput, description: 'Narrowing.' }),
    },
    resolve: (_root, args, context, info) => {
      const listing = {
        from: Prisma.sql`"reconcile_run" AS "r"`,
        id: Prisma.sql`"r"."id"`,
        where: [
          ...inCompanies(context, Prisma.sql`"r"."company_id"`, args.filter?.companyIds),
          ...oneOf(Prisma.sql`"r"."status"`, args.filter?.statuses),
          ...oneOf(Prisma.sql`"r"."trigger"`, args.filter?.triggers),
        ],
        sort: newestFirst,
      };
      return listPage(listing, loadReconcileRuns, args, context, info);
    },
  }),
}));

type LastRun = { readonly companyId: string; readonly id: string };

const lastRunIds = createContextCache(
  ({ prisma }: GraphqlContext) =>
    new DataLoader(async (companyIds: readonly string[]) => {
      const rows = await prisma.$queryRaw<LastRun[]>(Prisma.sql`
        SELECT DISTINCT ON ("company_id") "company_id"::text AS "companyId", "id"::text AS "id" FROM "reconcile_run"
        WHERE "company_id" = ANY(${[...companyIds]}::uuid[]) AND "trigger" <> 'POLL' ORDER BY "company_id", "started_at" DESC, "id"`);
      const byCompany = new Map(rows.map(({ companyId, id }) => [companyId, id]));
      return companyIds.map((id) => byCompany.get(id) ?? null);
    }),
);

builder.prismaObjectField('Company', 'lastReconcileRun', (t) =>
  t.field({
    type: ReconcileRunRef,
    nullable: true,
    description: 'Latest reconcile run.',
    complexity: 1,
    // Of those that compared both sides; regular looks are in the list.
    resolve: async ({ id: companyId }, _args, context, info) => {
      const id = await lastRunIds(context).load(companyId);
      return id === null ? null : runOfField(id, context, info);
    },
  }),
);
