import { readFileSync } from 'node:fs';
import path from 'node:path';
import {
  Kind,
  parse,
  print,
  separateOperations,
  type OperationDefinitionNode,
  type OperationTypeNode,
} from 'graphql';
import { z } from 'zod';
import { readRecipes } from '#graphql/recipes.ts';

/** One operation that we send ourselves or show to others, with the fragments it uses. */
export type KnownDocument = {
  /** Where it is from, and its name. */
  readonly title: string;
  readonly name: string;
  readonly kind: OperationTypeNode;
  readonly text: string;
};

const root = path.resolve(import.meta.dirname, '../../..');
const read = (file: string): string => readFileSync(path.join(root, file), 'utf8');

const isOperation = (node: { readonly kind: Kind }): node is OperationDefinitionNode =>
  node.kind === Kind.OPERATION_DEFINITION;

const operationsOf = (source: string, text: string): readonly KnownDocument[] =>
  Object.entries(separateOperations(parse(text))).flatMap(([name, document]) =>
    document.definitions.filter(isOperation).map(({ operation }) => ({
      title: `${source} ${name}`.trim(),
      name,
      kind: operation,
      text: print(document),
    })),
  );

const persisted = z.record(z.string(), z.string());

/** As they are published with the web app. */
export const webDocuments = Object.values(
  persisted.parse(JSON.parse(read('web/src/graphql/generated/persisted-documents.json'))),
).flatMap((text) => operationsOf('', text));

export const recipeDocuments = readRecipes().flatMap(({ name, query }) =>
  operationsOf(`recipe ${name}`, query),
);

const page = read('docs/api.md');
const inCurl = [...page.matchAll(/"query": ("(?:[^"\\]|\\.)*")/g)].map(([, json = '""']) =>
  z.string().parse(JSON.parse(json)),
);
const inTypeScript = [...page.matchAll(/const query = (?:'([^']*)'|`([^`]*)`)/g)].map(
  ([, quoted, template]) => quoted ?? template ?? '',
);

export const pageDocuments = [...inCurl, ...inTypeScript].flatMap((text, index) =>
  operationsOf(`docs/api.md ${index + 1}`, text),
);

export const allDocuments = [...webDocuments, ...recipeDocuments, ...pageDocuments];
