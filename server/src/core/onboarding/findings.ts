import type { CallFailure } from '../attempt/failure.ts';
import type { Company, QuickBooksFacts } from '../company/company.ts';
import type { Instant } from '../brand.ts';
import type { ReferenceKind } from '../mapping/reference.ts';
import type { Side } from '../side.ts';
import { unreachable } from '../unreachable.ts';

/** One finding about a side of a company; null side for the bridge itself. */
export type Finding = {
  readonly side: Side | null;
  readonly title: string;
  readonly state: 'OK' | 'DEGRADED' | 'DOWN';
  /** What was found, in one sentence. */
  readonly finding: string;
  /** What to do about it; null when all is well. */
  readonly fix: string | null;
};

/** How a call went; null where it was not made. */
export type Look = { readonly failure: CallFailure | null };

/** What is stored about a company's connection. */
export type ConnectionState = {
  readonly accessExpiresAt: Instant | null;
  readonly lastQuickbooksWebhookAt: Instant | null;
  readonly lastInvoicingWebhookAt: Instant | null;
  readonly invoicingBaseUrl: string;
  /** No call is made while QuickBooks throttles or cannot be reached. */
  readonly isResting: boolean;
  readonly references: readonly {
    readonly kind: ReferenceKind;
    readonly matched: number;
    readonly waiting: number;
  }[];
};

/** What was seen of QuickBooks: asked just now, or as it was read last while a worker has the company. */
export type QuickBooksLook =
  | { readonly kind: 'asked'; readonly failure: CallFailure | null }
  | { readonly kind: 'stored' }
  | { readonly kind: 'not-connected' };

/** What was seen of internal invoicing, call by call. */
export type InvoicingLook = {
  readonly customers: Look;
  readonly page: Look;
  /** Null where there is no invoice to read. */
  readonly invoice: Look | null;
  readonly reference: Look & { readonly found: number };
};

/** All that findings are drawn from. */
export type Checked = {
  readonly company: Company;
  readonly facts: QuickBooksFacts | null;
  readonly state: ConnectionState;
  readonly quickbooks: QuickBooksLook;
  readonly invoicing: InvoicingLook;
  /** Each side's clock minus ours, in ms; null where it did not say. */
  readonly clockOffMs: Readonly<Record<Side, number | null>>;
  readonly now: Instant;
};

const dayMs = 86_400_000;

const checkLimits = {
  /** Beyond this no modification time is trusted (architecture.md §4). */
  clockOffMsMax: 2_000,
  /** Access that runs out within this time is worth a word. */
  accessMsMin: 14 * dayMs,
  /** Webhooks older than this are not heard lately. */
  webhookMsMax: 7 * dayMs,
} as const;

const severity = { DOWN: 0, DEGRADED: 1, OK: 2 } as const;

/** Findings about both sides, worst first; pure. */
export function findingsOf(checked: Checked): readonly Finding[] {
  return [
    ...quickbooksReached(checked),
    ...invoicingReached(checked),
    ...quickbooksSettings(checked),
    ...webhooks(checked),
    ...clocks(checked),
    ...references(checked),
  ].toSorted((one, other) => severity[one.state] - severity[other.state]);
}

const ok = (side: Side | null, title: string, finding: string): Finding => ({
  side,
  title,
  state: 'OK',
  finding,
  fix: null,
});

const bad = (
  side: Side | null,
  title: string,
  state: 'DEGRADED' | 'DOWN',
  finding: string,
  fix: string,
): Finding => ({ side, title, state, finding, fix });

const reached = 'QuickBooks answers and grants access';

function quickbooksReached({ company, quickbooks, facts, state, now }: Checked): Finding[] {
  const connect = 'Connect the company to QuickBooks, as an administrator of both.';
  if (quickbooks.kind === 'not-connected') {
    const finding =
      company.status === 'NEEDS_RECONNECT'
        ? 'Access to QuickBooks lapsed, so no call is made.'
        : 'QuickBooks is not connected yet.';
    return [bad('quickbooks', reached, 'DOWN', finding, connect)];
  }
  const name = facts?.companyName ?? company.name;
  if (quickbooks.kind === 'stored') {
    const finding = state.isResting
      ? 'QuickBooks asked to be left alone for a moment or cannot be reached; what it said last is shown.'
      : `A worker is busy with this company; what QuickBooks said last about ${name} is shown.`;
    return [
      state.isResting
        ? bad('quickbooks', reached, 'DEGRADED', finding, 'Wait a few minutes and look again.')
        : ok('quickbooks', reached, finding),
      ...expiry(state, now),
    ];
  }
  const { failure } = quickbooks;
  if (failure === null)
    return [ok('quickbooks', reached, `It answered for ${name}.`), ...expiry(state, now)];
  const fix =
    failure.kind === 'access-lapsed' ? connect : 'Look at the status of QuickBooks and try again.';
  return [bad('quickbooks', reached, 'DOWN', `It did not: ${wordsFor(failure)}`, fix)];
}

