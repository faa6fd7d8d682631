import { createServer } from 'node:net';
import process from 'node:process';
import { Pool } from 'pg';
import { createFigures } from '#adapters/postgres/figures.ts';
import { hasPendingMigrations } from '#adapters/postgres/migrate.ts';
import { withoutSecrets } from '#adapters/system/redact.ts';
import { readConfig, type Config } from './config.ts';
import { judgeConfig, judgeDatabase, type DatabaseFacts, type Finding } from './doctor-findings.ts';
import { migrationsDir } from './places.ts';

/** `npm run doctor`: looks, changes nothing. 0 when nothing is wrong, 1 when something is; `--json` for a program. */

const isPortTaken = ({ host, port }: Config): Promise<boolean> =>
  new Promise((resolve) => {
    const probe = createServer();
    probe.once('error', () => resolve(true));
    probe.listen(port, host, () => probe.close(() => resolve(false)));
  });

const connectMs = 5_000;

async function lookAtDatabase(databaseUrl: string | null): Promise<DatabaseFacts> {
  if (databaseUrl === null) return { kind: 'unset' };
  const pool = new Pool({
    connectionString: databaseUrl,
    max: 1,
    connectionTimeoutMillis: connectMs,
  });
  pool.on('error', () => {});
  try {
    const { rows } = await pool.query<{ version: number; off: string[]; now: number }>(
      `SELECT current_setting('server_version_num')::int AS version, extract(epoch FROM clock_timestamp())::float8 * 1000 AS now,
         ARRAY(SELECT name FROM pg_settings WHERE name IN ('fsync', 'full_page_writes', 'synchronous_commit') AND setting = 'off') AS off`,
    );
    const [row] = rows;
    if (row === undefined) return { kind: 'unreachable', cause: 'no answer' };
    return {
      kind: 'reached',
      version: row.version,
      settingsOff: row.off,
      clockOffMs: Date.now() - row.now,
      hasPendingMigrations: await hasPendingMigrations(databaseUrl, migrationsDir),
      // An empty database has no tables to ask; its migrations wait, and that is the finding.
      figures: await createFigures(pool)().catch(() => null),
    };
  } catch (error) {
    const cause = error instanceof Error ? error.message || error.name : 'no answer';
    return { kind: 'unreachable', cause: withoutSecrets(cause) };
  } finally {
    await pool.end();
  }
}

async function examine(): Promise<readonly Finding[]> {
  const outcome = readConfig(process.env);
  if (!outcome.ok)
    return outcome.lines.map((line) => ({
      problem: withoutSecrets(line),
      next: 'Set this variable; no process starts without it.',
    }));
  const { config } = outcome;
  const { publicUrl, publicUrlSet: isPublicUrlSet, demo, port } = config;
  const { environment, apiBaseUrl } = config.quickbooks;
  const own = { publicUrl, isPublicUrlSet, demo, port, environment, apiBaseUrl };
  return [
    ...judgeConfig({ ...own, isPortTaken: await isPortTaken(config) }),
    ...judgeDatabase(await lookAtDatabase(config.databaseUrl)),
  ];
}

const findings = await examine();
const lines = findings.map(({ problem, next }) => `- ${problem}\n  ${next}\n`);
process.stdout.write(
  process.argv.includes('--json')
    ? `${JSON.stringify(findings, null, 2)}\n`
    : lines.join('') || 'Nothing wrong was found.\n',
);
process.exitCode = findings.length === 0 ? 0 : 1;
