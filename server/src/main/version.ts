import { readFileSync } from 'node:fs';
import path from 'node:path';
import { z } from 'zod';

const manifest = z.object({ version: z.string() });

/** Running version, as the package says it. */
export const build: string = manifest.parse(
  JSON.parse(readFileSync(path.resolve(import.meta.dirname, '../../package.json'), 'utf8')),
).version;
