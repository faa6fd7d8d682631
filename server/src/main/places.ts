import { existsSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { z } from 'zod';

const root = path.resolve(import.meta.dirname, '../../..');

/** Where the migrations lie. */
export const migrationsDir = path.join(root, 'prisma/migrations');

/** Where the built web app lies. */
export const webDir = path.join(root, 'web/dist');

/** The documents that were built with the web app, by their hash; none where it was not built. */
export function publishedDocuments(): Readonly<Record<string, string>> {
  const file = path.join(webDir, 'persisted-documents.json');
  if (!existsSync(file)) return {};
  return z.record(z.string(), z.string()).parse(JSON.parse(readFileSync(file, 'utf8')));
}
