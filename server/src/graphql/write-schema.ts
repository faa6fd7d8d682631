import { writeFile } from 'node:fs/promises';
import path from 'node:path';
import { schemaText } from './print-schema.ts';

/** Run by itself: writes server/schema.graphql. */
await writeFile(path.resolve(import.meta.dirname, '../../schema.graphql'), schemaText());
