import { describe, expect, test } from 'vitest';
import { brandDecimal, toCurrency, toInstant, toLineKey, type LineKey } from '#core/brand.ts';
import type { FieldChoice } from '#core/merge/field-choice.ts';
import type { FieldRule } from '#core/mapping/field-entry.ts';
import type { RuleBook } from '#core/merge/policy.ts';
import type { Dispute } from '#core/resolution/dispute.ts';
import { rehearsePolicy, type PastConflict } from '#core/resolution/rehearse-policy.ts';

const key = toLineKey('A1');
const nothing = { kind: 'header', fields: {} } as const;
const held = {
  baseInternal: nothing,
  baseQuickbooks: nothing,
  internal: nothing,
  quickbooks: nothing,
};

const dispute = (
  group: string,
  paths: readonly string[],
  texts: readonly [internal: readonly string[], quickbooks: readonly string[]] = [['a'], ['b']],
  laterMs = 0,
  lineKey: LineKey | null = null,
): Dispute => ({
  group,
  lineKey,
  paths,
  disputed: paths,
  base: null,
  internal: JSON.stringify(texts[0]),
  quickbooks: JSON.stringify(texts[1]),
  held,
  changed: {
    internal: { at: toInstant(1_000_000 + laterMs), by: null },
    quickbooks: { at: toInstant(1_000_000), by: null },
  },
});

const memo = (laterMs = 0) => dispute('customerMemo', ['customerMemo'], undefined, laterMs);
const amount = (internal: string, quickbooks: string) =>
  dispute('amount', [`lines[key=A1].amount`], [[internal], [quickbooks]], 0, key);

let numbered = 0;
const past = (disputes: readonly Dispute[], choice?: FieldChoice): PastConflict => {
  numbered += 1;
  const decisions = disputes.map(({ group, lineKey, paths }) => ({
    group,
    lineKey,
    paths,
    choice: choice ?? 'KEEP_INTERNAL',
    madeOn: { internal: nothing, quickbooks: nothing },
    decided: null,
  }));
  return {
    id: `conflict-${numbered}`,
    currency: toCurrency('USD'),
    disputes,
    decisions: choice === undefined ? [] : decisions,
  };
};

const book = (pattern: string, rule: FieldRule, tolerance: string | null = null): RuleBook => ({
  version: 2,
  policies: [{ pattern, rule, tolerance: tolerance === null ? null : brandDecimal(tolerance) }],
});

describe('trying a rule on past conflicts', () => {
  test.each<readonly [FieldRule, FieldChoice, boolean]>([
    ['INTERNAL_WINS', 'KEEP_INTERNAL', false],
    ['INTERNAL_WINS', 'KEEP_QUICKBOOKS', true],
    ['INTERNAL_WINS', 'KEEP_BASE', true],
    ['INTERNAL_WINS', 'CUSTOM', true],
    ['QUICKBOOKS_WINS', 'KEEP_INTERNAL', true],
    ['QUICKBOOKS_WINS', 'KEEP_QUICKBOOKS', false],
    ['READ_ONLY', 'KEEP_INTERNAL', true],
  ])('%s disagrees with a person’s %s: %s', (rule, choice, disagrees) => {
    const one = past([memo()], choice);

    expect(rehearsePolicy([one], book('customerMemo', rule), 'customerMemo')).toEqual({
      considered: 1,
      wouldAutoResolve: 1,
      wouldDisagree: disagrees ? 1 : 0,
      disagreements: disagrees ? [one.id] : [],
    });
  });

  test('goes by the later edit where it is more than 5 seconds later', () => {
    const three = [past([memo(5_001)]), past([memo(-5_001)]), past([memo(5_000)])];

    expect(rehearsePolicy(three, book('**', 'LATEST_WINS'), '**')).toMatchObject({
      considered: 3,
      wouldAutoResolve: 2,
    });
  });

  test('settles nothing of which another part still waits for a person', () => {
    const both = past([memo(), dispute('privateNote', ['privateNote'])]);

    expect(
      rehearsePolicy([both], book('customerMemo', 'INTERNAL_WINS'), 'customerMemo'),
    ).toMatchObject({ considered: 1, wouldAutoResolve: 0 });
  });

  test('counts what differs by no more than the tolerance as settled, whatever the rule', () => {
    const two = [past([amount('10.00', '10.04')]), past([amount('10.00', '10.06')])];

    expect(
      rehearsePolicy(two, book('lines[*].amount', 'ASK', '0.05'), 'lines[*].amount'),
    ).toMatchObject({ considered: 2, wouldAutoResolve: 1 });
  });

  test('leaves aside what the pattern does not cover, and existence altogether', () => {
    const others = [past([dispute('existence', ['existence'])]), past([memo()])];

    expect(rehearsePolicy(others, book('dueDate', 'INTERNAL_WINS'), 'dueDate').considered).toBe(0);
    expect(rehearsePolicy(others, book('**', 'INTERNAL_WINS'), '**')).toMatchObject({
      considered: 1,
      wouldAutoResolve: 1,
    });
  });

  test('names at most twenty it disagrees with, the newest first', () => {
    const many = Array.from({ length: 30 }, () => past([memo()], 'KEEP_QUICKBOOKS'));

    const { wouldDisagree, disagreements } = rehearsePolicy(
      many,
      book('customerMemo', 'INTERNAL_WINS'),
      'customerMemo',
    );
    expect(wouldDisagree).toBe(30);
    expect(disagreements).toEqual(many.slice(0, 20).map(({ id }) => id));
  });
});
