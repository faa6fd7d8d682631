import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { fieldMapDocument } from '../../src/main/field-map-document.ts';

test('docs/field-map.md is what the code prints', () => {
  const checkedIn = readFileSync(new URL('../../../docs/field-map.md', import.meta.url), 'utf8');

  expect(checkedIn).toBe(fieldMapDocument());
});
