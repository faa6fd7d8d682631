import {
  isEnumType,
  isInputObjectType,
  isInputType,
  isListType,
  isNonNullType,
  Kind,
  parse,
  typeFromAST,
  type GraphQLInputType,
} from 'graphql';
import { expect, test } from 'vitest';
import { costLimits, costOf } from '#graphql/cost.ts';
import { validateDocument } from '#graphql/run.ts';
import { schema } from '#graphql/schema.ts';
import { allDocuments, pageDocuments, recipeDocuments, webDocuments } from './documents.ts';

test('the documents of the web app, the recipes and docs/api.md are found', () => {
  expect(webDocuments.length).toBeGreaterThan(20);
  expect(recipeDocuments).toHaveLength(23);
  expect(pageDocuments).toHaveLength(9);
});

const pageSizeMax = 200;
const idsMax = 100;

const scalars: Readonly<Record<string, unknown>> = {
  Int: 1,
  Float: 1,
  Boolean: true,
  Decimal: '1.00',
  Date: '2026-11-22',
  DateTime: '2026-11-22T09:26:01.123Z',
  IdempotencyKey: 'a-key-of-its-own',
};

/** A value to ask with, as costly as can be: the price rests on the page sizes asked for. */
function costliest(name: string, type: GraphQLInputType): unknown {
  if (isNonNullType(type)) return costliest(name, type.ofType);
  if (name === 'first' || name === 'last') return pageSizeMax;
  if (isListType(type)) return Array.from({ length: idsMax }, () => costliest('', type.ofType));
  if (isEnumType(type)) return type.getValues()[0]?.name;
  if (!isInputObjectType(type)) return scalars[type.name] ?? 'x';
  const fields = Object.values(type.getFields());
  const required = type.isOneOf
    ? fields.slice(0, 1)
    : fields.filter((field) => isNonNullType(field.type));
  return Object.fromEntries(
    required.map((field) => [field.name, costliest(field.name, field.type)]),
  );
}

/** The variables a document takes. */
function variablesOf(text: string): Record<string, unknown> {
  const definitions = parse(text).definitions.flatMap((definition) =>
    definition.kind === Kind.OPERATION_DEFINITION ? (definition.variableDefinitions ?? []) : [],
  );
  return Object.fromEntries(
    definitions.map((definition) => {
      const { value: name } = definition.variable.name;
      const type = typeFromAST(schema, definition.type);
      if (!isInputType(type)) throw new Error(`$${name} has a type that is not served`);
      return [name, costliest(name, type)];
    }),
  );
}

test.each(allDocuments)(
  '$title is valid, within the limits and at most 5,000 points',
  ({ text }) => {
    const document = parse(text);

    expect(validateDocument(document)).toEqual([]);
    expect(costOf(schema, document, null, variablesOf(text))).toBeLessThanOrEqual(
      costLimits.perOperationMax,
    );
  },
);
