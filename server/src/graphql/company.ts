import { Prisma } from '#generated/prisma/client.ts';
import { z } from 'zod';
import type { QuietHours } from '#core/notification/notifications.ts';
import { builder } from './builder.ts';
import { callBudget, QuickBooksBudgetRef } from './call-budget.ts';
import { companyHealth, CompanyHealthRef, healthState } from './company-health.ts';
import { pageCost } from './connection.ts';
import {
  CompanyModeEnum,
  CompanyStatusEnum,
  HealthEnum,
  NotificationKindEnum,
} from './enums/company.ts';
import { DirectionEnum } from './enums/crossing.ts';
import { inCompanies, oneOf } from './filters.ts';
import { idOf } from './global-id.ts';
import { listArguments } from './list-arguments.ts';
import { listPage } from './list.ts';
import type { Sort } from './page.ts';
import { loadCompanies, rowOfField } from './rows.ts';
import { companyStatusSql, shownCompanyStatus } from './shown-status.ts';
import { VersionedRef } from './versioned.ts';

/** Secrets are never selected: the type loads the columns of the fields asked for and no others. */
export const CompanyRef = builder.prismaNode('Company', {
  name: 'Company',
  description:
    'One customer of the bridge: its internal books paired with one QuickBooks Online company.',
  id: { field: 'id', description: 'Global id.' },
  select: { id: true, version: true },
  interfaces: [VersionedRef],
  fields: (t) => ({
    version: t.exposeInt('version', { description: 'Grows with every change.' }),
    quickbooksRealmId: t.exposeString('realmId', {
      nullable: true,
      description: 'QuickBooks company id; null until QuickBooks is connected.',
    }),
    name: t.exposeString('name', { description: 'Company name.' }),
    homeCurrency: t.expose('homeCurrency', {
      type: 'CurrencyCode',
      nullable: true,
      description: 'Home currency; null until QuickBooks is connected.',
    }),
    mode: t.expose('mode', {
      type: CompanyModeEnum,
      description: 'Whether writes leave the bridge.',
    }),
    invoicing: t.variant(InvoicingEndpointRef, { description: 'Where the internal books are.' }),
    settings: t.variant(CompanySettingsRef, {
      description: 'What the bridge may do by itself.',
    }),
    notifications: t.variant(NotificationSettingsRef, {
      description: 'What it tells people about.',
    }),
    status: t.field({
      type: CompanyStatusEnum,
      description: 'State of the link.',
      select: { status: true, pausedDirections: true },
      resolve: ({ status, pausedDirections }) => shownCompanyStatus(status, pausedDirections),
    }),
    health: t.field({
      type: CompanyHealthRef,
      description: 'Health right now, with reasons.',
      complexity: 1,
      resolve: ({ id }, _args, context) => companyHealth(context).load(id),
    }),
    authorizationExpiresAt: t.field({
      type: 'DateTime',
      nullable: true,
      description: 'When access runs out unless renewed.',
      select: { credential: { select: { refreshExpiresAt: true } } },
      resolve: ({ credential }) => credential?.refreshExpiresAt ?? null,
    }),
    booksClosedThrough: t.expose('booksClosedThrough', {
      type: 'Date',
      nullable: true,
      description: 'Dates up to which QuickBooks books are closed.',
    }),
    pausedDirections: t.expose('pausedDirections', {
      type: [DirectionEnum],
      description: 'Directions currently paused.',
    }),
    quickbooksBudget: t.field({
      type: QuickBooksBudgetRef,
      description: 'QuickBooks call budget as we track it.',
      complexity: 1,
      resolve: ({ id }, _args, context) => callBudget(context).load(id),
    }),
  }),
});

const InvoicingEndpointRef = builder.prismaObject('Company', {
  variant: 'InvoicingEndpoint',
  description: 'The internal invoicing system of a company; secrets are never shown again.',
  select: { id: true },
  fields: (t) => ({
    baseUrl: t.exposeString('invoicingBaseUrl', { description: 'Address of its REST contract.' }),
    webhookUrl: t.string({
      description: 'Address to configure there as webhook receiver.',
      resolve: ({ id }, _args, { publicUrl }) => `${publicUrl}/webhooks/invoicing/${id}`,
    }),
    lastSeenAt: t.expose('invoicingLastSeenAt', {
      type: 'DateTime',
      nullable: true,
      description: 'Last time it answered.',
    }),
  }),
});

