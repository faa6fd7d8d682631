import { createContextCache } from '@pothos/core';
import DataLoader from 'dataloader';
import { z } from 'zod';
import type { QuickBooksFacts } from '#core/company/company.ts';
import type { Json } from '#core/json.ts';
import { labelFor } from '#core/mapping/field-map.ts';
import type { FieldChoice } from '#core/merge/field-choice.ts';
import { isSamePlace, type GroupValue } from '#core/merge/group-value.ts';
import type { BaseHalves } from '#core/plan/advance-base.ts';
import { allowedChoices } from '#core/resolution/allowed-choices.ts';
import type { KeptChoices, Resolution } from '#core/resolution/decision.ts';
import {
  disputedPaths,
  isAboutInvoice,
  type Dispute,
  type Disputed,
  type PaymentQuestion,
} from '#core/resolution/dispute.ts';
import { sideNames, sideNamesFirst, type Side } from '#core/side.ts';
import { ActorRef, actorOf } from './actor.ts';
import { builder } from './builder.ts';
import type { GraphqlContext } from './context.ts';
import { FieldChoiceEnum } from './enums/conflict.ts';
import { FieldValueRef, type FieldValueShape } from './field-value.ts';
import { valueOf } from './field-words.ts';
import { readStoredInvoice } from './stored-invoice.ts';

const isObject = (value: unknown): boolean => typeof value === 'object' && value !== null;

/** Written by the engine and by people's requests, and by nobody else. */
export const storedDisputes = z.custom<readonly Disputed[]>(Array.isArray);
export const storedResolution = z.custom<Resolution>(isObject).nullable();
const storedKept = z.custom<KeptChoices>(isObject).nullable();
const storedFacts = z.custom<QuickBooksFacts>(isObject).nullable();

/** A conflict's row with all that its fields are shown with. */
export type ConflictRow = {
  readonly companyId: string;
  readonly status: string;
  readonly fields: unknown;
  readonly resolution: unknown;
  readonly kept: unknown;
  readonly company: { readonly quickbooksFacts: unknown };
  readonly link: {
    readonly internalObservation: { readonly content: unknown } | null;
    readonly quickbooksObservation: { readonly content: unknown } | null;
  };
};

/** One disputed path with the conflict it belongs to. */
export type ConflictFieldShape = {
  readonly companyId: string;
  readonly disputed: Disputed;
  readonly path: string;
  readonly label: string;
  readonly currency: string | null;
  readonly allowed: readonly FieldChoice[];
  readonly choice: FieldChoice | null;
  /** Chosen before, when the decision could not be carried out. */
  readonly kept: { readonly choice: FieldChoice; readonly because: string } | null;
};

/** Every disputed field of a conflict, in the order of the document. */
export function conflictFieldsOf(row: ConflictRow): readonly ConflictFieldShape[] {
  const present = presentOf(row.link);
  const facts = storedFacts.parse(row.company.quickbooksFacts);
  const resolution = storedResolution.parse(row.resolution);
  const kept = storedKept.parse(row.kept);
  return storedDisputes.parse(row.fields).flatMap((disputed) => {
    const isOpen = row.status === 'OPEN' && present !== null && facts !== null;
    const allowed = isOpen ? choicesFor(disputed, present, facts) : [];
    const before = kept?.decisions.find((one) => isSamePlace(one, disputed));
    const decision = resolution?.decisions.find((one) => isSamePlace(one, disputed));
    return disputedPaths(disputed).map((path) => ({
      companyId: row.companyId,
      disputed,
      path,
      label: disputed.group === 'payment' ? 'Payment' : labelIn(path, present),
      currency: present?.internal.currency ?? null,
      allowed,
      choice: decision?.choice ?? paymentChoiceOf(disputed, resolution),
      kept:
        kept === null || before === undefined
          ? null
          : { choice: before.choice, because: kept.because },
    }));
  });
}

const choicesFor = (
  disputed: Disputed,
  present: BaseHalves,
  facts: QuickBooksFacts,
): readonly FieldChoice[] =>
  isAboutInvoice(disputed)
    ? allowedChoices(disputed, present, facts)
    : disputed.options.map(({ choice }) => choice);

const paymentChoiceOf = (disputed: Disputed, resolution: Resolution | null): FieldChoice | null =>
  isAboutInvoice(disputed)
    ? null
    : (resolution?.payments?.find(({ key, field }) => isAbout(disputed, key, field))?.choice ??
      null);