function expiry({ accessExpiresAt }: ConnectionState, now: Instant): Finding[] {
  if (accessExpiresAt === null) return [];
  const days = Math.floor((accessExpiresAt - now) / dayMs);
  const title = 'Access to QuickBooks lasts';
  return accessExpiresAt - now > checkLimits.accessMsMin
    ? [ok('quickbooks', title, `It lasts ${days} more days and is renewed by itself.`)]
    : [
        bad(
          'quickbooks',
          title,
          'DEGRADED',
          `It runs out in ${Math.max(0, days)} days unless it is renewed.`,
          'Connect the company again; nothing is lost by that.',
        ),
      ];
}

/** Why a call failed, in words. */
function wordsFor(failure: CallFailure): string {
  switch (failure.kind) {
    case 'throttled':
      return 'it asked to be called less often.';
    case 'not-sent':
    case 'read-failed':
    case 'no-answer':
    case 'access-lapsed':
      return failure.cause;
    case 'refused':
      return failure.fault.detail ?? failure.fault.message;
    case 'stale-version':
    case 'not-found':
      return failure.fault?.message ?? 'what was asked for is not there.';
    default:
      return unreachable(failure);
  }
}

function invoicingReached({ invoicing, state }: Checked): Finding[] {
  const { customers, page, invoice, reference } = invoicing;
  const answers = 'Internal invoicing answers and accepts our token';
  const { failure } = customers;
  if (failure !== null) {
    const fix =
      failure.kind === 'access-lapsed'
        ? 'Give a token that internal invoicing accepts (updateInvoicingEndpoint).'
        : `See to it that ${state.invoicingBaseUrl} can be reached from here, or give another address.`;
    return [bad('internal', answers, 'DOWN', `It did not: ${wordsFor(failure)}`, fix)];
  }
  const contract = 'Compare with docs/invoicing-contract.md, call by call.';
  const lookAgain = 'Look again in a moment.';
  const shape = (title: string, well: string, wrong: CallFailure | null): Finding => {
    if (wrong === null) return ok('internal', title, well);
    // Whoever asks for time keeps the contract: nothing is known yet.
    return wrong.kind === 'throttled'
      ? bad('internal', title, 'DEGRADED', `Not known: ${wordsFor(wrong)}`, lookAgain)
      : bad('internal', title, 'DOWN', `It is not as agreed: ${wordsFor(wrong)}`, contract);
  };
  return [
    ok('internal', answers, `${state.invoicingBaseUrl} answered.`),
    shape('Lists of invoices come page by page', 'The first page is as agreed.', page.failure),
    ...(invoice === null
      ? []
      : [shape('One invoice is read by its id', 'It came with its version.', invoice.failure)]),
    referenceShape(reference, shape, contract),
  ];
}

/** A create whose answer was lost is found by its reference: an unknown one must find nothing. */
function referenceShape(
  { failure, found }: InvoicingLook['reference'],
  shape: (title: string, well: string, wrong: CallFailure | null) => Finding,
  contract: string,
): Finding {
  const title = 'Invoices are found by the reference they were made with';
  const well = 'A reference that nobody used finds nothing, so a lost answer does no harm.';
  if (failure !== null || found === 0) return shape(title, well, failure);
  const finding = `A reference that nobody used finds ${found} invoices, so an import whose answer is lost could be taken for another one.`;
  return bad('internal', title, 'DOWN', finding, contract);
}

function quickbooksSettings({ company, facts }: Checked): Finding[] {
  if (facts === null) return [];
  const { settings } = company;
  const multi = facts.multiCurrency ? 'several currencies' : 'one currency';
  return [
    ok(
      'quickbooks',
      'Company, country and currency',
      `${facts.companyName} is in ${facts.country} and keeps its books in ${facts.homeCurrency}, with ${multi}.`,
    ),
    facts.customNumbers
      ? ok('quickbooks', 'Invoices keep our numbers', 'Custom transaction numbers are on.')
      : bad(
          'quickbooks',
          'Invoices keep our numbers',
          'DEGRADED',
          'Custom transaction numbers are off: QuickBooks keeps our numbers and counts on from them for its own invoices, so two may get one number.',
          'In QuickBooks, under Account and settings, Sales, switch custom transaction numbers on.',
        ),
    taxSetup(facts),
    closedBooks(facts, settings.goLiveDate),
    ...incomeAccount(facts, settings),
  ];
}

