import type { FieldRule } from '../graphql/generated/graphql.ts';

/** Rules in the order offered: a person first, then one side, then the clocks. */
export const fieldRules = [
  'ASK',
  'INTERNAL_WINS',
  'QUICKBOOKS_WINS',
  'LATEST_WINS',
  'READ_ONLY',
] as const satisfies readonly FieldRule[];

type RuleWords = {
  /** After the field and a colon: "Due date: ask a person". */
  readonly short: string;
  readonly help: string;
};

/** What each rule means, for whoever keeps the books. */
export const ruleWords: Record<FieldRule, RuleWords> = {
  ASK: {
    short: 'ask a person',
    help: 'Where both sides changed it, it waits in Conflicts until somebody chooses.',
  },
  INTERNAL_WINS: {
    short: 'internal wins',
    help: 'Where both sides changed it, QuickBooks is given the internal value.',
  },
  QUICKBOOKS_WINS: {
    short: 'QuickBooks wins',
    help: 'Where both sides changed it, internal invoicing is given the QuickBooks value.',
  },
  LATEST_WINS: {
    short: 'the later edit wins',
    help: 'Only where both clocks can be trusted. Where a side does not say its time, a clock is more than 2 seconds off, the edits are within 5 seconds of each other, or the last change was the bridge’s own, a person is asked all the same.',
  },
  READ_ONLY: {
    short: 'never crosses',
    help: 'Each side keeps its own value and nobody is asked. Not for anything that moves money.',
  },
};

/** Fields that can be nearly equal: quantities, prices, amounts and rates. */
const measured = new Set([
  'exchangeRate',
  'lines[*].quantity',
  'lines[*].unitPrice',
  'lines[*].amount',
]);

/** Whether a difference up to some size may count as none. */
export const canBeNearlyEqual = (pattern: string): boolean => measured.has(pattern);

/** Patterns over many fields, which have no rule of their own until somebody makes one. */
export const broadPatterns = [
  { pattern: 'lines[*].**', label: 'Every field of the lines' },
  { pattern: '**', label: 'Every field' },
] as const;

/** Whether a company may have a rule of its own: what is computed is never written, and a person decides what is void. */
export const isEditable = ({
  pattern,
  rule,
  builtIn,
}: {
  readonly pattern: string;
  readonly rule: FieldRule;
  readonly builtIn: boolean;
}): boolean => pattern !== 'existence' && !(builtIn && rule === 'READ_ONLY');

/** "Due date: ask a person", also for the fields of lines. */
export const sayRule = (label: string, rule: FieldRule): string =>
  `${label}: ${ruleWords[rule].short}`;

const counted = new Intl.PluralRules('en');
const times = (count: number) => (counted.select(count) === 'one' ? 'once' : `${count} times`);
const cases = (count: number) => `${count} ${counted.select(count) === 'one' ? 'case' : 'cases'}`;

type Rehearsed = {
  readonly considered: number;
  readonly wouldAutoResolve: number;
  readonly wouldDisagree: number;
};

/** What a rule would have done, in one sentence. */
export function sayRehearsal(
  { considered, wouldAutoResolve, wouldDisagree }: Rehearsed,
  rule: FieldRule,
): string {
  if (considered > 0 && rule === 'ASK' && wouldAutoResolve === 0)
    return `A person would have been asked in all of the last ${cases(considered)}.`;
  if (considered === 0)
    return 'No conflict of the past was about this, so there is nothing to try it on. It would decide from the first one on.';
  const disagreed =
    wouldDisagree === 0
      ? 'never disagreed with a person'
      : `disagreed with a person ${times(wouldDisagree)}`;
  return `In the last ${cases(considered)} this rule would have settled ${wouldAutoResolve} and ${disagreed}.`;
}
