import { createContextCache } from '@pothos/core';
import DataLoader from 'dataloader';
import { isAboutPayment } from '#core/resolution/dispute.ts';
import type { Resolution } from '#core/resolution/decision.ts';
import { callerIdOf } from '#sync/change-request.ts';
import { ActorRef, actorOf } from './actor.ts';
import { builder } from './builder.ts';
import { compareThreeWays } from './compare.ts';
import {
  conflictFieldsOf,
  ConflictFieldRef,
  jsonAt,
  storedDisputes,
  storedResolution,
  valueOrEmpty,
  listed,
} from './conflict-field.ts';
import type { GraphqlContext } from './context.ts';
import { FieldDiffRef, placedIn } from './diff.ts';
import { ConflictStatusEnum, FieldChoiceEnum } from './enums/conflict.ts';
import { FieldValueRef, type FieldValueShape } from './field-value.ts';
import { InvoiceRef } from './invoice.ts';
import { moneyOfColumn, MoneyRef } from './money.ts';
import { OutboxEventRef } from './outbox-event.ts';
import { loadEvents, presentRow } from './rows.ts';
import { readStoredInvoice } from './stored-invoice.ts';
import { undoHandleOf, UndoHandleRef } from './undo-handle.ts';
import { VersionedRef } from './versioned.ts';

type ResolvedFieldShape = {
  readonly path: string;
  readonly choice: (typeof FieldChoiceEnum)['$inferType'];
  readonly value: FieldValueShape;
};

const ResolvedFieldRef = builder.objectRef<ResolvedFieldShape>('ResolvedField').implement({
  description: 'Choice for one field with the value it led to.',
  fields: (t) => ({
    path: t.exposeString('path', { description: 'Path.' }),
    choice: t.expose('choice', { type: FieldChoiceEnum, description: 'Choice.' }),
    value: t.expose('value', {
      type: FieldValueRef,
      description: 'Value that both sides will hold.',
    }),
  }),
});

type ResolutionShape = {
  readonly resolution: Resolution;
  readonly isOpenToUndo: boolean;
  readonly choices: readonly ResolvedFieldShape[];
};

const eventOfField = presentRow(loadEvents);

const ConflictResolutionRef = builder.objectRef<ResolutionShape>('ConflictResolution').implement({
  description: 'Decision on a conflict.',
  fields: (t) => ({
    actor: t.field({
      type: ActorRef,
      description: 'Who decided.',
      resolve: ({ resolution }, _args, context) => actorOf(resolution.actor, context),
    }),
    decidedAt: t.field({
      type: 'DateTime',
      description: 'When.',
      resolve: ({ resolution }) => new Date(resolution.decidedAt),
    }),
    choices: t.field({
      type: [ResolvedFieldRef],
      description: 'Choice for each field.',
      resolve: ({ choices }) => [...choices],
    }),
    note: t.string({
      nullable: true,
      description: 'Reason given.',
      resolve: ({ resolution }) => resolution.note,
    }),
    events: t.field({
      type: [OutboxEventRef],
      description: 'Changes sent out because of it, at most one each way.',
      complexity: 1,
      resolve: ({ resolution }, _args, context, info) =>
        Promise.all(resolution.eventIds.map((id) => eventOfField(id, context, info))),
    }),
    undo: t.field({
      type: UndoHandleRef,
      nullable: true,
      description: 'Handle to take it back while the window is open.',
      complexity: 1,
      resolve: ({ resolution, isOpenToUndo }, _args, context) =>
        isOpenToUndo ? undoOf(resolution.undoToken, context) : null,
    }),
  }),
});

/** A handle serves whoever it was given to, and nobody else. */
async function undoOf(token: string, context: GraphqlContext) {
  const right = await context.prisma.undo.findUnique({
    where: { token },
    select: { caller: true, usedAt: true },
  });
  const isMine = right?.caller === callerIdOf(context.caller) && right.usedAt === null;
  return isMine ? undoHandleOf(token, context) : null;
}

/** The decision with the value each disputed field was given. */
function resolutionOf(
  row: { readonly fields: unknown; readonly resolution: unknown; readonly status: string },
  currency: string | null,
): ResolutionShape | null {
  const resolution = storedResolution.parse(row.resolution);
  if (resolution === null) return null;
  const disputes = storedDisputes.parse(row.fields);
  const choices = resolution.decisions.flatMap(
    ({ group, lineKey, choice, decided, madeOn, paths }) => {
      const dispute = disputes.find((one) => one.group === group && one.lineKey === lineKey);
      const shown = dispute !== undefined && 'disputed' in dispute ? dispute.disputed : paths;
      const value =
        decided?.internal ?? madeOn[choice === 'KEEP_QUICKBOOKS' ? 'quickbooks' : 'internal'];
      return shown.map((path) => ({
        path,
        choice,
        value: valueOrEmpty(path, jsonAt(value, path), currency),
      }));
    },
  );
  const aboutPayments = (resolution.payments ?? []).flatMap(({ key, field, choice }) =>
    disputes.filter(isAboutPayment).flatMap((one) => {
      if (one.about.key !== key || one.about.field !== field) return [];
      const text = one[choice === 'KEEP_QUICKBOOKS' ? 'quickbooks' : 'internal'];
      const [value = null] = text === null ? [] : listed.parse(JSON.parse(text));
      return one.paths.map((path) => ({
        path,
        choice,
        value: valueOrEmpty(path, value, currency),
      }));
    }),
  );
  return {
    resolution,
    choices: [...choices, ...aboutPayments],
    isOpenToUndo: row.status === 'UNDO_WINDOW',
  };
}