function taxSetup(facts: QuickBooksFacts): Finding {
  const title = 'Sales tax';
  if (!facts.usTax) return ok('quickbooks', title, 'Each line carries a tax code of its own.');
  if (facts.automatedSalesTax)
    return ok('quickbooks', title, 'QuickBooks computes it; what internal invoicing states wins.');
  return facts.defaultTaxCodeId === null
    ? bad(
        'quickbooks',
        title,
        'DEGRADED',
        'Sales tax is not set up, so an invoice with tax cannot be written.',
        'In QuickBooks, under Taxes, set sales tax up; or leave it if no invoice has tax.',
      )
    : ok('quickbooks', title, 'There is a tax code for whole invoices.');
}

function closedBooks({ booksClosedThrough }: QuickBooksFacts, goLiveDate: string | null): Finding {
  const title = 'Closed books';
  if (booksClosedThrough === null) return ok('quickbooks', title, 'There is no closing date.');
  const isLater = goLiveDate === null || booksClosedThrough >= goLiveDate;
  const finding = `The books are closed through ${booksClosedThrough}; nothing dated up to then is written.`;
  return isLater
    ? bad(
        'quickbooks',
        title,
        'DEGRADED',
        finding,
        'Set the go-live date to a day after it, or reopen the period: what is dated between waits otherwise.',
      )
    : ok('quickbooks', title, finding);
}

function incomeAccount(
  { incomeAccountIds }: QuickBooksFacts,
  { createMissingReferences, incomeAccountId }: Company['settings'],
): Finding[] {
  if (!createMissingReferences || incomeAccountId !== null || incomeAccountIds.length > 0)
    return [];
  return [
    bad(
      'quickbooks',
      'Account for new items',
      'DEGRADED',
      'QuickBooks has no income account, so items that it lacks cannot be made.',
      'Make an income account in QuickBooks, or name one in the settings.',
    ),
  ];
}

function webhooks({ company, state, now }: Checked): Finding[] {
  const heard = (side: Side, at: Instant | null, fix: string): Finding => {
    const title = side === 'quickbooks' ? 'Webhooks of QuickBooks' : 'Webhooks reach us';
    if (at !== null && now - at <= checkLimits.webhookMsMax)
      return ok(side, title, `The last one came ${agoWords(now - at)} ago.`);
    const finding =
      at === null
        ? 'None has come yet; changes are found by asking, minutes later.'
        : `None has come for ${agoWords(now - at)}; changes are found by asking, minutes later.`;
    return bad(side, title, 'DEGRADED', finding, fix);
  };
  const toQuickbooks =
    'At developer.intuit.com, give the app the webhook address of this bridge and its verifier token; then change an invoice.';
  const toInternal =
    'Configure the webhook address and secret of this company in internal invoicing; then change an invoice.';
  return [
    ...(company.realmId === null
      ? []
      : [heard('quickbooks', state.lastQuickbooksWebhookAt, toQuickbooks)]),
    heard('internal', state.lastInvoicingWebhookAt, toInternal),
  ];
}

function agoWords(ms: number): string {
  const minutes = Math.floor(ms / 60_000);
  if (minutes < 1) return 'less than a minute';
  if (minutes < 120) return `${minutes} minutes`;
  const hours = Math.floor(minutes / 60);
  return hours < 48 ? `${hours} hours` : `${Math.floor(hours / 24)} days`;
}

function clocks({ clockOffMs }: Checked): Finding[] {
  const title = 'Clocks agree';
  return (['internal', 'quickbooks'] as const).flatMap((side) => {
    const off = clockOffMs[side];
    if (off === null) return [];
    const seconds = (Math.abs(off) / 1000).toFixed(1);
    return Math.abs(off) <= checkLimits.clockOffMsMax
      ? [ok(side, title, `Its clock is ${seconds} s from ours.`)]
      : [
          bad(
            side,
            title,
            'DEGRADED',
            `Its clock is ${seconds} s from ours, so “latest wins” asks a person instead.`,
            side === 'internal'
              ? 'Set the clock of the machine that internal invoicing runs on by a time server.'
              : 'Set the clock of the machine that LedgerBridge runs on by a time server.',
          ),
        ];
  });
}

const kindWords = {
  CUSTOMER: 'customers',
  ITEM: 'items',
  TAX_CODE: 'tax codes',
  TERMS: 'terms',
  PAYMENT_METHOD: 'payment methods',
  INCOME_ACCOUNT: 'income accounts',
} as const satisfies Record<ReferenceKind, string>;

const haveWord = (count: number): string => (count === 1 ? 'has' : 'have');

function references({ state }: Checked): Finding[] {
  return state.references.map(({ kind, matched, waiting }) => {
    const name = kindWords[kind];
    const title = `${name.slice(0, 1).toUpperCase()}${name.slice(1)} are matched`;
    return waiting === 0
      ? ok(null, title, `All ${matched} that invoices name have a counterpart.`)
      : bad(
          null,
          title,
          'DEGRADED',
          `${matched} ${haveWord(matched)} a counterpart, ${waiting} ${haveWord(waiting)} none yet.`,
          'Pair them on the page of references; those that may be made are made when they are needed.',
        );
  });
}
