import { existsSync, globSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, test } from 'vitest';

const root = path.resolve(import.meta.dirname, '../../..');
const read = (file: string): string => readFileSync(path.join(root, file), 'utf8');

const pages = ['architecture', 'glossary', 'quickbooks-behaviours', 'runbook']
  .map((name) => `docs/${name}.md`)
  .concat(globSync('docs/decisions/*.md', { cwd: root }));

/** Where a path on a page may begin: the pages say which folder theirs are below. */
const beginnings = [
  '',
  'server/src',
  'server/src/adapters/quickbooks',
  'server/src/core/mapping',
  'server/src/adapters/postgres',
];

/** Files and folders a page names in code marks. */
const named = (text: string): readonly string[] =>
  [...text.matchAll(/`((?:[\w-]+\/)*[\w-]+(?:\.test)?\.(?:ts|graphql)|server\/[\w/-]+)`/g)].flatMap(
    ([, found]) => (found === undefined ? [] : [found]),
  );

const links = (text: string): readonly string[] =>
  [...text.matchAll(/\]\(([^)#:]+)\)/g)].flatMap(([, found]) => found ?? []);

describe('the pages for people', () => {
  test.each(pages)('%s names only files that exist', (page) => {
    const lost = named(read(page)).filter(
      (file) => !beginnings.some((beginning) => existsSync(path.join(root, beginning, file))),
    );

    expect(lost).toEqual([]);
  });

  test.each(pages)('%s links only to pages that exist', (page) => {
    const folder = path.dirname(path.join(root, page));

    expect(links(read(page)).filter((link) => !existsSync(path.join(folder, link)))).toEqual([]);
  });

  test('name enough files for the check to mean something', () => {
    expect(pages.flatMap((page) => named(read(page))).length).toBeGreaterThan(150);
  });
});

describe('the behaviours of QuickBooks', () => {
  const cited = globSync('server/src/**/*.ts', { cwd: root }).flatMap((file) =>
    [...read(file).matchAll(/quickbooks\.md ((?:§[\d.]+(?:, )?)+)/g)].flatMap(([, sections]) =>
      (sections ?? '')
        .split(', ')
        .map((section) => section.replace(/^§|\.$/g, ''))
        .filter((section) => section !== ''),
    ),
  );

  test('have a row for every section that the code cites', () => {
    const rows = read('docs/quickbooks-behaviours.md')
      .split('\n')
      .flatMap((line) => /^\| ([\d., ]+) \|/.exec(line)?.[1]?.split(', ') ?? []);

    expect(cited.length).toBeGreaterThan(40);
    expect([...new Set(cited)].filter((section) => !rows.includes(section)).toSorted()).toEqual([]);
  });
});
