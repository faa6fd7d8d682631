import { brandWithType, createContextCache } from '@pothos/core';
import DataLoader from 'dataloader';
import type { FieldRule } from '#core/mapping/field-entry.ts';
import { fieldMap } from '#core/mapping/field-map.ts';
import { broadPatterns, patternsOver, policyOver } from '#core/merge/policy.ts';
import { Prisma } from '#generated/prisma/client.ts';
import { ActorRef, actorOf, systemActor, SystemActorRef } from './actor.ts';
import { builder } from './builder.ts';
import { CompanyRef } from './company.ts';
import type { GraphqlContext } from './context.ts';
import { isVisible } from './context.ts';
import { FieldRuleEnum } from './enums/invoice.ts';
import { readGlobalId } from './global-id.ts';
import { isUuid } from './page-window.ts';
import { loadCompanies, rowOfField } from './rows.ts';
import { VersionedRef } from './versioned.ts';

/** A rule in one company: its own, or the built-in one that holds where it has none. */
export type PolicyShape = {
  readonly companyId: string;
  readonly pattern: string;
  readonly label: string;
  readonly rule: FieldRule;
  readonly tolerance: string | null;
  readonly version: number;
  readonly builtIn: boolean;
  /** Null where nobody ever changed it. */
  readonly change: { readonly at: Date; readonly by: unknown } | null;
};

type OwnPolicy = Pick<
  Prisma.FieldPolicyGetPayload<object>,
  'pattern' | 'rule' | 'tolerance' | 'version' | 'updatedAt' | 'updatedBy'
>;

/** What companies ever said about patterns; a row without a rule says nothing any more. */
const changesOf = createContextCache(
  ({ prisma }: GraphqlContext) =>
    new DataLoader(async (companyIds: readonly string[]) => {
      const rows = await prisma.fieldPolicy.findMany({
        where: { companyId: { in: [...companyIds] } },
      });
      const byCompany = Map.groupBy(rows, ({ companyId }) => companyId);
      return companyIds.map((id) => byCompany.get(id) ?? []);
    }),
);

const labels = new Map<string, string>([
  ...fieldMap.map(({ path, label }) => [path, label] as const),
  ...broadPatterns.map(({ pattern, label }) => [pattern, label] as const),
]);

const labelOf = (pattern: string): string => labels.get(pattern) ?? pattern;

const changeOf = (row: OwnPolicy | undefined): Pick<PolicyShape, 'version' | 'change'> =>
  row === undefined
    ? { version: 1, change: null }
    : { version: row.version, change: { at: row.updatedAt, by: row.updatedBy } };

const ownPolicy = (companyId: string, row: OwnPolicy, rule: FieldRule): PolicyShape => ({
  companyId,
  pattern: row.pattern,
  label: labelOf(row.pattern),
  rule,
  tolerance: row.tolerance?.toFixed() ?? null,
  builtIn: false,
  ...changeOf(row),
});

const builtIn = (
  companyId: string,
  pattern: string,
  rule: FieldRule,
  rows: readonly OwnPolicy[],
): PolicyShape => ({
  companyId,
  pattern,
  label: labelOf(pattern),
  rule,
  tolerance: null,
  builtIn: true,
  ...changeOf(rows.find((row) => row.pattern === pattern)),
});

/** Whole lines follow the lines' amounts: both ask a person. */
const builtInRules: readonly (readonly [pattern: string, rule: FieldRule])[] = [
  ...fieldMap.map(({ path, rule }) => [path, rule] as const),
  ['lines[*]', 'ASK'],
];

/** Exact paths before patterns over all lines, and those before one over everything. */
const order = (pattern: string): number =>
  broadPatterns.findIndex((broad) => broad.pattern === pattern);

/** A company's rules, most specific first; its own take the place of built-in ones. */
function policiesFrom(companyId: string, rows: readonly OwnPolicy[]): PolicyShape[] {
  const own = rows.flatMap((row) =>
    row.rule === null ? [] : [ownPolicy(companyId, row, row.rule)],
  );
  const others = builtInRules
    .filter(([pattern]) => !own.some((policy) => policy.pattern === pattern))
    .map(([pattern, rule]) => builtIn(companyId, pattern, rule, rows));
  const placed = new Map(builtInRules.map(([pattern], index) => [pattern, index]));
  return [...own, ...others].toSorted(
    (one, other) =>
      order(one.pattern) - order(other.pattern) ||
      (placed.get(one.pattern) ?? 0) - (placed.get(other.pattern) ?? 0),
  );
}

async function policiesOf(companyId: string, context: GraphqlContext): Promise<PolicyShape[]> {
  return policiesFrom(companyId, await changesOf(context).load(companyId));
}

