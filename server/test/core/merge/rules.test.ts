import { describe, expect, test } from 'vitest';
import { toLineKey } from '#core/brand.ts';
import type { FieldRule } from '#core/mapping/field-entry.ts';
import { headerGroups, lineGroups, linePath } from '#core/merge/groups.ts';
import type { Merge } from '#core/merge/merge-field.ts';
import type { GroupMerge } from '#core/merge/merge-invoice.ts';
import { decideByRules, isRuled } from '#core/merge/rules.ts';

const merged = (merge: Merge, group = 'privateNote'): GroupMerge => ({
  group,
  paths: [group],
  merge,
  lineKey: null,
});

describe('a rule', () => {
  test.each<readonly [FieldRule, Merge]>([
    ['ASK', 'conflict'],
    ['LATEST_WINS', 'conflict'],
    ['INTERNAL_WINS', 'take-internal'],
    ['QUICKBOOKS_WINS', 'take-quickbooks'],
    ['READ_ONLY', 'unchanged'],
  ])('%s makes of a conflict: %s', (rule, outcome) => {
    const [decided] = decideByRules([merged('conflict')], () => rule);

    expect(decided?.merge).toBe(outcome);
    expect(decided !== undefined && isRuled(decided)).toBe(outcome !== 'conflict');
  });

  test('has no say where the sides do not disagree', () => {
    const merges = (['unchanged', 'agreed', 'take-internal', 'take-quickbooks'] as const).map(
      (merge) => merged(merge),
    );

    expect(decideByRules(merges, () => 'INTERNAL_WINS')).toEqual(merges);
  });

  test('asks a person about everything two people can edit, but for the e-mail address', () => {
    const key = toLineKey('k');
    const groups = [
      { name: 'existence', paths: ['existence'] },
      { name: 'line', paths: [linePath(key)] },
      ...headerGroups.map(({ name, fields }) => ({ name, paths: fields })),
      ...lineGroups.map(({ name, fields }) => ({
        name,
        paths: fields.map((field) => linePath(key, field)),
      })),
    ];

    const decided = decideByRules(
      groups.map(({ name, paths }) => ({ group: name, paths, merge: 'conflict', lineKey: null })),
    );

    expect(decided.filter(({ merge }) => merge !== 'conflict')).toMatchObject([
      { group: 'billEmail', merge: 'take-internal', rule: 'INTERNAL_WINS' },
    ]);
  });

  test('of fields that hang together with different rules is to ask', () => {
    const both = { ...merged('conflict'), paths: ['billEmail', 'number'] };

    expect(decideByRules([both])).toEqual([both]);
  });
});
