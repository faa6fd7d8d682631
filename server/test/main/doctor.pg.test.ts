import { execFile } from 'node:child_process';
import path from 'node:path';
import { expect, test } from 'vitest';
import { createEmptyDatabase, createTestDatabase } from '../database.ts';

const program = path.resolve(import.meta.dirname, '../../src/main/doctor.ts');

const doctor = (databaseUrl: string): Promise<string> =>
  new Promise((resolve) => {
    const env = {
      PATH: process.env['PATH'] ?? '',
      PORT: '0',
      LEDGERBRIDGE_DEMO: '1',
      DATABASE_URL: databaseUrl,
      LEDGERBRIDGE_SECRET_KEY: Buffer.alloc(32).toString('base64'),
    };
    execFile(process.execPath, [program], { env }, (_error, said) => resolve(said));
  });

test('reads version, settings, clock and migrations from a database, and tells a whole one from an empty one', async () => {
  const [whole, empty] = [await createTestDatabase(), await createEmptyDatabase()];
  const [ofWhole, ofEmpty] = [await doctor(whole.url), await doctor(empty.url)];
  for (const said of [ofWhole, ofEmpty]) expect(said).not.toMatch(/does not answer|needs 15|clock/);
  expect(ofWhole).not.toContain('behind this version');
  expect(ofEmpty).toContain('behind this version');
  // The server of the tests trades safety for speed, which is just what it should notice.
  expect(ofWhole).toContain('fsync = off');
});
