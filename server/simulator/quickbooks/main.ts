import { z } from 'zod';
import { createQuickBooksSimulator } from './server.ts';

/** The process entry: configured by the environment (http.md §1), closed by SIGTERM or SIGINT. */
const environment = z
  .object({
    SIMULATOR_QUICKBOOKS_PORT: z.coerce.number().int().min(0).max(65_535).default(4010),
    HOST: z.string().default('127.0.0.1'),
    LEDGERBRIDGE_DATA_DIR: z.string().default('.ledgerbridge'),
    SIMULATOR_QUICKBOOKS_SEED_DIR: z.string().optional(),
    /** `intuit`: 500 calls a minute, 10 a second and so on; `none`: no limits. */
    SIMULATOR_QUICKBOOKS_LIMITS: z.enum(['intuit', 'none']).default('intuit'),
    /** `1`: the demo company starts with a year of invoices. */
    SIMULATOR_QUICKBOOKS_HISTORY: z.enum(['0', '1']).default('1'),
  })
  .safeParse(process.env);

if (!environment.success) {
  const lines = environment.error.issues.map(({ path, message }) => {
    const name = path.join('.');
    return `${name} is ${JSON.stringify(process.env[name])}: ${message}`;
  });
  process.stderr.write(`${lines.join('\n')}\n`);
  process.exit(1);
}

const simulator = await createQuickBooksSimulator({
  port: environment.data.SIMULATOR_QUICKBOOKS_PORT,
  host: environment.data.HOST,
  dataDir: environment.data.LEDGERBRIDGE_DATA_DIR,
  seedDir: environment.data.SIMULATOR_QUICKBOOKS_SEED_DIR,
  limits: environment.data.SIMULATOR_QUICKBOOKS_LIMITS,
  history: environment.data.SIMULATOR_QUICKBOOKS_HISTORY === '1',
});
process.stdout.write(`${JSON.stringify({ msg: 'QuickBooks simulator', url: simulator.url })}\n`);

for (const signal of ['SIGTERM', 'SIGINT'] as const) {
  process.once(signal, () => {
    void simulator.close().then(() => process.exit(0));
  });
}
