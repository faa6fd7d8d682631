import type { JsonObject } from '#core/json.ts';
import type { Masters } from './recorded-company.ts';
import { soldLines, type RecordedReference, type RecordedSale, type ShownInvoice } from './wire.ts';

/** What every record carries. */
const frame = {
  domain: 'QBO',
  sparse: false,
  SyncToken: '0',
  MetaData: {
    CreateTime: '2015-06-08T13:00:00-07:00',
    LastUpdatedTime: '2015-06-08T13:00:00-07:00',
  },
};

/** Settings that the invoices of a company betray, for companies whose settings were not recorded. */
export function madeSettings(name: string, invoices: readonly ShownInvoice[]): Masters {
  const currency = homeCurrencyOf(invoices);
  const isAbroad = invoices.some((invoice) => invoice.GlobalTaxCalculation !== undefined);
  const hasSeveral = invoices.some((invoice) => invoice.ExchangeRate !== undefined);
  const isNumberedByHand = invoices.some((invoice) => invoice.DocNumber === undefined);
  return {
    CompanyInfo: [
      { ...frame, Id: '1', CompanyName: name, Country: isAbroad ? currency.slice(0, 2) : 'US' },
    ],
    Preferences: [
      {
        ...frame,
        Id: '1',
        AccountingInfoPrefs: {},
        SalesFormsPrefs: { CustomTxnNumbers: isNumberedByHand, AllowDiscount: true },
        TaxPrefs: { UsingSalesTax: true, PartnerTaxEnabled: false },
        CurrencyPrefs: { MultiCurrencyEnabled: hasSeveral, HomeCurrency: { value: currency } },
      },
    ],
  };
}

/** The currency that needs no rate, or whose rate is 1 (quickbooks.md §7.5). */
export function homeCurrencyOf(invoices: readonly ShownInvoice[]): string {
  const atPar = invoices.filter(({ ExchangeRate }) => (ExchangeRate ?? '1') === '1');
  return atPar.flatMap(({ CurrencyRef }) => CurrencyRef?.value ?? [])[0] ?? 'USD';
}

/** The masters with a record for every reference of the invoices that has none, made from what the reference says. */
export function madeMasters(masters: Masters, invoices: readonly ShownInvoice[]): Masters {
  const made: Record<string, readonly JsonObject[]> = { ...masters };
  for (const [entity, records] of Object.entries(wantedRecords(invoices))) {
    const known = made[entity] ?? [];
    const ids = new Set(known.map((record) => record['Id']));
    const missing = records.filter((record) => !ids.has(record['Id'] ?? null));
    made[entity] = [...known, ...onePerId(missing).map((record) => ({ ...frame, ...record }))];
  }
  return made;
}

function onePerId(records: readonly JsonObject[]): readonly JsonObject[] {
  return [...Map.groupBy(records, (record) => record['Id']).values()].flatMap(([first]) =>
    first === undefined ? [] : [first],
  );
}

function wantedRecords(invoices: readonly ShownInvoice[]): Masters {
  const sales = invoices
    .flatMap(soldLines)
    .flatMap(({ SalesItemLineDetail: sale }): readonly RecordedSale[] =>
      sale === undefined ? [] : [sale],
    );
  const discounts = invoices.flatMap(({ Line }) =>
    Line.flatMap(({ DiscountLineDetail }) => DiscountLineDetail?.DiscountAccountRef ?? []),
  );
  const accounts = [...sales.flatMap(({ ItemAccountRef }) => ItemAccountRef ?? []), ...discounts];
  return {
    Customer: invoices.map(customerOf),
    Account: accounts.map(accountOf),
    Item: sales.flatMap(({ ItemRef, ItemAccountRef }) =>
      ItemRef === undefined ? [] : [itemOf(ItemRef, ItemAccountRef)],
    ),
    Term: invoices.flatMap(termOf),
    TaxRate: invoices.flatMap(taxRatesOf),
    TaxCode: invoices.flatMap(taxCodesOf),
  };
}

function nameOf({ value, name }: RecordedReference): string {
  if (name === undefined) throw new Error(`the reference to ${value} has no name`);
  return name;
}

const leafOf = (name: string): string => name.slice(name.lastIndexOf(':') + 1);

function customerOf({ CustomerRef, CurrencyRef }: ShownInvoice): JsonObject {
  const name = nameOf(CustomerRef);
  const currency = CurrencyRef === undefined ? {} : { CurrencyRef: { value: CurrencyRef.value } };
  return {
    Id: CustomerRef.value,
    DisplayName: leafOf(name),
    FullyQualifiedName: name,
    Active: true,
    ...currency,
  };
}

const accountOf = (account: RecordedReference): JsonObject => ({
  Id: account.value,
  Name: leafOf(nameOf(account)),
  FullyQualifiedName: nameOf(account),
  Active: true,
  AccountType: 'Income',
});

/** The name of an item in a category is its whole path. */
function itemOf(item: RecordedReference, account: RecordedReference | undefined): JsonObject {
  const income =
    account === undefined
      ? {}
      : { IncomeAccountRef: { value: account.value, name: nameOf(account) } };
  return {
    Id: item.value,
    Name: leafOf(nameOf(item)),
    FullyQualifiedName: nameOf(item),
    Active: true,
    Type: 'Service',
    ...income,
  };
}

const dayMs = 86_400_000;

/** Terms without a name are named after the days they gave. */
function termOf({ SalesTermRef, TxnDate, DueDate }: ShownInvoice): readonly JsonObject[] {
  if (SalesTermRef === undefined) return [];
  const days = (Date.parse(DueDate ?? TxnDate) - Date.parse(TxnDate)) / dayMs;
  const Name = SalesTermRef.name ?? `Net ${days}`;
  return [{ Id: SalesTermRef.value, Name, Active: true, Type: 'STANDARD', DueDays: days }];
}

function taxRatesOf({ TxnTaxDetail }: ShownInvoice): readonly JsonObject[] {
  return (TxnTaxDetail?.TaxLine ?? []).map(({ TaxLineDetail: { TaxRateRef, TaxPercent } }) => ({
    Id: TaxRateRef.value,
    Name: `Rate ${TaxRateRef.value}`,
    Active: true,
    RateValue: Number(TaxPercent),
  }));
}

/** A code charges the rates that invoices of that code alone show. */
function taxCodesOf(invoice: ShownInvoice): readonly JsonObject[] {
  const { TxnTaxDetail } = invoice;
  const codes = new Set(
    TxnTaxDetail?.TxnTaxCodeRef === undefined
      ? soldLines(invoice).flatMap((line) => line.SalesItemLineDetail?.TaxCodeRef?.value ?? [])
      : [TxnTaxDetail.TxnTaxCodeRef.value],
  );
  const [code, ...others] = [...codes].filter((id) => id !== 'TAX' && id !== 'NON');
  if (code === undefined) return [];
  if (others.length > 0) throw new Error(`invoice ${invoice.Id} has several tax codes`);
  const rates = (TxnTaxDetail?.TaxLine ?? []).map(({ TaxLineDetail }) => ({
    TaxRateRef: { value: TaxLineDetail.TaxRateRef.value },
  }));
  const SalesTaxRateList = { TaxRateDetail: rates };
  return [{ Id: code, Name: `Code ${code}`, Active: true, Taxable: true, SalesTaxRateList }];
}
