import { createHash } from 'node:crypto';
import { z } from 'zod';
import type { Invoice } from '#core/invoice/invoice.ts';
import { builder } from './builder.ts';
import { compareThreeWays } from './compare.ts';
import { FieldDiffRef, placedIn } from './diff.ts';
import { InvoiceSyncStatusEnum } from './enums/invoice.ts';
import { MoneyRef } from './money.ts';
import { shownStatus, whyShownPaused } from './shown-status.ts';
import { InvoiceSnapshotRef, type SnapshotShape } from './snapshot.ts';
import { readStoredInvoice } from './stored-invoice.ts';
import { VersionedRef } from './versioned.ts';

const observed = {
  select: {
    id: true,
    companyId: true,
    content: true,
    contentHash: true,
    capturedAt: true,
  },
} as const;

const bothSides = {
  companyId: true,
  internalObservation: { select: { content: true } },
  quickbooksObservation: { select: { content: true } },
  baseInternal: true,
  baseQuickbooks: true,
} as const;

type Observed = {
  readonly id: string;
  readonly companyId: string;
  readonly content: unknown;
  readonly contentHash: string;
  readonly capturedAt: Date;
};

const pauses = { select: { pausedDirections: true } } as const;

const halfOf = (stored: unknown): Invoice | null =>
  stored === null ? null : readStoredInvoice(stored);

/** A side as last seen, with its half of the base for the keys of its lines. */
export const snapshotOf = (observation: Observed | null, agreed: unknown): SnapshotShape | null =>
  observation && {
    companyId: observation.companyId,
    invoice: readStoredInvoice(observation.content),
    isBase: false,
    capturedAt: observation.capturedAt,
    contentHash: observation.contentHash,
    observationId: observation.id,
    agreed: halfOf(agreed),
  };

const urlOf = (observation: { readonly content: unknown } | null): string | null =>
  observation && readStoredInvoice(observation.content).url;

const storedVariance = z.object({
  amount: z.string(),
  lineKey: z.string().nullable(),
  reason: z.string(),
  accepted: z.boolean(),
});
type VarianceShape = z.infer<typeof storedVariance> & { readonly currency: string };

const TaxVarianceRef = builder.objectRef<VarianceShape>('TaxVariance').implement({
  description: 'Difference between the two totals that tax computation explains.',
  fields: (t) => ({
    amount: t.field({
      type: MoneyRef,
      description: 'QuickBooks total minus internal total.',
      resolve: ({ amount, currency }) => ({ amount, currency }),
    }),
    lineKey: t.exposeString('lineKey', {
      nullable: true,
      description: 'Line it comes from, when one line explains it.',
    }),
    reason: t.exposeString('reason', { description: 'Where it comes from, in one sentence.' }),
    accepted: t.exposeBoolean('accepted', { description: 'True when a person accepted it.' }),
  }),
});

export const InvoiceRef = builder.prismaNode('Link', {
  name: 'Invoice',
  description:
    'One business invoice as the bridge sees it: both sides, and the last version they agreed on.',
  id: { field: 'id', description: 'Global id.' },
  select: { id: true, version: true },
  interfaces: [VersionedRef],
  fields: (t) => ({
    version: t.exposeInt('version', { description: 'Grows with every change.' }),
    company: t.relation('company', { description: 'Company it belongs to.' }),
    number: t.exposeString('number', {
      nullable: true,
      description: 'Number people use; null when neither side has one.',
    }),
    status: t.field({
      type: InvoiceSyncStatusEnum,
      description: 'Where it stands.',
      select: { status: true, company: pauses },
      resolve: ({ status, company }) => shownStatus(status, company.pausedDirections),
    }),
    statusReason: t.string({
      description: 'One plain sentence that says why it is in that status and what happens next.',
      select: { status: true, statusReason: true, pausedBy: true, company: pauses },
      resolve: ({ status, statusReason, pausedBy, company }) =>
        whyShownPaused(status, pausedBy, company.pausedDirections) ?? statusReason,
    }),
    internal: t.field({
      type: InvoiceSnapshotRef,
      nullable: true,
      description: 'Internal side as last seen.',
      select: { internalObservation: observed, baseInternal: true },
      resolve: (link) => snapshotOf(link.internalObservation, link.baseInternal),
    }),
    quickbooks: t.field({
      type: InvoiceSnapshotRef,
      nullable: true,
      description: 'QuickBooks side as last seen.',
      select: { quickbooksObservation: observed, baseQuickbooks: true },
      resolve: (link) => snapshotOf(link.quickbooksObservation, link.baseQuickbooks),
    }),
    base: t.field({
      type: InvoiceSnapshotRef,
      nullable: true,
      description:
        'What both sides last agreed on, as the internal side shows it; null before the first settlement.',
      select: { companyId: true, baseInternal: true, lastInSyncAt: true, changedAt: true },
      resolve: (link) =>
        baseOf(link.baseInternal, link.companyId, link.lastInSyncAt ?? link.changedAt),
    }),
  }),
});

/** What follows from both sides together. */
builder.prismaObjectFields('Link', (t) => ({
  diff: t.field({
    type: [FieldDiffRef],
    description: 'Fields compared three ways; by default only those not equal everywhere.',
    args: {
      includeSame: t.arg.boolean({
        required: true,
        defaultValue: false,
        description: 'True to list equal fields too.',
      }),
    },
    select: bothSides,
    resolve: (link, { includeSame }) =>
      placedIn(
        link.companyId,
        compareThreeWays(
          {
            internal: halfOf(link.internalObservation?.content ?? null),
            quickbooks: halfOf(link.quickbooksObservation?.content ?? null),
            baseInternal: halfOf(link.baseInternal),
            baseQuickbooks: halfOf(link.baseQuickbooks),
          },
          includeSame,
        ),
      ),
  }),
  taxVariance: t.field({
    type: TaxVarianceRef,
    nullable: true,
    description: 'Difference in totals that tax explains, if any.',
    select: { taxVariance: true, currency: true },
    resolve: ({ taxVariance, currency }) =>
      taxVariance === null || currency === null
        ? null
        : { ...storedVariance.parse(taxVariance), currency },
  }),
  changedAt: t.expose('changedAt', {
    type: 'DateTime',
    description: 'Last change on either side.',
  }),
  lastInSyncAt: t.expose('lastInSyncAt', {
    type: 'DateTime',
    nullable: true,
    description: 'Last time both sides were verified equal.',
  }),
  internalUrl: t.string({
    nullable: true,
    description: 'Link that opens it in the internal system.',
    select: { internalObservation: { select: { content: true } } },
    resolve: (link) => urlOf(link.internalObservation),
  }),
  quickbooksUrl: t.string({
    nullable: true,
    description: 'Link that opens it in QuickBooks.',
    select: { quickbooksObservation: { select: { content: true } } },
    resolve: (link) => urlOf(link.quickbooksObservation),
  }),
}));

/** The base as a snapshot of its own; its fingerprint is made of its content. */
export function baseOf(stored: unknown, companyId: string, agreedAt: Date): SnapshotShape | null {
  if (stored === null) return null;
  const invoice = readStoredInvoice(stored);
  return {
    companyId,
    invoice,
    isBase: true,
    capturedAt: agreedAt,
    contentHash: createHash('sha256').update(JSON.stringify(invoice)).digest('hex'),
    observationId: null,
    agreed: invoice,
  };
}
