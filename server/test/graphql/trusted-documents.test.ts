import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { Kind, parse } from 'graphql';
import { describe, expect, test } from 'vitest';
import { createTrustedDocuments } from '#graphql/trusted-documents.ts';

const published = 'query Two($b: Int, $a: Int) { x(b: $b, a: $a) { id name } y }';
const { isTrusted, textOf } = createTrustedDocuments({ abc: published });

describe('a published document', () => {
  test.each([
    published,
    'query Two($a: Int, $b: Int) { y x(a: $a, b: $b) { __typename name id } }',
    '# a comment\nquery Two($b: Int, $a: Int) {\n  x(b: $b, a: $a) { id, name }\n  y\n}',
  ])('is known however it is written: %s', (text) => {
    expect(isTrusted(parse(text))).toBe(true);
  });

  test.each([
    'query Two($b: Int, $a: Int) { x(b: $b, a: $a) { id name email } y }',
    'query Two($b: Int, $a: Int) { x(b: $b, a: 1) { id name } y }',
    'query Two($b: Int, $a: Int) { x(b: $b, a: $a) { id name } y z: y }',
    'mutation Two($b: Int, $a: Int) { x(b: $b, a: $a) { id name } y }',
    `${published} query More { secret }`,
  ])('is not taken for another one: %s', (text) => {
    expect(isTrusted(parse(text))).toBe(false);
  });

  test('is found by its hash, and nothing else is', () => {
    expect(textOf('sha256:abc')).toBe(published);
    expect(textOf('abcd')).toBeUndefined();
  });
});

test('every document of the web app is among those published', () => {
  const source = path.resolve(import.meta.dirname, '../../../web/src');
  const folder = path.join(source, 'graphql/generated/persisted-documents.json');
  const app = createTrustedDocuments(JSON.parse(readFileSync(folder, 'utf8')));
  const texts = readdirSync(source, { recursive: true, encoding: 'utf8' })
    .filter((name) => name.endsWith('.graphql'))
    .map((name) => readFileSync(path.join(source, name), 'utf8'));
  const definitions = texts.flatMap((text) => parse(text).definitions);
  const fragments = definitions.filter(({ kind }) => kind === Kind.FRAGMENT_DEFINITION);
  const operations = definitions.filter(({ kind }) => kind === Kind.OPERATION_DEFINITION);

  expect(operations.length).toBeGreaterThan(10);
  expect(fragments.length).toBeGreaterThan(0);
  expect(Object.keys(JSON.parse(readFileSync(folder, 'utf8')))).toHaveLength(operations.length);
  expect(app.isTrusted(parse('{ viewer { scopes } }'))).toBe(false);
});
