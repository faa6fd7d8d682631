import { lexicographicSortSchema, parse, print, printSchema, visit } from 'graphql';
import { schema } from './schema.ts';

/** As the contract is written: a description stands on the line above what it describes (api-and-web.md §4.4). */
const onOneLine = (text: string): string =>
  print(
    visit(parse(text), {
      StringValue: (node) => (node.block ? { ...node, block: false } : undefined),
    }),
  );

/** The schema as text in a stable order; server/schema.graphql is this and nothing else. */
export const schemaText = (): string =>
  `${onOneLine(printSchema(lexicographicSortSchema(schema)))}\n`;
