import { expect, test } from 'vitest';
import { brandDecimal, brandLocalDate, toCompanyId, toCurrency, toInstant } from '#core/brand.ts';
import type { CallFailure } from '#core/attempt/failure.ts';
import { findingsOf, type Checked, type Finding } from '#core/onboarding/findings.ts';

const dayMs = 86_400_000;
const now = toInstant(Date.UTC(2026, 10, 20));
const ago = (ms: number) => toInstant(now - ms);
const none = { failure: null };

const misread = { kind: 'read-failed', httpStatus: 200, fault: null } as const;

const settings = {
  createMissingReferences: true,
  importFromQuickbooks: false,
  goLiveDate: brandLocalDate('2026-11-01'),
  taxVarianceTolerance: brandDecimal('0.05'),
  undoWindowSeconds: 20,
  markDocuments: true,
  incomeAccountId: null,
};

const facts = {
  companyName: 'Acme Books',
  country: 'US',
  homeCurrency: toCurrency('USD'),
  multiCurrency: false,
  customNumbers: true,
  usTax: true,
  automatedSalesTax: false,
  defaultTaxCodeId: '2',
  booksClosedThrough: null,
  incomeAccountIds: ['79'],
  readAt: now,
};

const state = {
  accessExpiresAt: toInstant(now + 100 * dayMs),
  lastQuickbooksWebhookAt: ago(30_000),
  lastInvoicingWebhookAt: ago(5 * 60_000),
  invoicingBaseUrl: 'https://invoicing.example',
  isResting: false,
  references: [{ kind: 'CUSTOMER', matched: 12, waiting: 0 }],
} as const;

/** A connection at which nothing is wrong. */
const well = {
  company: {
    id: toCompanyId('00000000-0000-4000-8000-000000000001'),
    name: 'Acme',
    mode: 'SHADOW',
    status: 'ACTIVE',
    realmId: '9130',
    settings,
    facts,
    restoredOn: null,
    holdsWrites: false,
  },
  facts,
  state,
  quickbooks: { kind: 'asked', failure: null },
  invoicing: { customers: none, page: none, invoice: none, reference: { ...none, found: 0 } },
  clockOffMs: { internal: 300, quickbooks: -1_900 },
  now,
} as const satisfies Checked;

const withFacts = (more: object): Checked => ({ ...well, facts: { ...facts, ...more } });
const withState = (more: object): Checked => ({ ...well, state: { ...state, ...more } });
const withCompany = (more: object): Checked => ({
  ...well,
  company: { ...well.company, ...more },
});
const asked = (failure: CallFailure): Checked => ({
  ...well,
  quickbooks: { kind: 'asked', failure },
});
const invoicing = (more: object): Checked => ({
  ...well,
  invoicing: { ...well.invoicing, ...more },
});

/** A finding in one line. */
const line = ({ side, title, state: how, finding, fix }: Finding): string =>
  `${how} ${side ?? 'bridge'}: ${title}: ${finding}${fix === null ? '' : ` → ${fix}`}`;

const atRest = new Set(findingsOf(well).map(line));
/** What is found otherwise than where all is well. */
const otherwise = (checked: Checked): readonly string[] =>
  findingsOf(checked)
    .map(line)
    .filter((one) => !atRest.has(one));

const cause = 'The address could not be reached.';
const fault = { code: '610', message: 'Object Not Found', detail: null, element: null };
const refused = {
  kind: 'refused',
  reason: 'VALIDATION',
  httpStatus: 400,
  fault: { ...fault, message: 'Bad', detail: 'A page has at most 50 rows.' },
  existingId: null,
  mayHaveCommitted: false,
} as const;

const connect = 'Connect the company to QuickBooks, as an administrator of both.';
const later = 'Look at the status of QuickBooks and try again.';
const answers = 'QuickBooks answers and grants access';
const here = 'Internal invoicing answers and accepts our token';
const contract = 'Compare with docs/invoicing-contract.md, call by call.';
const anotherAddress =
  'See to it that https://invoicing.example can be reached from here, or give another address.';
const newGoLive =
  'Set the go-live date to a day after it, or reopen the period: what is dated between waits otherwise.';

