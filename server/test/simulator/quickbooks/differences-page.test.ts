import { readFileSync } from 'node:fs';
import path from 'node:path';
import { expect, test } from 'vitest';
import { defaultBehaviour } from '../../../simulator/quickbooks/behaviour.ts';

const page = readFileSync(
  path.resolve(import.meta.dirname, '../../../../docs/simulator-differences.md'),
  'utf8',
);

/** The rows of the table of knobs by name: what the page says the default is. */
const documented = new Map(
  [...page.matchAll(/^\|[^|]+\| `(\w+)` \|([^|]+)\|/gm)].map(([, knob = '', said = '']) => [
    knob,
    said.trim(),
  ]),
);

/** Defaults the page says in words. */
const inWords: Readonly<Record<string, string>> = {
  requestidRetentionSeconds: '30 days',
  refreshGraceSeconds: '0: dead at once',
  throttleRetryAfter: '`null`: no header',
  cdcFalseDeleted: 'none',
  cdcPoison: 'none',
};

test('the page tells of every knob, and of no other', () => {
  expect([...documented.keys()].toSorted()).toEqual(Object.keys(defaultBehaviour).toSorted());
});

test.each(Object.entries(defaultBehaviour))(
  'the page tells the default of %s as it is',
  (knob, value) => {
    const said = documented.get(knob) ?? '';
    const plain = typeof value === 'number' ? String(value) : `\`${String(value)}\``;
    expect(said.startsWith(inWords[knob] ?? plain) || said === String(value), said).toBe(true);
  },
);
