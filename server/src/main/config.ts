import { randomBytes } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { parseEnvironment, type Environment } from './environment.ts';

/** Endpoints of QuickBooks: Intuit's by environment, the simulator's in demo mode, or what was said one by one. */
export type QuickBooksEndpoints = {
  readonly clientId: string;
  readonly clientSecret: string;
  readonly webhookVerifier: string;
  readonly environment: 'production' | 'sandbox';
  readonly apiBaseUrl: string;
  readonly authorizeUrl: string;
  readonly tokenUrl: string;
  readonly revokeUrl: string;
};

/** The one parsed object everything is composed from. */
export type Config = {
  readonly role: Environment['LEDGERBRIDGE_ROLE'];
  readonly demo: boolean;
  readonly host: string;
  readonly port: number;
  readonly publicUrl: string;
  /** Whether the address others use was said, rather than derived. */
  readonly publicUrlSet: boolean;
  readonly databaseUrl: string | null;
  readonly dataDir: string;
  readonly secretKey: Buffer;
  readonly secretKeyPrevious: Buffer | null;
  readonly bootstrapApiKey: string | null;
  readonly logLevel: Environment['LEDGERBRIDGE_LOG_LEVEL'];
  readonly allowPrivateAddresses: boolean;
  /** Null where no mail is sent. */
  readonly mail: { readonly smtpUrl: string; readonly from: string } | null;
  readonly drainMs: number;
  readonly leaseMs: number;
  readonly commitWaitMs: number;
  readonly pollEveryMs: number;
  /** Null when unmetered. */
  readonly monthlyReads: number | null;
  readonly quickbooks: QuickBooksEndpoints;
  readonly simulators: {
    readonly quickbooksUrl: string;
    readonly invoicingUrl: string;
    readonly quickbooksPort: number;
    readonly invoicingPort: number;
    readonly activityPerMinute: number;
  };
};

export type ConfigOutcome =
  | { readonly ok: true; readonly config: Config }
  | { readonly ok: false; readonly lines: readonly string[] };

/** Reads the configuration; every problem is a line that names its variable. */
export function readConfig(variables: Readonly<Record<string, string | undefined>>): ConfigOutcome {
  const parsed = parseEnvironment(variables);
  if (!parsed.ok) return parsed;
  const env = parsed.value;
  const demo =
    env.LEDGERBRIDGE_DEMO ??
    (env.DATABASE_URL === undefined && env.QUICKBOOKS_CLIENT_ID === undefined);
  const lines = [...contradictions(env, demo), ...missing(env, demo)];
  return lines.length > 0 ? { ok: false, lines } : { ok: true, config: configOf(env, demo) };
}

/** Demo beside anything real would let a visitor act on real books (http.md §2). */
function contradictions(env: Environment, demo: boolean): readonly string[] {
  if (!demo) return [];
  if (env.QUICKBOOKS_ENVIRONMENT === 'production')
    return [
      'LEDGERBRIDGE_DEMO: the demo never runs with QUICKBOOKS_ENVIRONMENT=production; set LEDGERBRIDGE_DEMO=0',
    ];
  if (env.QUICKBOOKS_CLIENT_ID !== undefined)
    return [
      'LEDGERBRIDGE_DEMO: the demo never runs with QUICKBOOKS_CLIENT_ID set; set LEDGERBRIDGE_DEMO=0',
    ];
  return [];
}

function missing(env: Environment, demo: boolean): readonly string[] {
  if (demo) return [];
  const needed = [
    'LEDGERBRIDGE_SECRET_KEY',
    'QUICKBOOKS_CLIENT_ID',
    'QUICKBOOKS_CLIENT_SECRET',
    'QUICKBOOKS_WEBHOOK_VERIFIER',
  ] as const;
  return needed
    .filter((name) => env[name] === undefined)
    .map((name) => `${name}: is not set, and without the demo there is no default for it`);
}

