import { createContextCache } from '@pothos/core';
import DataLoader from 'dataloader';
import { z } from 'zod';
import type { FieldWrite } from '#ports/store.ts';
import { builder } from './builder.ts';
import type { FieldDiffShape, FieldState } from './compare.ts';
import type { GraphqlContext } from './context.ts';
import { FieldDiffRef, placedIn } from './diff.ts';
import { valueOf, wordsOfPath } from './field-words.ts';
import { baseOf, snapshotOf } from './invoice.ts';
import { InvoiceSnapshotRef } from './snapshot.ts';
import { readStoredInvoice } from './stored-invoice.ts';

const write = z.object({
  path: z.string(),
  label: z.string(),
  before: z.json(),
  after: z.json(),
});

const storedDecision = z.object({
  explanation: z.string(),
  internalObservationId: z.string().nullable(),
  quickbooksObservationId: z.string().nullable(),
  baseInternal: z.json().nullable(),
  baseQuickbooks: z.json().nullable(),
  internalWrites: z.array(write),
  quickbooksWrites: z.array(write),
  policyVersion: z.int(),
});

type DecisionShape = z.infer<typeof storedDecision> & {
  readonly companyId: string;
  readonly startedAt: Date;
};

/** The decision an attempt keeps; null when it ended before there was one. */
export const decisionOf = (
  stored: unknown,
  companyId: string,
  startedAt: Date,
): DecisionShape | null =>
  stored === null ? null : { ...storedDecision.parse(stored), companyId, startedAt };

const observations = createContextCache(
  (context: GraphqlContext) =>
    new DataLoader(async (ids: readonly string[]) => {
      const rows = await context.prisma.observation.findMany({
        where: { id: { in: [...ids] } },
        omit: { raw: true },
      });
      const byId = new Map(rows.map((row) => [row.id, row]));
      return ids.map((id) => byId.get(id) ?? null);
    }),
);

async function seenAs(id: string | null, agreed: unknown, context: GraphqlContext) {
  return id === null ? null : snapshotOf(await observations(context).load(id), agreed);
}

/** A decided write as a field: what the side that leads holds now, and what the other held before. */
export function writeOf(
  { path, label, before, after }: FieldWrite,
  state: FieldState,
  currency: string | null,
): FieldDiffShape {
  const held = valueOf(path, before, currency);
  const wanted = valueOf(path, after, currency);
  const toQuickbooks = state === 'CHANGED_INTERNALLY';
  return {
    path,
    label,
    state,
    base: held,
    internal: toQuickbooks ? wanted : held,
    quickbooks: toQuickbooks ? held : wanted,
    affectsTotal: wordsOfPath(path).affectsTotal,
  };
}

async function currencyOf(decision: DecisionShape, context: GraphqlContext) {
  const { internalObservationId, quickbooksObservationId } = decision;
  const id = internalObservationId ?? quickbooksObservationId;
  const observation = id === null ? null : await observations(context).load(id);
  return observation && readStoredInvoice(observation.content).currency;
}

export const DecisionRef = builder.objectRef<DecisionShape>('Decision').implement({
  description:
    'What the bridge knew and what it decided; deciding again from the same inputs gives the same outcome.',
  fields: (t) => ({
    explanation: t.exposeString('explanation', {
      description: 'One or two sentences a bookkeeper can read.',
    }),
    base: t.field({
      type: InvoiceSnapshotRef,
      nullable: true,
      description: 'Last agreed content it started from.',
      resolve: ({ baseInternal, companyId, startedAt }) =>
        baseOf(baseInternal, companyId, startedAt),
    }),
    internal: t.field({
      type: InvoiceSnapshotRef,
      nullable: true,
      description: 'Internal side as seen.',
      resolve: (decision, _args, context) =>
        seenAs(decision.internalObservationId, decision.baseInternal, context),
    }),
    quickbooks: t.field({
      type: InvoiceSnapshotRef,
      nullable: true,
      description: 'QuickBooks side as seen.',
      resolve: (decision, _args, context) =>
        seenAs(decision.quickbooksObservationId, decision.baseQuickbooks, context),
    }),
    internalWrites: t.field({
      type: [FieldDiffRef],
      description: 'Writes decided for the internal side.',
      resolve: async (decision, _args, context) => {
        const currency = await currencyOf(decision, context);
        const writes = decision.internalWrites.map((it) =>
          writeOf(it, 'CHANGED_IN_QUICKBOOKS', currency),
        );
        return placedIn(decision.companyId, writes);
      },
    }),
    quickbooksWrites: t.field({
      type: [FieldDiffRef],
      description: 'Writes decided for QuickBooks.',
      resolve: async (decision, _args, context) => {
        const currency = await currencyOf(decision, context);
        const writes = decision.quickbooksWrites.map((it) =>
          writeOf(it, 'CHANGED_INTERNALLY', currency),
        );
        return placedIn(decision.companyId, writes);
      },
    }),
    policyVersion: t.exposeInt('policyVersion', {
      description: 'Version of the field rules in force.',
    }),
  }),
});
