import { afterEach } from 'vitest';
import type { Currency } from '#core/brand.ts';
import type { AccountingSystem, AccountingWrite } from '#ports/accounting-system.ts';
import type { Credentials } from '#ports/credentials.ts';
import { createPace } from '../../../src/adapters/quickbooks/pace.ts';
import { createAccountingSystem } from '../../../src/adapters/quickbooks/accounting-system.ts';
import type { QuickBooksOAuth } from '../../../src/adapters/quickbooks/oauth.ts';
import { recordedInvoices } from '../../recorded.ts';
import {
  companyId,
  countingOAuth,
  heldTokens,
  lease,
  json,
  listen,
  realClock,
  tokensNamed,
  uncounted,
  type Listener,
  type Received,
} from './doubles.ts';

const open: Listener[] = [];
afterEach(async () => {
  await Promise.all(open.splice(0).map((listener) => listener.close()));
});

/** One recorded invoice to answer with. */
export const recordedInvoice = recordedInvoices().find(
  ({ company }) => company === 'nango-craigs-2026',
)?.raw;

const preferences = {
  Preferences: { CurrencyPrefs: { HomeCurrency: { value: 'USD' }, MultiCurrencyEnabled: false } },
};

export type Reply = Parameters<typeof listen>[0];

/** Good tokens, and a token server that gives new ones. */
export const means = () => ({
  credentials: heldTokens(tokensNamed('first')),
  oauth: countingOAuth(),
});

export type SystemUnderTest = {
  readonly accounting: AccountingSystem;
  readonly listener: Listener;
  /** Requests but those for preferences, which say the home currency. */
  readonly received: () => readonly Received[];
};

/** The accounting system before a server that answers as told. */
export async function systemBefore(
  reply: Reply,
  parts: {
    readonly credentials?: Credentials;
    readonly oauth?: QuickBooksOAuth;
    readonly homeCurrency?: Currency;
  } = {},
): Promise<SystemUnderTest> {
  const listener = await listen((request, response) =>
    request.url.pathname.endsWith('/preferences')
      ? json(response, 200, preferences)
      : reply(request, response),
  );
  open.push(listener);
  const accounting = createAccountingSystem({
    companyId,
    realmId: '42',
    ...means(),
    ...parts,
    apiBaseUrl: listener.url,
    clock: realClock,
    pace: createPace({ clock: realClock, counts: uncounted }).under(lease),
  });
  const received = () =>
    listener.received.filter(({ url }) => !url.pathname.endsWith('/preferences'));
  return { accounting, listener, received };
}

/** A create whose bytes have spaces, digits and an order of keys that a new rendering would lose. */
export const create: AccountingWrite = {
  requestId: '11111111-2222-7333-8444-555555555555',
  object: 'Invoice',
  operation: 'CREATED',
  body: '{ "TxnDate":"2026-11-20",  "Line":[{"Amount":100.00}], "requestid":"not this" }',
};

export const limits = { deadlineMs: 5_000 };
