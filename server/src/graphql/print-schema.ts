import { lexicographicSortSchema, printSchema } from 'graphql';
import { schema } from './schema.ts';

/** The schema as text in a stable order; server/schema.graphql is this and nothing else. */
export const schemaText = (): string => `${printSchema(lexicographicSortSchema(schema))}\n`;
