import path from 'node:path';
import { z } from 'zod';

const port = (fallback: number) =>
  z.coerce.number().int().min(0).max(65_535).default(fallback).describe('a port, 0 to 65535');
const flag = () =>
  z
    .enum(['0', '1'])
    .transform((text) => text === '1')
    .optional()
    .describe('0 or 1');
const whole = (fallback: number, min: number, max: number) =>
  z.coerce
    .number()
    .int()
    .min(min)
    .max(max)
    .default(fallback)
    .describe(`a whole number, ${min} to ${max}`);
const address = () =>
  z
    .url({ protocol: /^https?$/ })
    .optional()
    .describe('an http:// or https:// address');
const secretKey = () =>
  z
    .base64()
    .transform((text) => Buffer.from(text, 'base64'))
    .refine((bytes) => bytes.length === 32)
    .optional()
    .describe('32 bytes in base64');
const text = (what: string) => z.string().min(1).optional().describe(what);

/** Every variable of http.md §1 with how it is parsed; the description is what an error says it takes. */
export const environmentSchema = z.object({
  HOST: z.string().min(1).default('127.0.0.1').describe('a host name or address'),
  PORT: port(4000),
  SIMULATOR_QUICKBOOKS_PORT: port(4010),
  SIMULATOR_INVOICING_PORT: port(4020),
  DATABASE_URL: z
    .url({ protocol: /^postgres(ql)?$/ })
    .optional()
    .describe('a postgresql:// address'),
  /** What this process does; any number of each may run against one database. */
  LEDGERBRIDGE_ROLE: z.enum(['all', 'api', 'worker']).default('all').describe('all, api or worker'),
  LEDGERBRIDGE_DEMO: flag(),
  LEDGERBRIDGE_DATA_DIR: z
    .string()
    .min(1)
    .default('.ledgerbridge')
    .transform((dir) => path.resolve(dir))
    .describe('a folder'),
  LEDGERBRIDGE_SECRET_KEY: secretKey(),
  LEDGERBRIDGE_SECRET_KEY_PREVIOUS: secretKey(),
  LEDGERBRIDGE_BOOTSTRAP_API_KEY: z
    .string()
    .regex(/^lb_[A-Za-z0-9_-]{43}$/)
    .optional()
    .describe('lb_ and 43 characters of base64url'),
  LEDGERBRIDGE_PUBLIC_URL: address(),
  LEDGERBRIDGE_LOG_LEVEL: z
    .enum(['trace', 'debug', 'info', 'warn', 'error', 'fatal'])
    .default('info')
    .describe('trace, debug, info, warn, error or fatal'),
  LEDGERBRIDGE_ALLOW_PRIVATE_ADDRESSES: flag(),
  /** Mail server for notifications; without it no mail is sent. */
  LEDGERBRIDGE_SMTP_URL: z
    .url({ protocol: /^smtps?$/ })
    .optional()
    .describe('an smtp:// or smtps:// address'),
  LEDGERBRIDGE_MAIL_FROM: z.email().optional().describe('a mail address'),
  /** How long a lease lasts unrenewed: a dead worker's companies wait at most about this long. */
  LEDGERBRIDGE_LEASE_SECONDS: whole(15, 1, 120),
  /** How long an api that is told to stop says so while it still serves, so that nobody is sent to it any more. */
  LEDGERBRIDGE_DRAIN_SECONDS: z.coerce
    .number()
    .int()
    .min(0)
    .max(60)
    .optional()
    .describe('a whole number, 0 to 60'),
  /** How lively the demo is; 0 for silence. */
  LEDGERBRIDGE_DEMO_ACTIVITY_PER_MINUTE: whole(20, 0, 6_000),
  QUICKBOOKS_CLIENT_ID: text('the client id of the Intuit app'),
  QUICKBOOKS_CLIENT_SECRET: text('the client secret of the Intuit app'),
  QUICKBOOKS_WEBHOOK_VERIFIER: text('the verifier token of the Intuit app'),
  QUICKBOOKS_ENVIRONMENT: z
    .enum(['production', 'sandbox'])
    .default('sandbox')
    .describe('production or sandbox'),
  QUICKBOOKS_API_BASE_URL: address(),
  QUICKBOOKS_AUTHORIZE_URL: address(),
  QUICKBOOKS_TOKEN_URL: address(),
  QUICKBOOKS_REVOKE_URL: address(),
  QUICKBOOKS_COMMIT_WAIT_SECONDS: whole(130, 0, 3_600),
  /** How often each side is asked what changed: what a lost webhook costs at most. */
  RECONCILE_INTERVAL_SECONDS: whole(300, 1, 86_400),
  /** Reads of all companies together in a month; 0 for unmetered. */
  QUICKBOOKS_MONTHLY_READS: whole(500_000, 0, 1_000_000_000),
});

export type Environment = z.output<typeof environmentSchema>;

/** Names whose value is never repeated, not even in an error. */
const isSecret = (name: string): boolean =>
  /SECRET|VERIFIER|API_KEY|DATABASE_URL|SMTP_URL/.test(name);

/** Parses the environment; one line per wrong variable: its name, what it got, what it takes. */
export function parseEnvironment(
  variables: Readonly<Record<string, string | undefined>>,
):
  | { readonly ok: true; readonly value: Environment }
  | { readonly ok: false; readonly lines: readonly string[] } {
  const given = Object.fromEntries(
    Object.entries(variables).filter(([, value]) => value !== undefined && value !== ''),
  );
  const parsed = environmentSchema.safeParse(given);
  if (parsed.success) return { ok: true, value: parsed.data };
  const names = [...new Set(parsed.error.issues.map((issue) => String(issue.path[0])))];
  return { ok: false, lines: names.map((name) => lineFor(name, given[name])) };
}

function lineFor(name: string, got: string | undefined): string {
  const takes =
    Object.entries(environmentSchema.shape).find(([known]) => known === name)?.[1].description ??
    'another value';
  return `${name}: got ${isSecret(name) ? 'a value that is not shown' : JSON.stringify(got ?? '')}, takes ${takes}`;
}