const CompanySettingsRef = builder.prismaObject('Company', {
  variant: 'CompanySettings',
  description: 'What the bridge may do by itself in one company.',
  select: { id: true },
  fields: (t) => ({
    createMissingReferences: t.exposeBoolean('createMissingReferences', {
      description: 'Make customers, items and terms that have no counterpart.',
    }),
    importFromQuickbooks: t.exposeBoolean('importFromQuickbooks', {
      description: 'Bring invoices that were made in QuickBooks into the internal books.',
    }),
    goLiveDate: t.expose('goLiveDate', {
      type: 'Date',
      nullable: true,
      description: 'Invoices dated before this day are left alone; null for all.',
    }),
    taxVarianceTolerance: t.expose('taxVarianceTolerance', {
      type: 'Decimal',
      description: 'Largest total difference per invoice that tax rounding may explain.',
    }),
    undoWindowSeconds: t.exposeInt('undoWindowSeconds', {
      description:
        'Seconds a decision waits before it leaves the bridge, so that it can be undone; 0 to 120.',
    }),
    markDocuments: t.exposeBoolean('markDocuments', {
      description:
        'Write a marker line into the private note of documents the bridge makes, so that a lost answer can be settled.',
    }),
    incomeAccountId: t.exposeString('incomeAccountId', {
      nullable: true,
      description: 'QuickBooks income account for new items; null until known, and new items wait.',
    }),
  }),
});

const QuietHoursRef = builder.objectRef<QuietHours>('QuietHours').implement({
  description: 'Part of each day in which nothing is sent; it may go over midnight.',
  fields: (t) => ({
    from: t.exposeString('from', { description: 'First quiet minute, HH:MM.' }),
    until: t.exposeString('until', {
      description: 'First minute that is not quiet any more, HH:MM.',
    }),
    timeZone: t.exposeString('timeZone', { description: 'IANA time zone.' }),
  }),
});

const quietHours = z.object({ from: z.string(), until: z.string(), timeZone: z.string() });

const NotificationSettingsRef = builder.prismaObject('Company', {
  variant: 'NotificationSettings',
  description: 'What the bridge tells people about by itself.',
  select: { id: true },
  fields: (t) => ({
    emails: t.exposeStringList('notifyEmails', { description: 'Addresses mailed to.' }),
    webhookUrl: t.exposeString('notifyWebhookUrl', {
      nullable: true,
      description: 'Address posted to; signed with the Standard Webhooks scheme.',
    }),
    kinds: t.expose('notifyKinds', {
      type: [NotificationKindEnum],
      description: 'Kinds told about.',
    }),
    digestMinutes: t.exposeInt('notifyDigestMinutes', {
      description: 'Least minutes between two messages; what happens meanwhile is gathered.',
    }),
    quietHours: t.field({
      type: QuietHoursRef,
      nullable: true,
      description: 'Hours in which nothing is sent; null for none.',
      select: { notifyQuietHours: true },
      resolve: ({ notifyQuietHours }) =>
        notifyQuietHours === null ? null : quietHours.parse(notifyQuietHours),
    }),
  }),
});

const CompanyFilterInput = builder.inputType('CompanyFilter', {
  description: 'Narrowing of companies; fields are ANDed, list values ORed.',
  fields: (t) => ({
    statuses: t.field({ type: [CompanyStatusEnum], description: 'Only these states.' }),
    healths: t.field({ type: [HealthEnum], description: 'Only these healths.' }),
  }),
});

const CompanyConnectionRef = builder.connectionObject(
  { type: CompanyRef, name: 'CompanyConnection', description: 'Page of companies.' },
  { name: 'CompanyEdge', description: 'One of the companies with its cursor.' },
);

const byName: Sort = {
  key: 'name',
  expression: Prisma.sql`"c"."name"`,
  form: 'text',
  descending: false,
  nullable: false,
};

const companyOfField = rowOfField(loadCompanies);

builder.queryFields((t) => ({
  company: t.field({
    type: CompanyRef,
    nullable: true,
    description: 'One company.',
    complexity: 1,
    args: { id: t.arg.id({ required: true, description: 'Global id.' }) },
    resolve: (_root, args, context, info) => {
      const id = idOf('Company', args.id);
      return id === null ? null : companyOfField(id, context, info);
    },
  }),
  companies: t.field({
    type: CompanyConnectionRef,
    description: 'Companies.',
    complexity: pageCost,
    args: {
      ...listArguments(),
      filter: t.arg({ type: CompanyFilterInput, description: 'Narrowing.' }),
    },
    resolve: (_root, args, context, info) => {
      const where = [
        ...inCompanies(context, Prisma.sql`"c"."id"`, null),
        ...oneOf(Prisma.sql`(${companyStatusSql})`, args.filter?.statuses),
        ...oneOf(healthState(context), args.filter?.healths),
      ];
      const from = Prisma.sql`"company" AS "c"`;
      const listing = { from, id: Prisma.sql`"c"."id"`, where, sort: byName };
      return listPage(listing, loadCompanies, args, context, info);
    },
  }),
}));