function configOf(env: Environment, demo: boolean): Config {
  const quickbooksUrl = `http://127.0.0.1:${env.SIMULATOR_QUICKBOOKS_PORT}`;
  return {
    role: env.LEDGERBRIDGE_ROLE,
    demo,
    host: env.HOST,
    port: env.PORT,
    publicUrl: env.LEDGERBRIDGE_PUBLIC_URL ?? `http://${env.HOST}:${env.PORT}`,
    publicUrlSet: env.LEDGERBRIDGE_PUBLIC_URL !== undefined,
    databaseUrl: env.DATABASE_URL ?? null,
    dataDir: env.LEDGERBRIDGE_DATA_DIR,
    secretKey: env.LEDGERBRIDGE_SECRET_KEY ?? demoSecretKey(env.LEDGERBRIDGE_DATA_DIR),
    secretKeyPrevious: env.LEDGERBRIDGE_SECRET_KEY_PREVIOUS ?? null,
    bootstrapApiKey: env.LEDGERBRIDGE_BOOTSTRAP_API_KEY ?? null,
    logLevel: env.LEDGERBRIDGE_LOG_LEVEL,
    allowPrivateAddresses: env.LEDGERBRIDGE_ALLOW_PRIVATE_ADDRESSES ?? demo,
    mail: mailOf(env),
    drainMs: (env.LEDGERBRIDGE_DRAIN_SECONDS ?? (demo ? 0 : drainSecondsUsual)) * 1_000,
    leaseMs: env.LEDGERBRIDGE_LEASE_SECONDS * 1_000,
    commitWaitMs: env.QUICKBOOKS_COMMIT_WAIT_SECONDS * 1_000,
    pollEveryMs: env.RECONCILE_INTERVAL_SECONDS * 1_000,
    monthlyReads: env.QUICKBOOKS_MONTHLY_READS === 0 ? null : env.QUICKBOOKS_MONTHLY_READS,
    quickbooks: endpointsOf(env, demo ? quickbooksUrl : null),
    simulators: {
      quickbooksUrl,
      invoicingUrl: `http://127.0.0.1:${env.SIMULATOR_INVOICING_PORT}`,
      quickbooksPort: env.SIMULATOR_QUICKBOOKS_PORT,
      invoicingPort: env.SIMULATOR_INVOICING_PORT,
      activityPerMinute: env.LEDGERBRIDGE_DEMO_ACTIVITY_PER_MINUTE,
    },
  };
}

/** Without an address of its own the mail comes from the host that others reach us at. */
function mailOf(env: Environment): Config['mail'] {
  const { LEDGERBRIDGE_SMTP_URL: smtpUrl, LEDGERBRIDGE_PUBLIC_URL: publicUrl } = env;
  if (smtpUrl === undefined) return null;
  const host = publicUrl === undefined ? env.HOST : new URL(publicUrl).hostname;
  return { smtpUrl, from: env.LEDGERBRIDGE_MAIL_FROM ?? `ledgerbridge@${host}` };
}

/** Intuit's own addresses (quickbooks.md §1.1, §2.1). */
const intuit = {
  authorizeUrl: 'https://appcenter.intuit.com/connect/oauth2',
  tokenUrl: 'https://oauth.platform.intuit.com/oauth2/v1/tokens/bearer',
  revokeUrl: 'https://developer.api.intuit.com/v2/oauth2/tokens/revoke',
  api: {
    sandbox: 'https://sandbox-quickbooks.api.intuit.com',
    production: 'https://quickbooks.api.intuit.com',
  },
} as const;

function endpointsOf(env: Environment, simulator: string | null): QuickBooksEndpoints {
  const environment = env.QUICKBOOKS_ENVIRONMENT;
  const at = (path_: string, theirs: string): string =>
    simulator === null ? theirs : `${simulator}${path_}`;
  return {
    clientId: env.QUICKBOOKS_CLIENT_ID ?? 'simulator-client',
    clientSecret: env.QUICKBOOKS_CLIENT_SECRET ?? 'simulator-secret',
    webhookVerifier: env.QUICKBOOKS_WEBHOOK_VERIFIER ?? 'simulator-verifier',
    environment,
    apiBaseUrl: env.QUICKBOOKS_API_BASE_URL ?? at('', intuit.api[environment]),
    authorizeUrl: env.QUICKBOOKS_AUTHORIZE_URL ?? at('/connect/oauth2', intuit.authorizeUrl),
    tokenUrl: env.QUICKBOOKS_TOKEN_URL ?? at('/oauth2/v1/tokens/bearer', intuit.tokenUrl),
    revokeUrl: env.QUICKBOOKS_REVOKE_URL ?? at('/v2/oauth2/tokens/revoke', intuit.revokeUrl),
  };
}

/** As long as a balancer that asks every second needs to notice. */
const drainSecondsUsual = 3;

/** Only the demo makes a key of its own; it stays in the data folder, readable by its owner alone. */
function demoSecretKey(dataDir: string): Buffer {
  const file = path.join(dataDir, 'secret-key');
  mkdirSync(dataDir, { recursive: true });
  if (!existsSync(file)) {
    try {
      writeFileSync(file, randomBytes(32).toString('base64'), { mode: 0o600, flag: 'wx' });
    } catch (error) {
      // Another process of the same demo made it a moment ago; its key is the one to use.
      if (!existsSync(file)) throw error;
    }
  }
  return Buffer.from(readFileSync(file, 'utf8'), 'base64');
}
