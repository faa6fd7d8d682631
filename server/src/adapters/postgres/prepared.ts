import { createHash } from 'node:crypto';
import type { QueryConfig } from 'pg';

/**
 * A statement of the engine that runs over and over. Each connection parses it once, and PostgreSQL keeps its plan once that is
 * no dearer than a new one: planning our long statements takes longer than carrying them out (engine-evidence.md). It belongs to
 * its connection, so a pooler between us and PostgreSQL has to keep sessions (docs/deploy.md).
 */
export function prepared(text: string): (values: readonly unknown[]) => QueryConfig {
  const name = createHash('sha256').update(text).digest('hex').slice(0, nameLength);
  return (values) => ({ name, text, values: [...values] });
}

/** PostgreSQL cuts longer names off. */
const nameLength = 32;
