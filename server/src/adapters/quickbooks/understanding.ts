import { failed, succeeded, type CallFailure, type CallOutcome } from '#core/attempt/failure.ts';
import { toCurrency, type Currency } from '#core/brand.ts';
import type { JsonObject } from '#core/json.ts';
import type { CallOptions, Seen } from '#ports/accounting-system.ts';
import type { Caller, Success } from './caller.ts';
import type { QuickBooksClient } from './client.ts';
import { decodeInvoice } from './decode-invoice.ts';
import { unreadable, type CallPurpose } from './faults.ts';
import { entityOf, parseInvoice, parsePreferences } from './wire.ts';

/** Understands invoices out of whatever answer holds them. */
export type InvoiceUnderstanding = {
  /** Currency of a document that names none; null when it cannot be found out. */
  readonly homeCurrencyFor: (raw: JsonObject, options: CallOptions) => Promise<Currency | null>;
  readonly seenIn: (
    raw: JsonObject,
    answer: Success,
    purpose: CallPurpose,
    options: CallOptions,
  ) => Promise<CallOutcome<Seen>>;
  /** Saves asking for it when the company's facts were read anyway. */
  readonly learnHomeCurrency: (currency: Currency) => void;
};

/** The home currency is asked for once, by the first invoice that comes before the facts were read. */
export function createUnderstanding(
  client: QuickBooksClient,
  call: Caller,
  invoicePage: string | null,
): InvoiceUnderstanding {
  let homeCurrency: Currency | null = null;

  const currencyOfHome = async (options: CallOptions): Promise<CallOutcome<Currency>> => {
    if (homeCurrency !== null) return succeeded(homeCurrency);
    const read = await readHomeCurrency(client, call, options);
    if (read.ok) homeCurrency = read.value;
    return read;
  };

  const homeCurrencyFor = async (
    raw: JsonObject,
    options: CallOptions,
  ): Promise<Currency | null> => {
    const home = await currencyOfHome(options);
    return home.ok ? home.value : statedCurrency(raw);
  };

  return {
    homeCurrencyFor,
    seenIn: async (raw, answer, purpose, options) => {
      const parsed = parseInvoice(raw);
      if (!parsed.ok) return failed(notUnderstood(answer, purpose, 'invoice', parsed.problem));
      const currency = await homeCurrencyFor(raw, options);
      if (currency === null) return failed(unreadable(answer, purpose, 'its currency is unknown'));
      const invoice = decodeInvoice(parsed.wire, { homeCurrency: currency, invoicePage });
      return succeeded({ invoice, raw });
    },
    learnHomeCurrency: (currency) => {
      homeCurrency = currency;
    },
  };
}

function statedCurrency(raw: JsonObject): Currency | null {
  const stated = entityOf(raw, 'CurrencyRef')?.['value'];
  return typeof stated === 'string' ? toCurrency(stated) : null;
}

async function readHomeCurrency(
  client: QuickBooksClient,
  call: Caller,
  options: CallOptions,
): Promise<CallOutcome<Currency>> {
  const answer = await call('read', options, (token, left) => client.preferences(token, left));
  if (!answer.ok) return answer;
  const parsed = parsePreferences(entityOf(answer.value.body, 'Preferences'));
  if (!parsed.ok) return failed(unreadable(answer.value, 'read', parsed.problem));
  return succeeded(toCurrency(parsed.wire.CurrencyPrefs?.HomeCurrency?.value ?? 'USD'));
}

/** A document of a shape the codec does not know: reading it again changes nothing, it is our bug (architecture.md §3). */
export function notUnderstood(
  answer: Success,
  purpose: CallPurpose,
  what: 'invoice' | 'payment',
  problem: string,
): CallFailure {
  if (purpose !== 'read') return unreadable(answer, purpose, problem);
  return {
    kind: 'refused',
    reason: 'MAPPING',
    httpStatus: answer.status,
    fault: {
      code: 'UNREADABLE',
      message: `The bridge does not understand this ${what}`,
      detail: problem,
      element: null,
    },
    existingId: null,
    mayHaveCommitted: false,
  };
}
