// Owns the database in the folder given as argument until it is told to end; what a test can kill in place of itself.
import process from 'node:process';
import { pino } from 'pino';
import { startEmbeddedPostgres } from '#adapters/postgres/embedded.ts';

const [dataDir = ''] = process.argv.slice(2);
const log = pino({ level: 'silent' });

try {
  const postgres = await startEmbeddedPostgres({ dataDir, log });
  process.once('SIGTERM', () => void postgres.stop().then(() => process.exit(7)));
  process.stdout.write(`${postgres.url}\n`);
} catch (cause) {
  process.stdout.write(`${cause instanceof Error ? cause.message : String(cause)}\n`);
}
