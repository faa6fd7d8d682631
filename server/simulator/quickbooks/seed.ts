import { demoCustomers } from '../demo/customers.ts';
import {
  demoCompany,
  demoIncomeAccounts,
  demoItems,
  demoPaymentMethods,
  demoTaxCodes,
  demoTerms,
  type DemoCustomer,
} from '../demo/small-business.ts';
import type { CompanyObjects } from './company-load.ts';
import { toCurrencyReference } from './company-settings.ts';
import { compact, textOf, type Json, type JsonObject } from './json.ts';
import { toPacificSeconds } from './pacific-time.ts';

const dayMs = 86_400_000;
const companyAgeDays = 800;

/** The master data of the demo company as QuickBooks objects, made some time before the given day. */
export function demoMasters(nowMs: number): CompanyObjects {
  const bornMs = Math.floor(nowMs / dayMs) * dayMs - companyAgeDays * dayMs;
  const born = (object: JsonObject): JsonObject => ({
    ...object,
    domain: 'QBO',
    sparse: false,
    SyncToken: '0',
    MetaData: { CreateTime: toPacificSeconds(bornMs), LastUpdatedTime: toPacificSeconds(bornMs) },
  });
  const accounts = demoAccounts();
  const taxes = demoTaxes();
  return {
    CompanyInfo: [born(companyInfo())],
    Preferences: [born(preferences(accounts))],
    Account: accounts.map(born),
    Term: demoTerms.map((term, index) =>
      born({
        Name: term.name,
        Active: true,
        Type: 'STANDARD',
        DueDays: term.dueDays,
        DiscountDays: 0,
        Id: String(index + 1),
      }),
    ),
    PaymentMethod: demoPaymentMethods.map((method, index) =>
      born({
        Name: method.name,
        Active: true,
        Type: method.creditCard ? 'CREDIT_CARD' : 'NON_CREDIT_CARD',
        Id: String(index + 1),
      }),
    ),
    TaxAgency: [
      born({
        TaxTrackedOnPurchases: false,
        TaxTrackedOnSales: true,
        DisplayName: 'California Department of Tax and Fee Administration',
        Id: '1',
      }),
    ],
    TaxRate: taxes.rates.map(born),
    TaxCode: taxes.codes.map(born),
    Customer: demoCustomerObjects().map(born),
    Item: demoItemObjects(accounts).map(born),
  };
}

function companyInfo(): JsonObject {
  const { address } = demoCompany;
  const lines = {
    Id: '1',
    Line1: address.line1,
    City: address.city,
    Country: 'US',
    CountrySubDivisionCode: address.region,
    PostalCode: address.postalCode,
  };
  return {
    CompanyName: demoCompany.name,
    LegalName: demoCompany.legalName,
    CompanyAddr: lines,
    CustomerCommunicationAddr: lines,
    LegalAddr: lines,
    PrimaryPhone: { FreeFormNumber: demoCompany.phone },
    CompanyStartDate: '2019-03-01',
    FiscalYearStartMonth: 'January',
    Country: 'US',
    Email: { Address: demoCompany.email },
    WebAddr: {},
    SupportedLanguages: 'en',
    NameValue: [
      { Name: 'NeoEnabled', Value: 'true' },
      { Name: 'SubscriptionStatus', Value: 'SUBSCRIBED' },
    ],
    Id: '1',
  };
}

function preferences(accounts: readonly JsonObject[]): JsonObject {
  const discounts = accounts.find(
    (account) => account['AccountSubType'] === 'DiscountsRefundsGiven',
  );
  return {
    AccountingInfoPrefs: {
      TrackDepartments: false,
      ClassTrackingPerTxn: false,
      ClassTrackingPerTxnLine: false,
      CustomerTerminology: 'Customers',
    },
    ProductAndServicesPrefs: {
      ForSales: true,
      ForPurchase: true,
      QuantityWithPriceAndRate: true,
      QuantityOnHand: true,
    },
    SalesFormsPrefs: {
      CustomField: [
        {
          CustomField: [
            { Name: 'SalesFormsPrefs.UseSalesCustom1', Type: 'BooleanType', BooleanValue: true },
          ],
        },
        {
          CustomField: [
            {
              Name: 'SalesFormsPrefs.SalesCustomName1',
              Type: 'StringType',
              StringValue: 'Purchase Order',
            },
          ],
        },
      ],
      CustomTxnNumbers: false,
      AllowDeposit: false,
      AllowDiscount: true,
      DefaultDiscountAccount: textOf(discounts, 'Id') ?? '',
      AutoApplyCredit: false,
      AutoApplyPayments: false,
      DefaultTerms: { value: '3' },
    },
    TaxPrefs: { UsingSalesTax: true, PartnerTaxEnabled: false, TaxGroupCodeRef: { value: '1' } },
    CurrencyPrefs: { MultiCurrencyEnabled: false, HomeCurrency: { value: demoCompany.currency } },
    ReportPrefs: { ReportBasis: 'Accrual', CalcAgingReportFromTxnDate: false },
    OtherPrefs: { NameValue: [{ Name: 'SalesFormsPrefs.DefaultItem', Value: '1' }] },
    Id: '1',
  };
}

