import type { Figures } from '#ports/figures.ts';

/** What is wrong, what it means for the invoices, and what to do next. */
export type Finding = { readonly problem: string; readonly next: string };

/** The configuration as far as it can be wrong while every variable is well-formed. */
export type ConfigFacts = {
  readonly publicUrl: string;
  readonly isPublicUrlSet: boolean;
  readonly demo: boolean;
  readonly environment: 'production' | 'sandbox';
  readonly apiBaseUrl: string;
  readonly port: number;
  readonly isPortTaken: boolean;
};

export type DatabaseFacts =
  | { readonly kind: 'unset' }
  | { readonly kind: 'unreachable'; readonly cause: string }
  | {
      readonly kind: 'reached';
      /** As `server_version_num`: 150004 is 15.4. */
      readonly version: number;
      /** Settings that may lose commits when off. */
      readonly settingsOff: readonly string[];
      /** Our clock less the database's, in milliseconds. */
      readonly clockOffMs: number;
      readonly hasPendingMigrations: boolean;
      /** Null when the tables are not there to be asked. */
      readonly figures: Figures | null;
    };

const oldestVersion = 150_000;
const clockOffMsMax = 2_000;
const waitingSecondsMax = 120;
const expirySecondsMin = 14 * 86_400;

/** What of the configuration will hurt, though each variable is of the right shape. */
export function judgeConfig(facts: ConfigFacts): readonly Finding[] {
  const { publicUrl, demo, environment, apiBaseUrl } = facts;
  const found: Finding[] = [];
  if (facts.isPortTaken)
    found.push({
      problem: `Port ${facts.port} is taken by another program.`,
      next: 'Stop it, or set PORT to a free one. When it is LedgerBridge itself that runs there, all is well.',
    });
  if (demo) return found;
  if (!facts.isPublicUrlSet)
    found.push({
      problem: `LEDGERBRIDGE_PUBLIC_URL is not set: Intuit would be told to come back to ${publicUrl}, which only this machine knows.`,
      next: 'Set it to the https:// address others reach, and list <address>/oauth/quickbooks/callback in the Intuit app.',
    });
  else if (!publicUrl.startsWith('https://') && environment === 'production')
    found.push({
      problem: `LEDGERBRIDGE_PUBLIC_URL is ${publicUrl}, not https: Intuit refuses such a redirect for production, and sign-ins would travel readable.`,
      next: 'Put a proxy with TLS in front and set the https:// address.',
    });
  if (URL.canParse(publicUrl) && new URL(publicUrl).pathname !== '/')
    found.push({
      problem: `LEDGERBRIDGE_PUBLIC_URL has a path (${publicUrl}): the redirect address would not match what is served.`,
      next: 'Use an address without a path, such as https://bridge.example.com.',
    });
  const isSandboxAddress = apiBaseUrl.includes('sandbox');
  if (apiBaseUrl.endsWith('intuit.com') && isSandboxAddress !== (environment === 'sandbox'))
    found.push({
      problem: `QUICKBOOKS_ENVIRONMENT is ${environment} and QUICKBOOKS_API_BASE_URL is ${apiBaseUrl}: every call would be refused, or reach the wrong books.`,
      next: 'Remove QUICKBOOKS_API_BASE_URL; the environment chooses the right address.',
    });
  return found;
}

/** What of the database, and of what stands in it, stops invoices from crossing or puts them at risk. */
export function judgeDatabase(facts: DatabaseFacts): readonly Finding[] {
  if (facts.kind === 'unset') return [];
  if (facts.kind === 'unreachable')
    return [
      {
        problem: `The database of DATABASE_URL does not answer (${facts.cause}): no process can start, and webhooks are answered 503.`,
        next: 'Check host, port, name and password in DATABASE_URL, and that PostgreSQL runs and lets this machine in.',
      },
    ];
  const found: Finding[] = [];
  if (facts.version < oldestVersion)
    found.push({
      problem: `PostgreSQL is version ${Math.floor(facts.version / 10_000)}; LedgerBridge needs 15 or newer.`,
      next: 'Upgrade it before the first start.',
    });
  for (const setting of facts.settingsOff)
    found.push({
      problem: `PostgreSQL runs with ${setting} = off: after a power cut a write that was sent could be forgotten, and be sent twice.`,
      next: `Set ${setting} = on.`,
    });
  if (Math.abs(facts.clockOffMs) > clockOffMsMax)
    found.push({
      problem: `The clock here is ${Math.round(facts.clockOffMs / 1_000)} s off the database's: signed webhooks are refused when it grows to five minutes, and "latest wins" asks a person.`,
      next: 'Let NTP set the clock on both machines.',
    });
  if (facts.hasPendingMigrations)
    found.push({
      problem: 'The database is behind this version: migrations wait.',
      next: 'Start a process of this version; it applies them. Take a backup before (docs/backup.md).',
    });
  return facts.figures === null ? found : [...found, ...judgeFigures(facts.figures)];
}

function judgeFigures(figures: Figures): readonly Finding[] {
  const found: Finding[] = [];
  const waiting = figures.pending_oldest_seconds ?? 0;
  if (waiting > waitingSecondsMax)
    found.push({
      problem: `Work has been due for ${Math.round(waiting)} s and no worker takes it up.`,
      next: 'Start a process with LEDGERBRIDGE_ROLE=worker, or look at the log of the one that runs.',
    });
  const expiry = figures.token_expiry_seconds ?? Infinity;
  if (expiry < expirySecondsMin)
    found.push({
      problem: `A connection to QuickBooks ends in ${Math.max(0, Math.floor(expiry / 86_400))} days; then nothing of that company crosses.`,
      next: 'Reconnect it on its page; nothing is lost by that.',
    });
  const lapsed = figures.companies_needs_reconnect ?? 0;
  if (lapsed > 0)
    found.push({
      problem: `${lapsed} companies lost their access to QuickBooks; nothing of them crosses.`,
      next: 'Reconnect each on its page.',
    });
  return found;
}
