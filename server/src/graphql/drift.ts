import { z } from 'zod';
import { Prisma } from '#generated/prisma/client.ts';
import { builder } from './builder.ts';
import { compareThreeWays } from './compare.ts';
import { pageCost } from './connection.ts';
import { FieldDiffRef, placedIn } from './diff.ts';
import { DriftKindEnum, DriftStatusEnum } from './enums/reconcile.ts';
import { oneOf } from './filters.ts';
import { nestedListArguments } from './list-arguments.ts';
import { moneyOfColumn, MoneyRef } from './money.ts';
import { nestedPages } from './nested-page.ts';
import type { Sort } from './page.ts';
import { ReconcileRunRef } from './reconcile-run.ts';
import { loadDrifts } from './rows.ts';
import { readStoredInvoice } from './stored-invoice.ts';
import { VersionedRef } from './versioned.ts';

const storedEvidence = z.object({
  internal: z.unknown(),
  quickbooks: z.unknown(),
  baseInternal: z.unknown(),
  baseQuickbooks: z.unknown(),
});

const documentOf = (stored: unknown) =>
  stored === null || stored === undefined ? null : readStoredInvoice(stored);

export const DriftRef = builder.prismaNode('Drift', {
  name: 'Drift',
  description: 'One disagreement found by a reconcile.',
  id: { field: 'id', description: 'Global id.' },
  select: { id: true, version: true },
  interfaces: [VersionedRef],
  fields: (t) => ({
    version: t.exposeInt('version', { description: 'Grows with every change.' }),
    run: t.relation('run', {
      nullable: true,
      description: 'Run that found it; null when a write found it.',
    }),
    kind: t.expose('kind', { type: DriftKindEnum, description: 'Kind.' }),
    status: t.expose('status', { type: DriftStatusEnum, description: 'Where it stands.' }),
    invoice: t.relation('link', {
      nullable: true,
      description: 'Invoice concerned, once linked.',
    }),
    fields: t.field({
      type: [FieldDiffRef],
      description: 'Fields that differ.',
      select: { evidence: true, companyId: true },
      // As the run saw them: what moved since does not change what was found.
      resolve: ({ evidence, companyId }) => {
        const seen = storedEvidence.parse(evidence);
        const compared = {
          internal: documentOf(seen.internal),
          quickbooks: documentOf(seen.quickbooks),
          baseInternal: documentOf(seen.baseInternal),
          baseQuickbooks: documentOf(seen.baseQuickbooks),
        };
        return placedIn(companyId, compareThreeWays(compared, false));
      },
    }),
    amount: t.field({
      type: MoneyRef,
      description: 'Money concerned.',
      select: { amount: true, currency: true },
      resolve: ({ amount, currency }) => moneyOfColumn(amount, currency),
    }),
    proposedRepair: t.exposeString('proposedRepair', {
      description: 'What a repair would do, in words.',
    }),
    acceptedReason: t.exposeString('acceptedReason', {
      nullable: true,
      description: 'Reason given when accepted.',
    }),
  }),
});

const DriftConnectionRef = builder.connectionObject(
  { type: DriftRef, name: 'DriftConnection', description: 'Page of drifts.' },
  { name: 'DriftEdge', description: 'One of the drifts with its cursor.' },
);

const largestFirst: Sort = {
  key: 'AMOUNT:DESC',
  expression: Prisma.sql`"d"."amount"`,
  form: 'decimal',
  descending: true,
  nullable: false,
};

type Narrowing = {
  readonly kinds?: readonly string[] | null | undefined;
  readonly statuses?: readonly string[] | null | undefined;
};

/** What the run found first, and what it found standing still. */
const driftsOfRun = nestedPages(
  (_context, { kinds, statuses }: Narrowing) => ({
    from: Prisma.sql`(SELECT "f"."run_id" AS "of_run", "f".* FROM "drift" AS "f"
      UNION ALL SELECT "s"."seen_run_id", "s".* FROM "drift" AS "s" WHERE "s"."seen_run_id" IS DISTINCT FROM "s"."run_id") AS "d"`,
    id: Prisma.sql`"d"."id"`,
    where: [...oneOf(Prisma.sql`"d"."kind"`, kinds), ...oneOf(Prisma.sql`"d"."status"`, statuses)],
    sort: largestFirst,
    parent: Prisma.sql`"d"."of_run"`,
  }),
  loadDrifts,
);

builder.objectField(ReconcileRunRef, 'drifts', (t) =>
  t.field({
    type: DriftConnectionRef,
    description: 'Disagreements, largest amount first.',
    complexity: pageCost,
    args: {
      ...nestedListArguments(),
      kinds: t.arg({ type: [DriftKindEnum], description: 'Only these kinds.' }),
      statuses: t.arg({ type: [DriftStatusEnum], description: 'Only these states.' }),
    },
    resolve: (run, args, context, info) => driftsOfRun(run.id, args, context, info),
  }),
);