function demoAccounts(): readonly JsonObject[] {
  const income = demoIncomeAccounts.map((name) => [
    name,
    'Income',
    'SalesOfProductIncome',
    'Revenue',
  ]);
  const rows = [
    ...income,
    ['Checking', 'Bank', 'Checking', 'Asset'],
    ['Undeposited Funds', 'Other Current Asset', 'UndepositedFunds', 'Asset'],
    ['Accounts Receivable (A/R)', 'Accounts Receivable', 'AccountsReceivable', 'Asset'],
    ['Discounts given', 'Income', 'DiscountsRefundsGiven', 'Revenue'],
    [
      'California Department of Tax Payable',
      'Other Current Liability',
      'SalesTaxPayable',
      'Liability',
    ],
  ];
  return rows.map(([name = '', type = '', subType = '', classification = ''], index) => ({
    Name: name,
    SubAccount: false,
    FullyQualifiedName: name,
    Active: true,
    Classification: classification,
    AccountType: type,
    AccountSubType: subType,
    CurrentBalance: 0,
    CurrentBalanceWithSubAccounts: 0,
    CurrencyRef: toCurrencyReference(demoCompany.currency),
    Id: String(index + 1),
  }));
}

function demoTaxes(): {
  readonly rates: readonly JsonObject[];
  readonly codes: readonly JsonObject[];
} {
  const rates = demoTaxCodes
    .flatMap((code) => code.rates)
    .map((rate, index) => ({
      Name: rate.name,
      Description: 'Sales Tax',
      Active: true,
      RateValue: Number(rate.percent),
      AgencyRef: { value: '1' },
      SpecialTaxType: 'NONE',
      DisplayType: 'ReadOnly',
      Id: String(index + 1),
    }));
  const codes = demoTaxCodes.map((code, index) => ({
    Name: code.name,
    Description: code.description,
    Active: true,
    Taxable: true,
    TaxGroup: true,
    SalesTaxRateList: {
      TaxRateDetail: code.rates.map(({ name }): Json => ({
        TaxRateRef: { value: rates.find((rate) => rate.Name === name)?.Id ?? '', name },
        TaxTypeApplicable: 'TaxOnAmount',
        TaxOrder: 0,
      })),
    },
    PurchaseTaxRateList: { TaxRateDetail: [] },
    Id: String(index + 1),
  }));
  return { rates, codes };
}

function demoCustomerObjects(): readonly JsonObject[] {
  const known = demoCustomers.filter((customer) => customer.where === 'both');
  const idOf = (key: string | null): string | undefined => {
    const index = known.findIndex((customer) => customer.key === key);
    return index < 0 ? undefined : String(index + 1);
  };
  return known.map((customer, index) => {
    const parent = known.find((other) => other.key === customer.parentKey);
    const name = customer.displayName;
    return compact({
      Taxable: customer.taxable,
      BillAddr: addressOf(customer, index),
      ShipAddr: addressOf(customer, index),
      Job: parent !== undefined,
      BillWithParent: false,
      ParentRef: parent === undefined ? undefined : { value: idOf(parent.key) ?? '' },
      Level: parent === undefined ? undefined : 1,
      Balance: 0,
      BalanceWithJobs: 0,
      CurrencyRef: toCurrencyReference(demoCompany.currency),
      PreferredDeliveryMethod: 'Print',
      IsProject: false,
      ClientEntityId: '0',
      Id: String(index + 1),
      GivenName: customer.givenName,
      FamilyName: customer.familyName,
      FullyQualifiedName: parent === undefined ? name : `${parent.displayName}:${name}`,
      CompanyName: name,
      DisplayName: name,
      PrintOnCheckName: name,
      Active: true,
      PrimaryPhone: { FreeFormNumber: customer.phone },
      PrimaryEmailAddr: { Address: customer.email },
      SalesTermRef: {
        value: String(demoTerms.findIndex(({ name: term }) => term === customer.terms) + 1),
      },
    });
  });
}

/** Billing and shipping address of a customer share one Id (quickbooks.md §2.4). */
function addressOf({ address }: DemoCustomer, index: number): JsonObject {
  return {
    Id: String(index + 2),
    Line1: address.line1,
    City: address.city,
    CountrySubDivisionCode: address.region,
    PostalCode: address.postalCode,
  };
}

function demoItemObjects(accounts: readonly JsonObject[]): readonly JsonObject[] {
  const known = demoItems.filter((item) => item.where === 'both');
  return known.map((item, index) => {
    const account = accounts.find((candidate) => candidate['Name'] === item.incomeAccount);
    return {
      Name: item.name,
      Sku: item.sku,
      Description: item.description,
      Active: true,
      FullyQualifiedName: item.name,
      Taxable: item.taxable,
      UnitPrice: Number(item.unitPrice),
      Type: item.kind === 'service' ? 'Service' : 'NonInventory',
      IncomeAccountRef: { value: textOf(account, 'Id') ?? '', name: item.incomeAccount },
      PurchaseCost: 0,
      TrackQtyOnHand: false,
      Id: String(index + 1),
    };
  });
}