/** The rule that covers a stable path; paths that are not mapped are never written. */
export async function policyFor(
  companyId: string,
  path: string,
  context: GraphqlContext,
): Promise<PolicyShape> {
  const policies = await policiesOf(companyId, context);
  const own = policyOver(
    { version: 1, policies: policies.filter((it) => !it.builtIn).map(stated) },
    path,
  );
  const pattern = own?.pattern ?? patternsOver(path)[0] ?? path;
  const found = policies.find((policy) => policy.pattern === pattern);
  return found ?? { ...builtIn(companyId, pattern, 'READ_ONLY', []), label: 'Other' };
}

const stated = ({ pattern, rule }: PolicyShape) => ({ pattern, rule, tolerance: null });

/** The rule a global id names; null when there is none or the caller may not see its company. */
export async function policyById(id: string, context: GraphqlContext): Promise<PolicyShape | null> {
  const [companyId = '', pattern = ''] = id.split('/', 2);
  if (!isUuid(companyId) || !isVisible(context, companyId)) return null;
  const policies = await policiesOf(companyId, context);
  return policies.find((policy) => policy.pattern === pattern) ?? null;
}

/** Company and pattern of a rule's global id; null for what is none. */
export function placeOfPolicy(
  globalId: string,
): { readonly companyId: string; readonly pattern: string } | null {
  const read = readGlobalId(globalId);
  const [companyId = '', pattern = ''] = read?.id.split('/', 2) ?? [];
  return read?.typename === 'FieldPolicy' && isUuid(companyId) ? { companyId, pattern } : null;
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

type Settled = { readonly companyId: string; readonly pattern: string; readonly count: number };

/** Conflicts that each rule of companies settled by itself in the last 30 days. */
const settledByRules = createContextCache(
  ({ prisma }: GraphqlContext) =>
    new DataLoader(async (companyIds: readonly string[]) => {
      const rows = await prisma.$queryRaw<Settled[]>(Prisma.sql`
        SELECT "c"."company_id"::text AS "companyId", "by"."pattern", count(DISTINCT "c"."id")::int AS "count"
        FROM "conflict" AS "c" CROSS JOIN LATERAL jsonb_path_query("c"."fields", '$[*].patterns[*]') AS "found"("pattern")
          CROSS JOIN LATERAL (SELECT "found"."pattern" #>> '{}' AS "pattern") AS "by"
        WHERE "c"."company_id" = ANY(${[...companyIds]}::uuid[]) AND "c"."status" = 'RESOLVED'
          AND "c"."ended_at" > clock_timestamp() - interval '30 days'
        GROUP BY 1, 2`);
      const byCompany = Map.groupBy(rows, ({ companyId }) => companyId);
      return companyIds.map((id) => byCompany.get(id) ?? []);
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
      resolve: ({ tolerance }) => tolerance,
    }),
    builtIn: t.boolean({
      description: 'True for the built-in default, which can be overridden but not deleted.',
      resolve: (policy) => policy.builtIn,
    }),
    autoResolved30d: t.int({
      description: 'Conflicts it settled without a person in the last 30 days.',
      resolve: async ({ companyId, pattern }, _args, context) => {
        const settled = await settledByRules(context).load(companyId);
        return settled.find((one) => one.pattern === pattern)?.count ?? 0;
      },
    }),
    updatedAt: t.field({
      type: 'DateTime',
      description: 'Last change.',
      resolve: ({ companyId, change }, _args, context) =>
        change?.at ?? madeAt(context).load(companyId),
    }),
    updatedBy: t.field({
      type: ActorRef,
      description: 'Who changed it last.',
      resolve: ({ change }, _args, context) =>
        change === null ? systemActor('field map') : actorOf(change.by, context),
    }),
  }),
});

/** The same as a member of a union or an interface, which knows it by its brand. */
export async function brandedPolicy(id: string, context: GraphqlContext) {
  const policy = await policyById(id, context);
  if (policy !== null) brandWithType(policy, FieldPolicyRef);
  return policy;
}

builder.objectField(SystemActorRef, 'policy', (t) =>
  t.field({
    type: FieldPolicyRef,
    nullable: true,
    description: 'Rule that made it act, if one did.',
    resolve: ({ policyId }, _args, context) =>
      policyId === null ? null : policyById(policyId, context),
  }),
);

builder.prismaObjectField('Company', 'fieldPolicies', (t) =>
  t.field({
    type: [FieldPolicyRef],
    description: 'Rules in force, most specific first.',
    resolve: ({ id }, _args, context) => policiesOf(id, context),
  }),
);
