import { existsSync, mkdtempSync, statfsSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';

const memory = '/dev/shm';
const bytesWanted = 2 ** 31;

/**
 * A fresh folder for what lives as long as a test: in memory where there is room, for a database is hundreds of files,
 * and a suite makes and drops hundreds of databases.
 */
export function scratchDirectory(prefix: string): string {
  return mkdtempSync(path.join(hasRoom() ? memory : tmpdir(), prefix));
}

function hasRoom(): boolean {
  if (!existsSync(memory)) return false;
  const { bavail, bsize } = statfsSync(memory);
  return bavail * bsize >= bytesWanted;
}