/** Whether a question is the one a choice was made for. */
const isAbout = ({ about }: PaymentQuestion, key: string, field: string | null): boolean =>
  about.key === key && about.field === field;

const labelIn = (path: string, present: BaseHalves | null): string =>
  labelFor(path, present?.internal ?? { lines: [] });

function presentOf(link: ConflictRow['link']): BaseHalves | null {
  const { internalObservation: internal, quickbooksObservation: quickbooks } = link;
  if (internal === null || quickbooks === null) return null;
  return {
    internal: readStoredInvoice(internal.content),
    quickbooks: readStoredInvoice(quickbooks.content),
  };
}

/** What a kept value says at one path of its group. */
export function jsonAt(value: GroupValue, path: string): Json {
  const field = path.slice(path.lastIndexOf('.') + 1);
  switch (value.kind) {
    case 'existence':
      return value.existence;
    case 'tax':
      return value.taxTotal;
    case 'header':
      return Object.entries(value.fields).find(([name]) => name === field)?.[1] ?? null;
    case 'line':
      if (path.endsWith(']')) return value.line;
      return Object.entries(value.line ?? {}).find(([name]) => name === field)?.[1] ?? null;
    default:
      return null;
  }
}

type Place = 'base' | 'internal' | 'quickbooks';

export const listed = z.array(z.json());

/** One of the three values of a disputed path. */
function valueAtPlace({ disputed, path, currency }: ConflictFieldShape, place: Place) {
  if (place === 'base' && disputed.base === null) return null;
  if (isAboutInvoice(disputed)) {
    const { held } = disputed;
    return valueOf(path, jsonAt(held[place === 'base' ? 'baseInternal' : place], path), currency);
  }
  const text = disputed[place];
  return text === null ? null : valueOf(path, listed.parse(JSON.parse(text))[0] ?? null, currency);
}

/** A value that may be empty, where the contract wants one. */
export const valueOrEmpty = (
  path: string,
  json: Json,
  currency: string | null,
): FieldValueShape => {
  const value = valueOf(path, json, currency);
  return value ?? { kind: 'TEXT', display: '', money: null, json: null };
};

const changedOf = ({ disputed }: ConflictFieldShape, side: Side) =>
  isAboutInvoice(disputed) ? disputed.changed[side] : null;

const whoChanged = (field: ConflictFieldShape, side: Side, context: GraphqlContext) => {
  const name = changedOf(field, side)?.by ?? null;
  return name === null ? null : actorOf({ kind: 'side', side, name }, context);
};

const whenChanged = (field: ConflictFieldShape, side: Side): Date | null => {
  const changed = changedOf(field, side);
  return changed === null ? null : new Date(changed.at);
};

type Suggestion = {
  readonly choice: FieldChoice;
  readonly reason: string;
  readonly companyId: string;
  readonly group: string;
};

/** What was chosen before, else the later writer's value: one click accepts that the last writer wins (architecture.md §4). */
function suggestionOf({
  disputed,
  allowed,
  kept,
  companyId,
}: ConflictFieldShape): Suggestion | null {
  const [first] = allowed;
  if (!isAboutInvoice(disputed) || first === undefined) return null;
  const { group } = disputed;
  if (kept !== null && allowed.includes(kept.choice)) {
    const reason = `It was chosen before; then ${lowered(kept.because)}`;
    return { choice: kept.choice, reason, companyId, group };
  }
  const later = laterSide(disputed);
  const choice = later === 'internal' ? 'KEEP_INTERNAL' : 'KEEP_QUICKBOOKS';
  if (allowed.includes(choice))
    return { choice, reason: `${sideNamesFirst[later]} changed it last.`, companyId, group };
  const reason = `${sideNamesFirst[later]} changed it last, but ${sideNames[later === 'internal' ? 'quickbooks' : 'internal']} would not take that.`;
  return { choice: first, reason, companyId, group };
}

const lowered = (sentence: string): string =>
  sentence.slice(0, 1).toLowerCase() + sentence.slice(1);

const laterSide = ({ changed }: Dispute): Side =>
  changed.internal.at > changed.quickbooks.at ? 'internal' : 'quickbooks';

type Chosen = {
  readonly companyId: string;
  readonly group: string;
  readonly choice: string;
  readonly count: number;
};

