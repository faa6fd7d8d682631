import { z } from 'zod';
import { createInvoicingSimulator } from './server.ts';

/** The process entry: configured by the environment (http.md §1), closed by SIGTERM or SIGINT. */
const environment = z
  .object({
    SIMULATOR_INVOICING_PORT: z.coerce.number().int().min(0).max(65_535).default(4020),
    HOST: z.string().default('127.0.0.1'),
    LEDGERBRIDGE_DATA_DIR: z.string().default('.ledgerbridge'),
    SIMULATOR_INVOICING_SEED_DIR: z.string().optional(),
  })
  .safeParse(process.env);

if (!environment.success) {
  const lines = environment.error.issues.map(
    (issue) => `${issue.path.join('.')}: ${issue.message}`,
  );
  process.stderr.write(`${lines.join('\n')}\n`);
  process.exit(1);
}

const simulator = await createInvoicingSimulator({
  port: environment.data.SIMULATOR_INVOICING_PORT,
  host: environment.data.HOST,
  dataDir: environment.data.LEDGERBRIDGE_DATA_DIR,
  seedDir: environment.data.SIMULATOR_INVOICING_SEED_DIR,
});
process.stdout.write(
  `${JSON.stringify({ msg: 'internal invoicing simulator', url: simulator.url })}\n`,
);

for (const signal of ['SIGTERM', 'SIGINT'] as const) {
  process.once(signal, () => {
    void simulator.close().then(() => process.exit(0));
  });
}
