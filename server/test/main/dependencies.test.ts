import { readFileSync } from 'node:fs';
import path from 'node:path';
import { expect, test } from 'vitest';
import { z } from 'zod';

const root = path.resolve(import.meta.dirname, '../../..');
const read = (file: string): string => readFileSync(path.join(root, file), 'utf8');
const versions = z.record(z.string(), z.string()).default({});
const manifest = z.object({ dependencies: versions, devDependencies: versions });

test.each(['package.json', 'server/package.json', 'web/package.json'])(
  'every dependency of %s is pinned to one version, so that nothing new comes in unasked',
  (file) => {
    const { dependencies, devDependencies } = manifest.parse(JSON.parse(read(file)));
    const loose = Object.entries({ ...dependencies, ...devDependencies }).filter(
      ([, version]) => !/^(\d+\.\d+\.\d+(-[\w.]+)?|catalog:|workspace:\*)$/.test(version),
    );
    expect(loose).toEqual([]);
  },
);

test('every package of the lockfile comes with the hash of what it must be, and from the registry alone', () => {
  const resolutions = read('pnpm-lock.yaml').match(/^ {4}resolution: .*$/gm) ?? [];
  expect(resolutions.length).toBeGreaterThan(100);
  expect(
    resolutions.filter((line) => !/^ {4}resolution: \{integrity: sha512-[\w+/=]+\}$/.test(line)),
  ).toEqual([]);
});
