import { failed, succeeded, type CallFailure, type CallOutcome } from '#core/attempt/failure.ts';
import { toVersion, type CompanyId, type Currency } from '#core/brand.ts';
import type { JsonObject } from '#core/json.ts';
import type {
  AccountingObject,
  AccountingSystem,
  AccountingWrite,
  CallOptions,
  Written,
} from '#ports/accounting-system.ts';
import type { Clock } from '#ports/clock.ts';
import type { Credentials } from '#ports/credentials.ts';
import { createSideClock } from '#ports/side-clock.ts';
import { createCaller, type Caller, type Success } from './caller.ts';
import { createChanges } from './changes.ts';
import { createQuickBooksClient, type QuickBooksClient } from './client.ts';
import { readFacts } from './facts.ts';
import { unreadable } from './faults.ts';
import { createInvoicePages } from './invoice-pages.ts';
import { createInvoiceReader, type InvoiceReader } from './invoice-reader.ts';
import type { QuickBooksOAuth } from './oauth.ts';
import type { Pace } from './pace.ts';
import { createPaymentReader, type PaymentReader } from './payment-reader.ts';
import { createReferences, nameOf } from './references.ts';
import { createUnderstanding, type InvoiceUnderstanding } from './understanding.ts';
import { entityOf, parseNamed } from './wire.ts';

export type AccountingSystemOptions = {
  readonly companyId: CompanyId;
  readonly realmId: string;
  readonly credentials: Credentials;
  /** For example `https://sandbox-quickbooks.api.intuit.com` or the simulator's address. */
  readonly apiBaseUrl: string;
  readonly oauth: QuickBooksOAuth;
  readonly clock: Clock;
  /** The company's share of QuickBooks' limits, for the calls made under one lease. */
  readonly pace: Pace;
  /** From facts read before; without it the first invoice that is read costs a call more. */
  readonly homeCurrency?: Currency | null;
};

/** QuickBooks Online for one company, over node-quickbooks. */
export const createAccountingSystem = (options: AccountingSystemOptions): AccountingSystem =>
  accountingSystemOver(createQuickBooksClient(options.apiBaseUrl, options.realmId), options);

/** The same over whatever carries its calls. */
export function accountingSystemOver(
  client: QuickBooksClient,
  options: AccountingSystemOptions,
): AccountingSystem {
  const { heard, offMs } = createSideClock(options.clock);
  const { pace, readsSent } = metered(options.pace);
  const call = createCaller({ ...options, pace, heard });
  const references = createReferences(client, call);
  const understanding = createUnderstanding(client, call, invoicePageOf(options.apiBaseUrl));
  const invoices = createInvoiceReader(client, call, understanding);
  const payments = createPaymentReader(client, call, understanding);
  const { homeCurrency = null } = options;
  if (homeCurrency !== null) understanding.learnHomeCurrency(homeCurrency);
  return {
    readFacts: async (limits) => {
      const facts = await readFacts(client, call, references, options.realmId, limits);
      if (facts.ok) understanding.learnHomeCurrency(facts.value.homeCurrency);
      return facts;
    },
    clockOffMs: offMs,
    readsSent,
    readInvoice: invoices.byId,
    readInvoices: invoices.byIds,
    listInvoices: createInvoicePages(client, call, understanding),
    findInvoicesLike: invoices.like,
    readPayment: payments.byId,
    readPayments: payments.byIds,
    findPaymentsLike: payments.like,
    findReferences: references.find,
    readReferences: references.byIds,
    readReference: references.read,
    changesSince: createChanges(client, call, understanding, options.clock),
    write: (write, limits) =>
      send(write, limits, { client, call, invoices, payments, understanding }),
  };
}

