import { failed, succeeded, type CallOutcome } from '#core/attempt/failure.ts';
import { toCurrency } from '#core/brand.ts';
import type { QuickBooksFacts } from '#core/company/company.ts';
import type { CallOptions } from '#ports/accounting-system.ts';
import type { Caller } from './caller.ts';
import type { QuickBooksClient } from './client.ts';
import { unreadable } from './faults.ts';
import type { References } from './references.ts';
import { isPseudoTaxCode } from './tax.ts';
import {
  entityOf,
  parseCompanyInfo,
  parsePreferences,
  type WireCompanyInfo,
  type WirePreferences,
} from './wire.ts';

/** The reader of facts does not know the time. */
type Facts = Omit<QuickBooksFacts, 'readAt'>;

/** Reads what the company itself decides about how its documents are written. */
export async function readFacts(
  client: QuickBooksClient,
  call: Caller,
  references: References,
  realmId: string,
  options: CallOptions,
): Promise<CallOutcome<Facts>> {
  const info = await call('read', options, (token, left) =>
    client.read('CompanyInfo', realmId, token, left),
  );
  if (!info.ok) return info;
  const company = parseCompanyInfo(entityOf(info.value.body, 'CompanyInfo'));
  if (!company.ok) return failed(unreadable(info.value, 'read', company.problem));

  const settings = await call('read', options, (token, left) => client.preferences(token, left));
  if (!settings.ok) return settings;
  const preferences = parsePreferences(entityOf(settings.value.body, 'Preferences'));
  if (!preferences.ok) return failed(unreadable(settings.value, 'read', preferences.problem));

  const accounts = await references.find('INCOME_ACCOUNT', '', options);
  if (!accounts.ok) return accounts;
  const taxCodes = await references.find('TAX_CODE', '', options);
  if (!taxCodes.ok) return taxCodes;
  const real = taxCodes.value.filter((code) => code.active && !isPseudo(code.id));
  return succeeded(
    factsFrom(
      company.wire,
      preferences.wire,
      accounts.value.filter((account) => account.active).map((account) => account.id),
      real.map((code) => code.id),
    ),
  );
}

/** `CustomSalesTax` is the third code without a rate (recorded). */
const isPseudo = (id: string): boolean => isPseudoTaxCode(id) || id === 'CustomSalesTax';

/** Pure: recorded company and preferences to core's facts. */
function factsFrom(
  company: WireCompanyInfo,
  preferences: WirePreferences,
  incomeAccountIds: readonly string[],
  taxCodeIds: readonly string[],
): Facts {
  const country = company.Country ?? 'US';
  const usTax = country === 'US' || country === 'USA';
  const [onlyCode, ...otherCodes] = taxCodeIds;
  const said = preferences.TaxPrefs?.TaxGroupCodeRef?.value ?? null;
  return {
    companyName: company.CompanyName ?? company.LegalName ?? '',
    country,
    homeCurrency: toCurrency(preferences.CurrencyPrefs?.HomeCurrency?.value ?? 'USD'),
    multiCurrency: preferences.CurrencyPrefs?.MultiCurrencyEnabled === true,
    customNumbers: preferences.SalesFormsPrefs?.CustomTxnNumbers === true,
    usTax,
    automatedSalesTax: preferences.TaxPrefs?.PartnerTaxEnabled === true,
    defaultTaxCodeId: said ?? (otherCodes.length === 0 ? (onlyCode ?? null) : null),
    booksClosedThrough: preferences.AccountingInfoPrefs?.BookCloseDate ?? null,
    incomeAccountIds,
  };
}
