import { globSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { parseSync } from 'oxc-parser';
import { describe, expect, test } from 'vitest';

/** Read top to bottom: a layer may import itself, the layers listed, and (if `npm`) packages. */
const layers: Record<string, { readonly mayImport: readonly string[]; readonly npm: boolean }> = {
  core: { mayImport: [], npm: false },
  ports: { mayImport: ['core'], npm: false },
  sync: { mayImport: ['core', 'ports'], npm: false },
  generated: { mayImport: [], npm: true },
  adapters: { mayImport: ['core', 'ports', 'generated'], npm: true },
  http: { mayImport: ['core', 'ports', 'sync'], npm: true },
  graphql: { mayImport: ['core', 'ports', 'sync', 'generated'], npm: true },
  main: {
    mayImport: ['core', 'ports', 'sync', 'adapters', 'http', 'graphql', 'generated'],
    npm: true,
  },
};

const server = path.resolve(import.meta.dirname, '..');
const src = path.join(server, 'src');
const simulator = path.join(server, 'simulator');
const conformance = path.join(server, 'conformance');
const command = path.join(server, 'command');
const web = path.resolve(server, '../web/src');

/** Adapters count as one unit each, so that none can lean on another. */
function placeOf(file: string): { layer: string; unit: string } {
  const [layer = '', name = ''] = path.relative(src, file).split(path.sep);
  return { layer, unit: layer === 'adapters' ? `${layer}/${name}` : layer };
}

/** Every specifier of a module, dynamic imports included: they would be a way around the rule. */
function importsOf(file: string, text: string): string[] {
  const { module, errors } = parseSync(file, text); // sees `import type` too: a type is knowledge
  if (errors.length > 0) throw new Error(`${file} does not parse`);
  const reexports = module.staticExports.flatMap((entry) =>
    entry.entries.map((one) => one.moduleRequest?.value),
  );
  const imports = module.staticImports.map((entry) => entry.moduleRequest.value);
  const dynamic = module.dynamicImports.map((entry) =>
    text.slice(entry.moduleRequest.start, entry.moduleRequest.end).replaceAll(/^['"`]|['"`]$/g, ''),
  );
  return [...imports, ...reexports, ...dynamic].filter((specifier) => specifier !== undefined);
}

function isAllowed(file: string, specifier: string): boolean {
  const from = placeOf(file);
  const rule = layers[from.layer];
  if (rule === undefined) return false;
  if (!/^[#.]/.test(specifier)) return rule.npm;
  const base = specifier.startsWith('#') ? src : path.dirname(file);
  const to = placeOf(path.resolve(base, specifier.replace(/^#/, '')));
  return to.unit === from.unit || rule.mayImport.includes(to.layer);
}

const crossings = (file: string, text: string): string[] =>
  importsOf(file, text)
    .filter((specifier) => !isAllowed(file, specifier))
    .map((specifier) => `${path.relative(src, file)} imports ${specifier}`);

/** A tree that may import packages and itself, and nothing of the others. */
const escapes = (root: string, file: string, text: string): string[] =>
  importsOf(file, text)
    .filter(
      (specifier) =>
        specifier.startsWith('#') ||
        (specifier.startsWith('.') &&
          path.relative(root, path.resolve(path.dirname(file), specifier)).startsWith('..')),
    )
    .map((specifier) => `${path.relative(root, file)} imports ${specifier}`);

const modulesOf = (root: string): string[] =>
  globSync('**/*.{ts,tsx}', { cwd: root })
    .filter((file) => !file.includes('generated'))
    .map((file) => path.join(root, file));

describe('the import rules', () => {
  test.each([
    ['core/canary.ts', `import type { X } from '#adapters/quickbooks/wire.ts'`],
    ['core/canary.ts', `export { y } from '../sync/plan.ts'`],
    ['core/canary.ts', `import { readFileSync } from 'node:fs'`],
    ['core/canary.ts', `const z = await import('zod')`],
    ['ports/canary.ts', `import { z } from 'zod'`],
    ['sync/canary.ts', `import pg from 'pg'`],
    ['adapters/quickbooks/canary.ts', `import { store } from '../postgres/store.ts'`],
    ['adapters/quickbooks/canary.ts', `import { store } from '#adapters/postgres/store.ts'`],
    ['http/canary.ts', `import { x } from '#graphql/schema.ts'`],
    ['graphql/canary.ts', `import { x } from '#main/config.ts'`],
    ['somewhere-new/canary.ts', `import 'zod'`],
  ])('catch a crossing planted in %s', (file, text) => {
    expect(crossings(path.join(src, file), text)).toHaveLength(1);
  });

  test('let every module import only what its layer may know', () => {
    const files = modulesOf(src);
    expect(files.length).toBeGreaterThan(60); // an empty tree must not pass for a clean one
    expect(files.flatMap((file) => crossings(file, readFileSync(file, 'utf8')))).toEqual([]);
  });

  test.each([
    ['simulator', simulator, `import { x } from '../src/core/brand.ts'`],
    ['simulator', simulator, `import { x } from '#core/brand.ts'`],
    ['web', web, `import { x } from '../../server/src/core/brand.ts'`],
  ])('catch the %s reaching outside itself', (_name, root, text) => {
    expect(escapes(root, path.join(root, 'canary.ts'), text)).toHaveLength(1);
  });

  test.each([
    ['simulator', simulator, 30],
    ['conformance suite', conformance, 3],
    ['command', command, 8],
    ['web', web, 30],
  ])('keep the %s to itself and packages', (_name, root, floor) => {
    const files = modulesOf(root);
    expect(files.length).toBeGreaterThan(floor);
    expect(files.flatMap((file) => escapes(root, file, readFileSync(file, 'utf8')))).toEqual([]);
  });
});

describe('the budgets', () => {
  const ours = ['test', 'bench'].map((name) => path.join(server, name));
  const all = [src, simulator, conformance, command, web, ...ours].flatMap(modulesOf);

  test('keep every file within 400 lines', () => {
    const long = all.filter((file) => readFileSync(file, 'utf8').split('\n').length > 400);
    expect(long).toEqual([]);
  });

  test('keep `any`, casts and suppressions out of the code', () => {
    const escape = /:\s*any\b|\bas any\b|<any>|@ts-(ignore|nocheck|expect-error)|\bas unknown as\b/;
    const found = all.filter(
      (file) => file !== import.meta.filename && escape.test(readFileSync(file, 'utf8')),
    );
    expect(found).toEqual([]);
  });
});