type Alike = { readonly companyId: string; readonly pattern: string; readonly count: number };

/** Open conflicts by pattern; one statement for all that a page shows. */
const openAlike = createContextCache(
  (context: GraphqlContext) =>
    new DataLoader(
      async (keys: readonly Omit<Alike, 'count'>[]) => {
        const companies = [...new Set(keys.map(({ companyId }) => companyId))];
        const rows = await context.prisma.$queryRaw<Alike[]>`
          SELECT "company_id"::text AS "companyId", "pattern", count(*)::int AS "count" FROM "conflict"
          WHERE "company_id" = ANY (${companies}::uuid[]) AND "status" = 'OPEN' GROUP BY 1, 2`;
        const counts = new Map(rows.map((row) => [`${row.companyId}:${row.pattern}`, row.count]));
        return keys.map(({ companyId, pattern }) => counts.get(`${companyId}:${pattern}`) ?? 0);
      },
      { cacheKeyFn: ({ companyId, pattern }) => `${companyId}:${pattern}` },
    ),
);

const content = { select: { content: true } } as const;
const half = (stored: unknown) => (stored === null ? null : readStoredInvoice(stored));

export const ConflictRef = builder.prismaNode('Conflict', {
  name: 'Conflict',
  description: 'Both sides changed the same field and no rule decides.',
  id: { field: 'id', description: 'Global id.' },
  select: { id: true, version: true },
  interfaces: [VersionedRef],
  fields: (t) => ({
    version: t.exposeInt('version', { description: 'Grows with every change.' }),
    invoice: t.relation('link', { type: InvoiceRef, description: 'Invoice concerned.' }),
    status: t.expose('status', { type: ConflictStatusEnum, description: 'Where it stands.' }),
    fields: t.field({
      type: [ConflictFieldRef],
      description: 'Fields in dispute.',
      select: {
        companyId: true,
        status: true,
        fields: true,
        resolution: true,
        kept: true,
        company: { select: { quickbooksFacts: true } },
        link: { select: { internalObservation: content, quickbooksObservation: content } },
      },
      resolve: (row) => [...conflictFieldsOf(row)],
    }),
    mergedFields: t.field({
      type: [FieldDiffRef],
      description: 'Fields that merge without a question, shown for context.',
      select: {
        companyId: true,
        fields: true,
        link: {
          select: {
            internalObservation: content,
            quickbooksObservation: content,
            baseInternal: true,
            baseQuickbooks: true,
          },
        },
      },
      resolve: ({ companyId, fields, link }) => {
        const disputes = storedDisputes.parse(fields);
        // Gone against an edit is about the whole document: nothing is merged beside it (architecture.md §4).
        if (disputes.some(({ group }) => group === 'existence')) return [];
        const disputed = new Set(disputes.flatMap(({ paths }) => paths));
        const diffs = compareThreeWays(
          {
            internal: half(link.internalObservation?.content ?? null),
            quickbooks: half(link.quickbooksObservation?.content ?? null),
            baseInternal: half(link.baseInternal),
            baseQuickbooks: half(link.baseQuickbooks),
          },
          false,
        );
        return placedIn(
          companyId,
          diffs.filter(({ path }) => !disputed.has(path)),
        );
      },
    }),
    detectedAt: t.expose('detectedAt', { type: 'DateTime', description: 'When it was found.' }),
  }),
});

/** What it is worth, and what people made of it. */
builder.prismaObjectFields('Conflict', (t) => ({
  amountAtStake: t.field({
    type: MoneyRef,
    description: 'Difference in money between the two sides.',
    select: { amountAtStake: true, link: { select: { currency: true } } },
    resolve: ({ amountAtStake, link }) => moneyOfColumn(amountAtStake, currencyOf(link)),
  }),
  resolution: t.field({
    type: ConflictResolutionRef,
    nullable: true,
    description: 'Decision taken, if any.',
    select: {
      status: true,
      fields: true,
      resolution: true,
      link: { select: { currency: true } },
    },
    resolve: (row) => resolutionOf(row, row.link.currency),
  }),
  similarOpenCount: t.int({
    description: 'Other open conflicts that look the same (same fields, same pattern).',
    select: { companyId: true, pattern: true, status: true },
    resolve: async ({ companyId, pattern, status }, _args, context) => {
      const open = await openAlike(context).load({ companyId, pattern });
      return status === 'OPEN' ? open - 1 : open;
    },
  }),
}));

function currencyOf({ currency }: { readonly currency: string | null }): string {
  if (currency === null) throw new Error('a conflict is about an invoice that was never seen');
  return currency;
}
