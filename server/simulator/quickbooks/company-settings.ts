import { isObject, listOf, objectOf, referenceOf, textOf, type JsonObject } from './json.ts';
import type { EntityName } from './entities.ts';

type Company = { single(entity: EntityName): JsonObject | undefined };

function preference(company: Company, group: string): JsonObject | undefined {
  return objectOf(company.single('Preferences'), group);
}

/** Sales tax works differently inside and outside the US (quickbooks.md §7.4). */
export function isUsCompany(company: Company): boolean {
  const country = textOf(company.single('CompanyInfo'), 'Country') ?? 'US';
  return country === 'US' || country === 'USA';
}

export function homeCurrency(company: Company): string {
  return referenceOf(preference(company, 'CurrencyPrefs'), 'HomeCurrency') ?? 'USD';
}

export function hasMultiCurrency(company: Company): boolean {
  return preference(company, 'CurrencyPrefs')?.['MultiCurrencyEnabled'] === true;
}

/** Automated sales tax (quickbooks.md §7.4). */
export function hasAutomatedSalesTax(company: Company): boolean {
  return preference(company, 'TaxPrefs')?.['PartnerTaxEnabled'] === true;
}

/** The tax code automated sales tax works with, or the one the company uses by default. */
export function companyTaxCode(company: Company): string | undefined {
  return referenceOf(preference(company, 'TaxPrefs'), 'TaxGroupCodeRef');
}

/** Whether numbers are the sender's own business (quickbooks.md §3). */
export function hasCustomNumbers(company: Company): boolean {
  return preference(company, 'SalesFormsPrefs')?.['CustomTxnNumbers'] === true;
}

/** Whether credits and payments are applied to new invoices unasked (quickbooks.md §7.6). */
export function appliesAutomatically(
  company: Company,
  what: 'AutoApplyCredit' | 'AutoApplyPayments',
): boolean {
  return preference(company, 'SalesFormsPrefs')?.[what] === true;
}

/** The last day of the closed books, if any (quickbooks.md §4.2). */
export function bookCloseDate(company: Company): string | undefined {
  return textOf(preference(company, 'AccountingInfoPrefs'), 'BookCloseDate');
}

export function discountAccount(company: Company): string | undefined {
  return textOf(preference(company, 'SalesFormsPrefs'), 'DefaultDiscountAccount');
}

/** The custom fields of sales forms that are switched on, as the skeleton every form carries (quickbooks.md §2.4). */
export function customFieldSkeletons(company: Company): readonly JsonObject[] {
  const groups = listOf(preference(company, 'SalesFormsPrefs'), 'CustomField');
  const settings = groups.flatMap((group) => listOf(group, 'CustomField'));
  return settings.flatMap((setting) => {
    const match = /UseSalesCustom(\d)$/.exec(textOf(setting, 'Name') ?? '');
    const position = match?.[1];
    if (position === undefined || setting['BooleanValue'] !== true) return [];
    const named = settings.find((other) =>
      textOf(other, 'Name')?.endsWith(`SalesCustomName${position}`),
    );
    const name = textOf(named, 'StringValue') ?? `Custom ${position}`;
    return [{ DefinitionId: position, Name: name, Type: 'StringType' }];
  });
}

const currencyNames: Readonly<Record<string, string>> = {
  AUD: 'Australian Dollar',
  CAD: 'Canadian Dollar',
  EUR: 'Euro',
  GBP: 'British Pound Sterling',
  USD: 'United States Dollar',
};

/** A currency reference as answers carry it. */
export function toCurrencyReference(code: string): JsonObject {
  return { value: code, name: currencyNames[code] ?? code };
}

/** The company's address in the two lines sales forms carry since 2024, for ShipFromAddr. */
export function shipFromLines(company: Company): JsonObject | undefined {
  const address = objectOf(company.single('CompanyInfo'), 'CompanyAddr');
  const line = textOf(address, 'Line1');
  if (!isObject(address) || line === undefined) return undefined;
  const region = textOf(address, 'CountrySubDivisionCode') ?? '';
  const place = `${textOf(address, 'City') ?? ''}, ${region}  ${textOf(address, 'PostalCode') ?? ''}`;
  return { Line1: line, Line2: place };
}