test('a connection at which nothing is wrong shows each look once, all well', () => {
  expect(findingsOf(well).map(line)).toEqual([
    `OK quickbooks: ${answers}: It answered for Acme Books.`,
    'OK quickbooks: Access to QuickBooks lasts: It lasts 100 more days and is renewed by itself.',
    `OK internal: ${here}: https://invoicing.example answered.`,
    'OK internal: Lists of invoices come page by page: The first page is as agreed.',
    'OK internal: One invoice is read by its id: It came with its version.',
    'OK internal: Invoices are found by the reference they were made with: A reference that nobody used finds nothing, so a lost answer does no harm.',
    'OK quickbooks: Company, country and currency: Acme Books is in US and keeps its books in USD, with one currency.',
    'OK quickbooks: Invoices keep our numbers: Custom transaction numbers are on.',
    'OK quickbooks: Sales tax: There is a tax code for whole invoices.',
    'OK quickbooks: Closed books: There is no closing date.',
    'OK quickbooks: Webhooks of QuickBooks: The last one came less than a minute ago.',
    'OK internal: Webhooks reach us: The last one came 5 minutes ago.',
    'OK internal: Clocks agree: Its clock is 0.3 s from ours.',
    'OK quickbooks: Clocks agree: Its clock is 1.9 s from ours.',
    'OK bridge: Customers are matched: All 12 that invoices name have a counterpart.',
  ]);
});

