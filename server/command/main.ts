import { spawn } from 'node:child_process';
import { once } from 'node:events';
import path from 'node:path';
import process from 'node:process';
import { Command, Option } from 'commander';
import { createBridge, Refusal, type Bridge } from './bridge.ts';
import { companies, companiesText } from './companies.ts';
import { evidence, exportInvoices } from './export.ts';
import { listKeys, makeKey, revokeKey } from './keys.ts';
import { reconcile } from './reconcile.ts';
import { replay } from './replay.ts';
import { status, statusText } from './status.ts';
import { verifyAudit } from './verify-audit.ts';

/** `ledgerbridge`: asks and acts through the API, like anybody else. 0 all well, 1 not so, 2 misused. */
const say = (line: string): void => void process.stdout.write(`${line}\n`);
const asJson = (value: unknown): void => say(JSON.stringify(value, null, 2));

const program = new Command('ledgerbridge')
  .description('Looks after a running bridge through its API.')
  .addOption(
    new Option('--url <address>', 'where an api answers')
      .env('LEDGERBRIDGE_URL')
      .default('http://127.0.0.1:4000'),
  )
  .showHelpAfterError('Run it with --help for what there is.')
  .exitOverride((error) => process.exit(error.exitCode === 0 ? 0 : 2));

/** The key comes from the environment alone: arguments are seen by everybody on the machine. */
function bridgeOf(command: Command): Bridge {
  const key = process.env['LEDGERBRIDGE_API_KEY'];
  if (key === undefined || key === '')
    throw new Refusal(
      'Set LEDGERBRIDGE_API_KEY to a key of this bridge; the first api that starts prints one.',
    );
  const url: unknown = command.optsWithGlobals()['url'];
  if (typeof url !== 'string' || !URL.canParse(url))
    throw new Refusal(`--url: ${String(url)} is no address.`);
  return createBridge(url, key);
}

const failUnless = (isWell: boolean): void => {
  if (!isWell) process.exitCode = 1;
};

program
  .command('status')
  .description('is everything across, and what waits; 1 unless all is well')
  .option('--json', 'for programs')
  .action(async ({ json }: { json?: true }, command: Command) => {
    const found = await status(bridgeOf(command), Date.now());
    if (json === true) asJson(found);
    else say(statusText(found));
    failUnless(found.systemHealth.state === 'OK');
  });

program
  .command('companies')
  .description('every company with its health; 1 unless all are well')
  .option('--json', 'for programs')
  .action(async ({ json }: { json?: true }, command: Command) => {
    const found = await companies(bridgeOf(command));
    if (json === true) asJson(found);
    else say(companiesText(found));
    failUnless(found.every(({ health }) => health.state === 'OK'));
  });

program
  .command('doctor')
  .description('what is wrong with this machine’s settings and database, and what to do next')
  .option('--json', 'for programs')
  .action(async ({ json }: { json?: true }) => {
    const doctor = path.resolve(import.meta.dirname, '../src/main/doctor.ts');
    const child = spawn(process.execPath, [doctor, ...(json === true ? ['--json'] : [])], {
      stdio: 'inherit',
    });
    const [code]: unknown[] = await once(child, 'exit');
    failUnless(code === 0);
  });

program
  .command('replay')
  .description('what a replay of dead letters would do; does it with --yes')
  .option('--company <name>', 'of one company')
  .option('--reason <reason>', 'of one reason, like RETRIES_EXHAUSTED')
  .option('--per-minute <count>', 'how fast', Number, 60)
  .option('--yes', 'do it')
  .action(
    async (
      options: {
        company?: string;
        reason?: string;
        perMinute: number;
        yes?: true;
      },
      command: Command,
    ) => {
      const { yes, ...wishes } = options;
      failUnless(await replay(bridgeOf(command), { ...wishes, isMeant: yes === true }, say));
    },
  );

program
  .command('reconcile <company>')
  .description('compare both sides now, all of it or a window; 1 unless the books agree')
  .option('--from <date>', 'YYYY-MM-DD')
  .option('--to <date>', 'YYYY-MM-DD')
  .action(async (company: string, window: { from?: string; to?: string }, command: Command) => {
    failUnless(await reconcile(bridgeOf(command), { company, ...window }, say));
  });

program
  .command('verify-audit')
  .description('compute every hash of the audit trail anew; 1 when a chain is broken')
  .option('--company <name>', 'of one company')
  .option('--expected-head <hash>', 'a head that was kept: also shows a tail that was cut off')
  .action(async (wishes: { company?: string; expectedHead?: string }, command: Command) => {
    failUnless(await verifyAudit(bridgeOf(command), wishes, say));
  });

const keys = program.command('keys').description('API keys');
keys
  .command('list')
  .description('every key by name and beginning')
  .action(async (_options: object, command: Command) => say(await listKeys(bridgeOf(command))));
keys
  .command('create <name>')
  .description('make a key; it is printed this once')
  .addOption(
    new Option('--scopes <scopes...>', 'rights')
      .choices(['READ', 'OPERATE', 'ADMIN'])
      .default(['READ']),
  )
  .option('--companies <names...>', 'for these alone', [])
  .action(
    async (name: string, wishes: { scopes: string[]; companies: string[] }, command: Command) =>
      say(await makeKey(bridgeOf(command), { name, ...wishes })),
  );
keys
  .command('revoke <beginning>')
  .description('revoke the key that begins so')
  .action(async (beginning: string, _options: object, command: Command) => {
    say(`${await revokeKey(bridgeOf(command), beginning)} is revoked.`);
  });

const exporting = program.command('export').description('take the books out');
exporting
  .command('invoices <company>')
  .description('every invoice with both sides, as CSV')
  .action((company: string, _options: object, command: Command) =>
    exportInvoices(bridgeOf(command), company, (text) => void process.stdout.write(text)),
  );
exporting
  .command('evidence <company>')
  .description('the accountant’s proof of a period, as JSON')
  .requiredOption('--from <date>', 'YYYY-MM-DD')
  .requiredOption('--to <date>', 'YYYY-MM-DD')
  .action(async (company: string, period: { from: string; to: string }, command: Command) => {
    asJson(await evidence(bridgeOf(command), { company, ...period }));
  });

try {
  await program.parseAsync();
} catch (error) {
  if (!(error instanceof Refusal)) throw error;
  process.stderr.write(`${error.message}\n`);
  process.exitCode = 1;
}
