import type { Decimal } from '../brand.ts';
import type { FieldRule } from '../mapping/field-entry.ts';
import { fieldFor, fieldMap } from '../mapping/field-map.ts';
import { parseDecimal } from '../money/decimal.ts';

/** A rule a company made for the fields its pattern covers; it goes before every built-in one. */
export type FieldPolicy = {
  readonly pattern: string;
  readonly rule: FieldRule;
  /** Differences between the sides up to this much are treated as equal; null for none. */
  readonly tolerance: Decimal | null;
};

/** The rules a company made that are in force, and the version that grows with every change of them. */
export type RuleBook = { readonly version: number; readonly policies: readonly FieldPolicy[] };

/** A company that made no rules goes by the field map. */
export const builtInRules: RuleBook = { version: 1, policies: [] };

/** Patterns over many fields, the narrower first; each with words for it. */
export const broadPatterns = [
  { pattern: 'lines[*]', label: 'Lines' },
  { pattern: 'lines[*].**', label: 'Every field of the lines' },
  { pattern: '**', label: 'Every field' },
] as const;

const lineForm = /^lines\[(?:key=[^\]]*|\*)\](?:\.(.+))?$/;

/** Patterns that cover a stable path, or a field of any line, the most specific first. */
export function patternsOver(path: string): readonly string[] {
  const line = lineForm.exec(path);
  if (line === null) return [path, '**'];
  const [, field] = line;
  return field === undefined ? ['lines[*]', '**'] : [`lines[*].${field}`, 'lines[*].**', '**'];
}

/** Fields no rule of a company reaches: gone against an edit is for a person, what is computed is never written. */
const isFixed = (path: string): boolean => {
  const entry = fieldFor(path);
  return path === 'existence' || entry?.rule === 'READ_ONLY';
};

/** Internal invoicing keeps no e-mail address of an invoice (http.md §4): it can never take one. */
const cannotTake: Readonly<Partial<Record<string, readonly FieldRule[]>>> = {
  billEmail: ['QUICKBOOKS_WINS', 'LATEST_WINS'],
};

/** The rule of the company that covers a path, if one does. */
export function policyOver({ policies }: RuleBook, path: string): FieldPolicy | null {
  if (policies.length === 0 || isFixed(path)) return null;
  for (const pattern of patternsOver(path)) {
    const policy = policies.find((one) => one.pattern === pattern);
    if (policy !== undefined) return cannotTake[path]?.includes(policy.rule) ? null : policy;
  }
  return null;
}

/** The rule in force for a path: the company's, else the field map's. */
export const ruleFor = (book: RuleBook, path: string): FieldRule =>
  policyOver(book, path)?.rule ?? fieldFor(path)?.rule ?? 'ASK';

/** How far the two sides may differ at a path and still count as equal; null where they may not. */
export const toleranceFor = (book: RuleBook, path: string): Decimal | null =>
  policyOver(book, path)?.tolerance ?? null;

/** What is wrong with a rule a person wants to make, by the input it concerns. */
export type PolicyProblem = { readonly input: 'pattern' | 'rule' | 'tolerance'; message: string };

type Wanted = {
  readonly pattern: string;
  readonly rule: FieldRule;
  readonly tolerance: string | null;
};

/** Every problem of a wanted rule, in words; empty when it can be made. */
export function policyProblems(wanted: Wanted): readonly PolicyProblem[] {
  const pattern = patternProblem(wanted.pattern);
  if (pattern !== null) return [{ input: 'pattern', message: pattern }];
  const rule = ruleProblem(wanted);
  const tolerance = toleranceProblem(wanted);
  return [
    ...(rule === null ? [] : [{ input: 'rule' as const, message: rule }]),
    ...(tolerance === null ? [] : [{ input: 'tolerance' as const, message: tolerance }]),
  ];
}

const isBroad = (pattern: string): boolean =>
  broadPatterns.some((broad) => broad.pattern === pattern);

const entryOf = (pattern: string) => fieldMap.find(({ path }) => path === pattern) ?? null;

function patternProblem(pattern: string): string | null {
  if (isBroad(pattern)) return null;
  const entry = entryOf(pattern);
  if (entry === null)
    return `No field of an invoice is called '${pattern}'; use a path of the field map, 'lines[*]', 'lines[*].**' or '**'.`;
  if (entry.path === 'existence')
    return 'Whether an invoice stands or is void is always decided by a person.';
  return entry.rule === 'READ_ONLY'
    ? `${entry.label} is computed or kept by each side itself; it is never written.`
    : null;
}

function ruleProblem({ pattern, rule }: Wanted): string | null {
  if (cannotTake[pattern]?.includes(rule))
    return 'Internal invoicing has no place for it on an invoice, so the QuickBooks value cannot win.';
  if (rule !== 'READ_ONLY') return null;
  return isBroad(pattern) || entryOf(pattern)?.movesMoney === true
    ? 'What moves money has to cross, or the two books would differ without anybody being asked.'
    : null;
}

const measured: ReadonlySet<string> = new Set(['number', 'unit price']);

function toleranceProblem({ pattern, tolerance }: Wanted): string | null {
  if (tolerance === null) return null;
  const parsed = parseDecimal(tolerance);
  if (parsed === null || parsed.startsWith('-')) return 'It must be a number that is not negative.';
  return measured.has(entryOf(pattern)?.comparator ?? '')
    ? null
    : 'Only quantities, prices, amounts and rates can be nearly equal.';
}
