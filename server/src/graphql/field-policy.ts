import { createContextCache } from '@pothos/core';
import DataLoader from 'dataloader';
import type { FieldEntry } from '#core/mapping/field-entry.ts';
import { fieldFor, fieldMap } from '#core/mapping/field-map.ts';
import { ActorRef, systemActor } from './actor.ts';
import { builder } from './builder.ts';
import { CompanyRef } from './company.ts';
import type { GraphqlContext } from './context.ts';
import { isVisible } from './context.ts';
import { FieldRuleEnum } from './enums/invoice.ts';
import { isUuid } from './page-window.ts';
import { loadCompanies, rowOfField } from './rows.ts';
import { VersionedRef } from './versioned.ts';

/** A rule in one company; all are built in until companies can change them. */
export type PolicyShape = {
  readonly companyId: string;
  readonly pattern: string;
  readonly label: string;
  readonly rule: FieldEntry['rule'];
  readonly version: number;
};

const policyOf = (companyId: string, { path, label, rule }: FieldEntry): PolicyShape => ({
  companyId,
  pattern: path,
  label,
  rule,
  version: 1,
});

/** Whole lines follow the lines' amounts: both ask a person. */
const wholeLines = { pattern: 'lines[*]', label: 'Lines', rule: 'ASK', version: 1 } as const;

/** Paths that are not mapped are never written. */
const unmapped = { label: 'Other', rule: 'READ_ONLY', version: 1 } as const;

/** The rule that covers a stable path. */
export function policyFor(companyId: string, path: string): PolicyShape {
  const entry = fieldFor(path);
  if (entry !== null) return policyOf(companyId, entry);
  if (path.startsWith('lines[')) return { companyId, ...wholeLines };
  return { companyId, pattern: path, ...unmapped };
}

/** Rules in force, most specific first: exact paths before patterns over all lines. */
const policiesOf = (companyId: string): PolicyShape[] => [
  ...fieldMap.map((entry) => policyOf(companyId, entry)),
  { companyId, ...wholeLines },
];

/** The rule a global id names; null when the caller may not see its company. */
export function policyById(id: string, context: GraphqlContext): PolicyShape | null {
  const [companyId = '', pattern = ''] = id.split('/', 2);
  if (!isUuid(companyId) || !isVisible(context, companyId)) return null;
  return policiesOf(companyId).find((policy) => policy.pattern === pattern) ?? null;
}

const madeAt = createContextCache(
  (context: GraphqlContext) =>
    new DataLoader(async (companyIds: readonly string[]) => {
      const rows = await context.prisma.company.findMany({
        where: { id: { in: [...companyIds] } },
        select: { id: true, createdAt: true },
      });
      const byId = new Map(rows.map((row) => [row.id, row.createdAt]));
      return companyIds.map((id) => byId.get(id) ?? new Error(`company ${id} is missing`));
    }),
);

const companyOfField = rowOfField(loadCompanies);

export const FieldPolicyRef = builder.objectRef<PolicyShape>('FieldPolicy');
builder.node(FieldPolicyRef, {
  description: 'Rule for a field or a group of fields in one company.',
  id: { resolve: ({ companyId, pattern }) => `${companyId}/${pattern}`, description: 'Global id.' },
  interfaces: [VersionedRef],
  fields: (t) => ({
    version: t.exposeInt('version', { description: 'Grows with every change.' }),
    company: t.field({
      type: CompanyRef,
      description: 'Company.',
      resolve: async ({ companyId }, _args, context, info) => {
        const company = await companyOfField(companyId, context, info);
        if (company === null) throw new Error(`company ${companyId} of a rule is missing`);
        return company;
      },
    }),
    pattern: t.exposeString('pattern', {
      description: "Path pattern, for example 'dueDate' or 'lines[*].description'.",
    }),
    label: t.exposeString('label', { description: 'Words for it.' }),
    rule: t.expose('rule', { type: FieldRuleEnum, description: 'Rule.' }),
    tolerance: t.field({
      type: 'Decimal',
      nullable: true,
      description: 'Differences up to this much are treated as equal.',
      resolve: () => null,
    }),
    builtIn: t.boolean({
      description: 'True for the built-in default, which can be overridden but not deleted.',
      resolve: () => true,
    }),
    autoResolved30d: t.int({
      description: 'Conflicts it settled without a person in the last 30 days.',
      resolve: () => 0, // no conflict is recorded as settled by a rule yet
    }),
    updatedAt: t.field({
      type: 'DateTime',
      description: 'Last change.',
      resolve: ({ companyId }, _args, context) => madeAt(context).load(companyId),
    }),
    updatedBy: t.field({
      type: ActorRef,
      description: 'Who changed it last.',
      resolve: () => systemActor('field map'),
    }),
  }),
});

builder.prismaObjectField('Company', 'fieldPolicies', (t) =>
  t.field({
    type: [FieldPolicyRef],
    description: 'Rules in force, most specific first.',
    resolve: ({ id }) => policiesOf(id),
  }),
);
