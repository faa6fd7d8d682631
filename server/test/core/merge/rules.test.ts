import { describe, expect, test } from 'vitest';
import { toInstant, toLineKey } from '#core/brand.ts';
import type { FieldRule } from '#core/mapping/field-entry.ts';
import { headerGroups, lineGroups, linePath } from '#core/merge/groups.ts';
import type { Edits, SideEdit } from '#core/merge/latest.ts';
import type { Merge } from '#core/merge/merge-field.ts';
import type { GroupMerge } from '#core/merge/merge-invoice.ts';
import type { RuleBook } from '#core/merge/policy.ts';
import { decideByRules, isRuled } from '#core/merge/rules.ts';

const merged = (merge: Merge, group = 'privateNote'): GroupMerge => ({
  group,
  paths: [group],
  merge,
  lineKey: null,
});

const book = (...rules: readonly (readonly [pattern: string, rule: FieldRule])[]): RuleBook => ({
  version: 2,
  policies: rules.map(([pattern, rule]) => ({ pattern, rule, tolerance: null })),
});

const noon = 1_700_000_000_000;
const edit = (afterNoonMs: number | null, clockOffMs: number | null = 0): SideEdit => ({
  editedAt: afterNoonMs === null ? null : toInstant(noon + afterNoonMs),
  clockOffMs,
});
const edits = (internal: SideEdit, quickbooks: SideEdit): Edits => ({ internal, quickbooks });

const key = toLineKey('k');
const everyGroup: readonly GroupMerge[] = [
  merged('conflict', 'existence'),
  { group: 'line', paths: [linePath(key)], merge: 'conflict', lineKey: key },
  ...headerGroups.map(({ name, fields }) => ({ ...merged('conflict', name), paths: fields })),
  ...lineGroups.map(({ name, fields }) => ({
    group: name,
    paths: fields.map((field) => linePath(key, field)),
    merge: 'conflict' as const,
    lineKey: key,
  })),
];

describe('a rule', () => {
  test.each<readonly [FieldRule, Merge]>([
    ['ASK', 'conflict'],
    ['LATEST_WINS', 'conflict'],
    ['INTERNAL_WINS', 'take-internal'],
    ['QUICKBOOKS_WINS', 'take-quickbooks'],
    ['READ_ONLY', 'unchanged'],
  ])('%s makes of a conflict: %s', (rule, outcome) => {
    const [decided] = decideByRules([merged('conflict')], book(['privateNote', rule]));

    expect(decided?.merge).toBe(outcome);
    expect(decided !== undefined && isRuled(decided)).toBe(outcome.startsWith('take-'));
  });

  test('that takes a side has no say where the sides do not disagree', () => {
    const merges = (['unchanged', 'agreed', 'take-internal', 'take-quickbooks'] as const).map(
      (merge) => merged(merge),
    );

    for (const rule of ['ASK', 'INTERNAL_WINS', 'QUICKBOOKS_WINS', 'LATEST_WINS'] as const)
      expect(decideByRules(merges, book(['privateNote', rule]))).toEqual(merges);
  });

  test('READ_ONLY keeps even a change of one side alone where it is', () => {
    for (const merge of ['take-internal', 'take-quickbooks'] as const)
      expect(decideByRules([merged(merge)], book(['privateNote', 'READ_ONLY']))).toMatchObject([
        { merge: 'unchanged', rule: 'READ_ONLY' },
      ]);
  });

  test('asks a person about everything two people can edit, but for the e-mail address', () => {
    const decided = decideByRules(everyGroup);

    expect(decided.filter(({ merge }) => merge !== 'conflict')).toMatchObject([
      { group: 'billEmail', merge: 'take-internal', rule: 'INTERNAL_WINS' },
    ]);
  });

  test.each<readonly [FieldRule, Merge]>([
    ['INTERNAL_WINS', 'take-internal'],
    ['QUICKBOOKS_WINS', 'take-quickbooks'],
  ])('over everything, %s, decides all but existence, and the e-mail as ever', (rule, outcome) => {
    const decided = decideByRules(everyGroup, book(['**', rule]));

    for (const { group, merge } of decided)
      expect(merge, group).toBe(
        group === 'existence' ? 'conflict' : group === 'billEmail' ? 'take-internal' : outcome,
      );
  });

  test('of a field goes before one over its lines, and that before one over everything', () => {
    const rules = book(
      ['**', 'QUICKBOOKS_WINS'],
      ['lines[*].**', 'INTERNAL_WINS'],
      ['lines[*].description', 'ASK'],
    );

    const outcomeOf = Object.fromEntries(
      decideByRules(everyGroup, rules).map(({ group, merge }) => [group, merge]),
    );
    expect(outcomeOf).toMatchObject({
      description: 'conflict',
      taxCode: 'take-internal',
      amount: 'take-internal',
      line: 'take-quickbooks',
      privateNote: 'take-quickbooks',
      existence: 'conflict',
    });
  });

  test('of fields that hang together decides only where all have the same', () => {
    const dates = { ...merged('conflict', 'issueDate'), paths: ['issueDate', 'terms', 'dueDate'] };
    const some = book(['issueDate', 'INTERNAL_WINS'], ['dueDate', 'INTERNAL_WINS']);
    const all = book(...dates.paths.map((path) => [path, 'INTERNAL_WINS'] as const));

    expect(decideByRules([dates], some)).toEqual([dates]);
    expect(decideByRules([dates], all)).toMatchObject([
      { merge: 'take-internal', patterns: dates.paths },
    ]);
  });

  test('READ_ONLY for one of several fields that are written together asks a person about them', () => {
    const dates = { ...merged('take-internal', 'issueDate'), paths: ['issueDate', 'dueDate'] };

    expect(decideByRules([dates], book(['dueDate', 'READ_ONLY']))).toMatchObject([
      { merge: 'conflict', fallback: expect.stringContaining('must never be written') },
    ]);
  });
});

describe('LATEST_WINS', () => {
  const decide = (both: Edits) =>
    decideByRules([merged('conflict')], book(['privateNote', 'LATEST_WINS']), both)[0];

  test('takes the side that was edited later, by more than 5 seconds', () => {
    expect(decide(edits(edit(5_001), edit(0)))).toMatchObject({ merge: 'take-internal' });
    expect(decide(edits(edit(0), edit(5_001)))).toMatchObject({ merge: 'take-quickbooks' });
  });

  test.each<readonly [string, Edits, string]>([
    ['5 s apart', edits(edit(5_000), edit(0)), 'less than 5 seconds apart'],
    ['at one moment', edits(edit(0), edit(0)), 'less than 5 seconds apart'],
    [
      'with our clock ahead',
      edits(edit(60_000, 2_001), edit(0)),
      'internal invoicing is more than 2',
    ],
    ['with theirs behind', edits(edit(60_000), edit(0, -2_001)), 'QuickBooks is more than 2'],
    ['with an unknown clock', edits(edit(60_000, null), edit(0)), 'did not say what time it is'],
    ['after a write of ours', edits(edit(60_000), edit(null)), 'was the bridge’s own'],
  ])('asks a person about edits %s, and says why', (_what, both, why) => {
    expect(decide(both)).toMatchObject({
      merge: 'conflict',
      fallback: expect.stringContaining(why),
    });
  });

  test('trusts clocks that are exactly 2 s off', () => {
    expect(decide(edits(edit(60_000, 2_000), edit(0, -2_000)))).toMatchObject({
      merge: 'take-internal',
    });
  });
});