/** Counts the reads that are let go: what a poll or a reconcile took is the difference. */
function metered(pace: Pace): { readonly pace: Pace; readonly readsSent: () => number } {
  let reads = 0;
  const turn: Pace['turn'] = async (kind, signal) => {
    const given = await pace.turn(kind, signal);
    if (given.granted && kind === 'read') reads += 1;
    return given;
  };
  return { pace: { turn }, readsSent: () => reads };
}

type Means = {
  readonly client: QuickBooksClient;
  readonly call: Caller;
  readonly invoices: InvoiceReader;
  readonly payments: PaymentReader;
  readonly understanding: InvoiceUnderstanding;
};

async function send(
  write: AccountingWrite,
  limits: CallOptions,
  means: Means,
): Promise<CallOutcome<Written>> {
  const purpose = write.operation === 'CREATED' ? 'create' : 'change';
  const answer = await means.call(purpose, limits, (token, left) =>
    means.client.write(write, token, left),
  );
  if (!answer.ok) return failed(await toldApart(answer.failure, write, limits, means));

  const raw = entityOf(answer.value.body, write.object);
  const named = parseNamed(raw);
  if (raw === null || !named.ok)
    return failed(unreadable(answer.value, purpose, `no ${write.object}`));
  const shown = await shownIn(raw, write, answer.value, limits, means);
  if (!shown.ok) return shown;
  return succeeded({
    id: named.wire.Id,
    version: named.wire.SyncToken ?? toVersion('0'),
    name: isDocument[write.object] ? null : nameOf(named.wire),
    ...shown.value,
    httpStatus: answer.value.status,
    traceId: answer.value.traceId,
    raw,
  });
}

/** Documents have numbers, records have names. */
const isDocument = {
  Invoice: true,
  Payment: true,
  Customer: false,
  Item: false,
  Term: false,
} as const satisfies Record<AccountingObject, boolean>;

/** The document an answer shows; records and what was deleted have none. */
async function shownIn(
  raw: JsonObject,
  { object, operation }: AccountingWrite,
  answer: Success,
  limits: CallOptions,
  { understanding, payments }: Means,
): Promise<CallOutcome<Pick<Written, 'seen' | 'payment'>>> {
  const purpose = operation === 'CREATED' ? 'create' : 'change';
  if (object === 'Invoice') {
    const seen = await understanding.seenIn(raw, answer, purpose, limits);
    return seen.ok ? succeeded({ seen: seen.value, payment: null }) : seen;
  }
  if (object !== 'Payment' || operation === 'DELETED')
    return succeeded({ seen: null, payment: null });
  const payment = await payments.seenIn(raw, answer, purpose, limits);
  return payment.ok ? succeeded({ seen: null, payment: payment.value }) : payment;
}

/** 610 on a change has two meanings with different remedies: the document is gone, or something it refers to (§4.2). */
async function toldApart(
  failure: CallFailure,
  write: AccountingWrite,
  limits: CallOptions,
  { invoices, payments }: Means,
): Promise<CallFailure> {
  if (failure.kind !== 'not-found' || failure.fault === null) return failure;
  const target = parseNamed(JSON.parse(write.body));
  if (!isDocument[write.object] || !target.ok) return failure;
  const { byId } = write.object === 'Payment' ? payments : invoices;
  const found = await byId(target.wire.Id, limits);
  if (!found.ok || 'gone' in found.value) return failure;
  return {
    kind: 'refused',
    reason: 'MISSING_REFERENCE',
    httpStatus: null,
    fault: failure.fault,
    existingId: null,
    mayHaveCommitted: false,
  };
}

/** Where Intuit's own pages open an invoice; other addresses (a proxy, the simulator) have none. */
function invoicePageOf(apiBaseUrl: string): string | null {
  const { hostname } = new URL(apiBaseUrl);
  if (hostname === 'quickbooks.api.intuit.com') return 'https://qbo.intuit.com/app/invoice?txnId=';
  if (hostname === 'sandbox-quickbooks.api.intuit.com')
    return 'https://sandbox.qbo.intuit.com/app/invoice?txnId=';
  return null;
}