const cases: readonly (readonly [string, Checked, readonly string[]])[] = [
  [
    'QuickBooks never connected',
    { ...withCompany({ realmId: null }), quickbooks: { kind: 'not-connected' } },
    [`DOWN quickbooks: ${answers}: QuickBooks is not connected yet. → ${connect}`],
  ],
  [
    'QuickBooks whose access lapsed',
    { ...withCompany({ status: 'NEEDS_RECONNECT' }), quickbooks: { kind: 'not-connected' } },
    [`DOWN quickbooks: ${answers}: Access to QuickBooks lapsed, so no call is made. → ${connect}`],
  ],
  [
    'QuickBooks whose access lapsed while it was asked',
    asked({ kind: 'access-lapsed', cause: 'The token was revoked.', fault: null }),
    [`DOWN quickbooks: ${answers}: It did not: The token was revoked. → ${connect}`],
  ],
  [
    'QuickBooks out of reach',
    asked({ kind: 'not-sent', cause }),
    [`DOWN quickbooks: ${answers}: It did not: ${cause} → ${later}`],
  ],
  [
    'QuickBooks that fails',
    asked({ kind: 'read-failed', cause, httpStatus: 503, fault: null }),
    [`DOWN quickbooks: ${answers}: It did not: ${cause} → ${later}`],
  ],
  [
    'QuickBooks that throttles',
    asked({ kind: 'throttled', retryAfterMs: 60_000 }),
    [`DOWN quickbooks: ${answers}: It did not: it asked to be called less often. → ${later}`],
  ],
  [
    'QuickBooks that refuses',
    asked(refused),
    [`DOWN quickbooks: ${answers}: It did not: A page has at most 50 rows. → ${later}`],
  ],
  [
    'QuickBooks that does not have it',
    asked({ kind: 'not-found', fault }),
    [`DOWN quickbooks: ${answers}: It did not: Object Not Found → ${later}`],
  ],
  [
    'QuickBooks busy with a worker',
    { ...well, quickbooks: { kind: 'stored' } },
    [
      `OK quickbooks: ${answers}: A worker is busy with this company; what QuickBooks said last about Acme Books is shown.`,
    ],
  ],
  [
    'QuickBooks that wants to be left alone',
    { ...withState({ isResting: true }), quickbooks: { kind: 'stored' } },
    [
      `DEGRADED quickbooks: ${answers}: QuickBooks asked to be left alone for a moment or cannot be reached; what it said last is shown. → Wait a few minutes and look again.`,
    ],
  ],
  [
    'QuickBooks whose access runs out in 14 days',
    withState({ accessExpiresAt: toInstant(now + 14 * dayMs) }),
    [
      'DEGRADED quickbooks: Access to QuickBooks lasts: It runs out in 14 days unless it is renewed. → Connect the company again; nothing is lost by that.',
    ],
  ],
  [
    'QuickBooks whose access ran out',
    withState({ accessExpiresAt: ago(dayMs) }),
    [
      'DEGRADED quickbooks: Access to QuickBooks lasts: It runs out in 0 days unless it is renewed. → Connect the company again; nothing is lost by that.',
    ],
  ],
  [
    'internal invoicing out of reach',
    invoicing({ customers: { failure: { kind: 'not-sent', cause } } }),
    [`DOWN internal: ${here}: It did not: ${cause} → ${anotherAddress}`],
  ],
  [
    'internal invoicing that refuses our token',
    invoicing({
      customers: { failure: { kind: 'access-lapsed', cause: 'It said 401.', fault: null } },
    }),
    [
      `DOWN internal: ${here}: It did not: It said 401. → Give a token that internal invoicing accepts (updateInvoicingEndpoint).`,
    ],
  ],
  [
    'internal invoicing with a list that is not as agreed',
    invoicing({ page: { failure: refused } }),
    [
      `DOWN internal: Lists of invoices come page by page: It is not as agreed: A page has at most 50 rows. → ${contract}`,
    ],
  ],
  [
    'internal invoicing with an invoice that is not as agreed',
    invoicing({ invoice: { failure: { ...misread, cause: 'invoice.lines: missing' } } }),
    [
      `DOWN internal: One invoice is read by its id: It is not as agreed: invoice.lines: missing → ${contract}`,
    ],
  ],
  [
    'internal invoicing that asks for time is not taken for one that breaks the contract',
    invoicing({ invoice: { failure: { kind: 'throttled', retryAfterMs: 1_000 } } }),
    [
      'DEGRADED internal: One invoice is read by its id: Not known: it asked to be called less often. → Look again in a moment.',
    ],
  ],
  ['internal invoicing without an invoice to read', invoicing({ invoice: null }), []],
  [
    'internal invoicing that cannot look up a reference',
    invoicing({ reference: { failure: { kind: 'not-found', fault: null }, found: 0 } }),
    [
      `DOWN internal: Invoices are found by the reference they were made with: It is not as agreed: what was asked for is not there. → ${contract}`,
    ],
  ],
  [
    'internal invoicing that finds anything by any reference',
    invoicing({ reference: { failure: null, found: 3 } }),
    [
      `DOWN internal: Invoices are found by the reference they were made with: A reference that nobody used finds 3 invoices, so an import whose answer is lost could be taken for another one. → ${contract}`,
    ],
  ],
  [
    'QuickBooks with several currencies',
    withFacts({ multiCurrency: true }),
    [
      'OK quickbooks: Company, country and currency: Acme Books is in US and keeps its books in USD, with several currencies.',
    ],
  ],
  [
    'QuickBooks with numbers of its own',
    withFacts({ customNumbers: false }),
    [
      'DEGRADED quickbooks: Invoices keep our numbers: Custom transaction numbers are off: QuickBooks keeps our numbers and counts on from them for its own invoices, so two may get one number. → In QuickBooks, under Account and settings, Sales, switch custom transaction numbers on.',
    ],
  ],
  [
    'QuickBooks without sales tax',
    withFacts({ defaultTaxCodeId: null }),
    [
      'DEGRADED quickbooks: Sales tax: Sales tax is not set up, so an invoice with tax cannot be written. → In QuickBooks, under Taxes, set sales tax up; or leave it if no invoice has tax.',
    ],
  ],
  [
    'QuickBooks with tax that it computes',
    withFacts({ automatedSalesTax: true, defaultTaxCodeId: null }),
    ['OK quickbooks: Sales tax: QuickBooks computes it; what internal invoicing states wins.'],
  ],
  [
    'QuickBooks with tax line by line',
    withFacts({ usTax: false, defaultTaxCodeId: null }),
    ['OK quickbooks: Sales tax: Each line carries a tax code of its own.'],
  ],
  [
    'QuickBooks closed before going live',
    withFacts({ booksClosedThrough: brandLocalDate('2026-10-31') }),
    [
      'OK quickbooks: Closed books: The books are closed through 2026-10-31; nothing dated up to then is written.',
    ],
  ],
  [
    'QuickBooks closed through the day of going live',
    withFacts({ booksClosedThrough: brandLocalDate('2026-11-01') }),
    [
      `DEGRADED quickbooks: Closed books: The books are closed through 2026-11-01; nothing dated up to then is written. → ${newGoLive}`,
    ],
  ],
  [
    'QuickBooks closed, without a day of going live',
    {
      ...withFacts({ booksClosedThrough: brandLocalDate('2026-10-31') }),
      company: { ...well.company, settings: { ...settings, goLiveDate: null } },
    },
    [
      `DEGRADED quickbooks: Closed books: The books are closed through 2026-10-31; nothing dated up to then is written. → ${newGoLive}`,
    ],
  ],
  [
    'QuickBooks without an account for new items',
    withFacts({ incomeAccountIds: [] }),
    [
      'DEGRADED quickbooks: Account for new items: QuickBooks has no income account, so items that it lacks cannot be made. → Make an income account in QuickBooks, or name one in the settings.',
    ],
  ],
  [
    'QuickBooks without an account, where no items are made',
    {
      ...withFacts({ incomeAccountIds: [] }),
      company: { ...well.company, settings: { ...settings, createMissingReferences: false } },
    },
    [],
  ],
  [
    'QuickBooks without an account, where one is named',
    {
      ...withFacts({ incomeAccountIds: [] }),
      company: { ...well.company, settings: { ...settings, incomeAccountId: '80' } },
    },
    [],
  ],
  [
    'QuickBooks never read',
    { ...well, facts: null },
    [`OK quickbooks: ${answers}: It answered for Acme.`],
  ],
  [
    'no webhook of QuickBooks yet',
    withState({ lastQuickbooksWebhookAt: null }),
    [
      'DEGRADED quickbooks: Webhooks of QuickBooks: None has come yet; changes are found by asking, minutes later. → At developer.intuit.com, give the app the webhook address of this bridge and its verifier token; then change an invoice.',
    ],
  ],
  [
    'no webhook of internal invoicing for eight days',
    withState({ lastInvoicingWebhookAt: ago(8 * dayMs) }),
    [
      'DEGRADED internal: Webhooks reach us: None has come for 8 days; changes are found by asking, minutes later. → Configure the webhook address and secret of this company in internal invoicing; then change an invoice.',
    ],
  ],
  [
    'a webhook seven days ago, and one three hours ago',
    withState({
      lastQuickbooksWebhookAt: ago(7 * dayMs),
      lastInvoicingWebhookAt: ago(3 * 3_600_000),
    }),
    [
      'OK quickbooks: Webhooks of QuickBooks: The last one came 7 days ago.',
      'OK internal: Webhooks reach us: The last one came 3 hours ago.',
    ],
  ],
  [
    'clocks that are off, one ahead and one behind',
    { ...well, clockOffMs: { internal: -2_001, quickbooks: 65_000 } },
    [
      'DEGRADED internal: Clocks agree: Its clock is 2.0 s from ours, so “latest wins” asks a person instead. → Set the clock of the machine that internal invoicing runs on by a time server.',
      'DEGRADED quickbooks: Clocks agree: Its clock is 65.0 s from ours, so “latest wins” asks a person instead. → Set the clock of the machine that LedgerBridge runs on by a time server.',
    ],
  ],
  ['clocks that nobody told', { ...well, clockOffMs: { internal: null, quickbooks: null } }, []],
  [
    'records without a counterpart',
    withState({
      references: [
        { kind: 'CUSTOMER', matched: 12, waiting: 0 },
        { kind: 'TAX_CODE', matched: 2, waiting: 1 },
      ],
    }),
    [
      'DEGRADED bridge: Tax codes are matched: 2 have a counterpart, 1 has none yet. → Pair them on the page of references; those that may be made are made when they are needed.',
    ],
  ],
];

test.each(cases)('%s: that alone is found', (_name, checked, found) => {
  expect(otherwise(checked)).toEqual(found);
});

test('what stops everything comes before what only hinders, and that before what is well', () => {
  const found = findingsOf({
    ...withFacts({ customNumbers: false }),
    invoicing: { ...well.invoicing, page: { failure: { kind: 'not-sent', cause } } },
  });

  const rank = ['DOWN', 'DEGRADED', 'OK'];
  const ranks = found.map((one) => rank.indexOf(one.state));
  expect(ranks).toEqual(ranks.toSorted((one, other) => one - other));
  expect(new Set(ranks).size).toBe(3);
});