/** How often each choice was made for a group in a company; one statement for all that a page shows. */
const choicesMade = createContextCache(
  (context: GraphqlContext) =>
    new DataLoader(
      async (keys: readonly { readonly companyId: string; readonly group: string }[]) => {
        const companies = [...new Set(keys.map(({ companyId }) => companyId))];
        const rows = await context.prisma.$queryRaw<Chosen[]>`
          SELECT "c"."company_id"::text AS "companyId", "d"->>'group' AS "group", "d"->>'choice' AS "choice", count(*)::int AS "count"
          FROM "conflict" AS "c" CROSS JOIN LATERAL jsonb_array_elements("c"."resolution"->'decisions') AS "d"
          WHERE "c"."company_id" = ANY (${companies}::uuid[]) AND "c"."status" IN ('APPLYING', 'RESOLVED') AND "c"."resolution" IS NOT NULL
          GROUP BY 1, 2, 3`;
        return keys.map((key) =>
          rows.filter(({ companyId, group }) => companyId === key.companyId && group === key.group),
        );
      },
      { cacheKeyFn: ({ companyId, group }) => `${companyId}:${group}` },
    ),
);

const ConflictSuggestionRef = builder.objectRef<Suggestion>('ConflictSuggestion').implement({
  description: 'Advice for one field.',
  fields: (t) => ({
    choice: t.expose('choice', { type: FieldChoiceEnum, description: 'Choice advised.' }),
    reason: t.exposeString('reason', { description: 'Why, in one sentence.' }),
    agreement: t.float({
      nullable: true,
      description: 'How often people chose the same in like cases, 0 to 1.',
      resolve: async ({ companyId, group, choice }, _args, context) => {
        const made = await choicesMade(context).load({ companyId, group });
        const all = made.reduce((total, { count }) => total + count, 0);
        const same = made.find((one) => one.choice === choice)?.count ?? 0;
        return all === 0 ? null : same / all;
      },
    }),
  }),
});

export const ConflictFieldRef = builder.objectRef<ConflictFieldShape>('ConflictField').implement({
  description: 'One disputed field.',
  fields: (t) => ({
    path: t.exposeString('path', { description: 'Stable path.' }),
    label: t.exposeString('label', { description: 'Words for the field.' }),
    base: t.field({
      type: FieldValueRef,
      nullable: true,
      description: 'Last agreed value.',
      resolve: (field) => valueAtPlace(field, 'base'),
    }),
    internal: t.field({
      type: FieldValueRef,
      nullable: true,
      description: 'Internal value.',
      resolve: (field) => valueAtPlace(field, 'internal'),
    }),
    quickbooks: t.field({
      type: FieldValueRef,
      nullable: true,
      description: 'QuickBooks value.',
      resolve: (field) => valueAtPlace(field, 'quickbooks'),
    }),
    internalActor: t.field({
      type: ActorRef,
      nullable: true,
      description: 'Who changed the internal value.',
      resolve: (field, _args, context) => whoChanged(field, 'internal', context),
    }),
    internalChangedAt: t.field({
      type: 'DateTime',
      nullable: true,
      description: 'When the internal value changed.',
      resolve: (field) => whenChanged(field, 'internal'),
    }),
    quickbooksActor: t.field({
      type: ActorRef,
      nullable: true,
      description: 'Who changed the QuickBooks value, as far as known.',
      resolve: (field, _args, context) => whoChanged(field, 'quickbooks', context),
    }),
    quickbooksChangedAt: t.field({
      type: 'DateTime',
      nullable: true,
      description: 'When the QuickBooks value changed.',
      resolve: (field) => whenChanged(field, 'quickbooks'),
    }),
    suggestion: t.field({
      type: ConflictSuggestionRef,
      nullable: true,
      description: 'What we would pick and why; never applied on its own.',
      resolve: suggestionOf,
    }),
    allowedChoices: t.field({
      type: [FieldChoiceEnum],
      description: 'Choices QuickBooks would accept for this field.',
      resolve: ({ allowed }) => [...allowed],
    }),
    linkedPaths: t.stringList({
      description:
        'Other disputed paths that must be chosen the same way (quantity, price and amount of one line).',
      resolve: ({ disputed, path }) => disputedPaths(disputed).filter((other) => other !== path),
    }),
    choice: t.expose('choice', {
      type: FieldChoiceEnum,
      nullable: true,
      description: 'Choice taken; null while open.',
    }),
  }),
});
