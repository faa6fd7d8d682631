import type { EntityName } from './entities.ts';
import { refuse } from './fault-bodies.ts';
import { isObject, listOf, type JsonObject } from './json.ts';

/** Fields from Intuit's XSD as quickbooks.md §7.1 names them, and those of the recorded bodies. */
const base = 'Id SyncToken MetaData CustomField domain status sparse NameAndId AttachableRef';
const transaction = `${base} DocNumber TxnDate DepartmentRef CurrencyRef ExchangeRate PrivateNote TxnStatus LinkedTxn Line TxnTaxDetail TxnSource TaxFormType TaxFormNum TransactionLocationType Tag TxnApprovalInfo RecurDataRef RecurringInfo ProjectRef HomeTotalAmt`;
const sales = `${transaction} AutoDocNumber CustomerRef CustomerMemo BillAddr ShipAddr ShipFromAddr RemitToRef FreeFormAddress ClassRef SalesTermRef DueDate SalesRepRef PONumber FOB ShipMethodRef ShipDate TrackingNum GlobalTaxCalculation TotalAmt ApplyTaxAfterDiscount TemplateRef PrintStatus EmailStatus BillEmail BillEmailCc BillEmailBcc ARAccountRef Balance HomeBalance FinanceCharge PaymentMethodRef PaymentRefNum PaymentType DepositToAccountRef DeliveryInfo DiscountRate DiscountAmt GovtTxnRefIdentifier TaxExemptionRef`;
const person = `${base} IntuitId Organization Title GivenName MiddleName FamilyName Suffix FullyQualifiedName CompanyName DisplayName PrintOnCheckName UserId Active V4IDPseudonym PrimaryPhone AlternatePhone Mobile Fax PrimaryEmailAddr WebAddr OtherContactInfo DefaultTaxCodeRef TaxIdentifier BusinessNumber`;
const named = `${base} Name Active FullyQualifiedName Description ParentRef SubItem Level`;

const fieldsByEntity: Partial<Record<EntityName, string>> = {
  Invoice: `${sales} Deposit AllowIPNPayment AllowOnlinePayment AllowOnlineCreditCardPayment AllowOnlineACHPayment AllowOnlinePayPalPayment AllowOnlineAffirmPayment EInvoiceStatus ECloudStatusTimeStamp invoiceStatus invoiceStatusLog callToAction InvoiceEx InvoiceLink LessCIS PaymentDetailsMessage ConvenienceFeeDetail TxnRetainageDetail`,
  CreditMemo: `${sales} RemainingCredit InvoiceRef CreditMemoEx`,
  SalesReceipt: `${sales} CreditCardPayment CheckPayment`,
  RefundReceipt: `${sales} CreditCardPayment CheckPayment`,
  Estimate: `${sales} ExpirationDate AcceptedBy AcceptedDate EstimateEx`,
  Payment: `${transaction} CustomerRef RemitToRef ARAccountRef DepositToAccountRef PaymentMethodRef PaymentRefNum CreditCardPayment CheckPayment PaymentType TotalAmt UnappliedAmt ProcessPayment PaymentEx TaxExemptionRef`,
  Deposit: `${transaction} DepositToAccountRef CashBack TotalAmt GlobalTaxCalculation DepositEx`,
  Customer: `${person} Taxable BillAddr ShipAddr OtherAddr ContactName AltContactName Notes Job BillWithParent RootCustomerRef ParentRef Level CustomerTypeRef SalesTermRef SalesRepRef TaxGroupCodeRef TaxRateRef PaymentMethodRef CCDetail PriceLevelRef Balance OpenBalanceDate BalanceWithJobs CreditLimit AcctNum CurrencyRef OverDueBalance TotalRevenue TotalExpense PreferredDeliveryMethod ResaleNum JobInfo CustomerEx ARAccountRef PrimaryTaxIdentifier TaxExemptionReasonId IsProject ClientEntityId Source GSTIN GSTRegistrationType`,
  Vendor: `${person} ContactName AltContactName Notes BillAddr ShipAddr OtherAddr TaxCountry TermRef PrefillAccountRef Balance OpenBalanceDate CreditLimit AcctNum Vendor1099 T4AEligible T5018Eligible CurrencyRef APAccountRef VendorEx BillRate CostRate VendorPaymentBankDetail Source GSTIN GSTRegistrationType HasTPAR TaxReportingBasis VendorType`,
  Employee: `${person} EmployeeType EmployeeNumber SSN PrimaryAddr OtherAddr BillableTime BillRate BirthDate Gender HiredDate ReleasedDate UseTimeEntry EmployeeEx CostRate`,
  Item: `${named} Sku Taxable SalesTaxIncluded PercentBased UnitPrice RatePercent Type PaymentMethodRef UOMSetRef IncomeAccountRef PurchaseDesc PurchaseTaxIncluded PurchaseCost ExpenseAccountRef COGSAccountRef AssetAccountRef PrefVendorRef AvgCost TrackQtyOnHand QtyOnHand QtyOnPurchaseOrder QtyOnSalesOrder ReorderPoint ManPartNum DepositToAccountRef SalesTaxCodeRef PurchaseTaxCodeRef InvStartDate BuildPoint PrintGroupedItems SpecialItem SpecialItemType ItemGroupDetail ItemAssemblyDetail AbatementRate ReverseChargeRate ServiceType ItemCategoryType ItemEx TaxClassificationRef UQCDisplayText UQCId ClassRef Source DeferredRevenue`,
  Account: `${named} SubAccount Classification AccountType AccountSubType AcctNum AcctNumExtn BankNum OpeningBalance OpeningBalanceDate CurrentBalance CurrentBalanceWithSubAccounts CurrencyRef TaxAccount TaxCodeRef OnlineBankingEnabled FIName JournalCodeRef AccountEx AccountAlias TxnLocationType`,
  Term: `${base} Name Active Type DiscountPercent DiscountDays DueDays DayOfMonthDue DueNextMonthDays DiscountDayOfMonth SalesTermEx`,
  PaymentMethod: `${base} Name Active Type PaymentMethodEx`,
  Class: `${named} SubClass ClassEx`,
  Department: `${named} SubDepartment Address`,
};

const lineFields =
  'Id LineNum Description Amount Received LinkedTxn DetailType CustomField LineEx CustomExtensions ProjectRef CostAmount HomeCostAmount Tag PaymentLineDetail DiscountLineDetail TaxLineDetail SalesItemLineDetail DescriptionLineDetail DescriptionOnlyLineDetail ItemBasedExpenseLineDetail AccountBasedExpenseLineDetail DepositLineDetail PurchaseOrderItemLineDetail SalesOrderItemLineDetail ItemReceiptLineDetail JournalEntryLineDetail GroupLineDetail SubTotalLineDetail TDSLineDetail ItemAdjustmentLineDetail';
const itemFields =
  'ItemRef ClassRef UnitPrice RatePercent PriceLevelRef MarkupInfo Qty UOMRef ItemAccountRef InventorySiteRef TaxCodeRef TaxClassificationRef DeferredRevenue ServiceDate TaxInclusiveAmt DiscountRate DiscountAmt SalesItemLineDetailEx';
const detailFields: Readonly<Record<string, string>> = {
  SalesItemLineDetail: itemFields,
  DiscountLineDetail:
    'ServiceDate ClassRef TaxCodeRef Discount DiscountRef PercentBased DiscountPercent DiscountAccountRef DiscountLineDetailEx',
  DescriptionLineDetail: 'ServiceDate TaxCodeRef DescriptionLineDetailEx',
  SubTotalLineDetail: `${itemFields} SubtotalLineDetailEx`,
  GroupLineDetail: 'GroupItemRef Quantity UOMRef ServiceDate Line GroupLineDetailEx',
};
const taxDetailFields =
  'DefaultTaxCodeRef TxnTaxCodeRef TotalTax TaxLine TaxReviewStatus UseAutomatedSalesTax TxnTaxDetailEx';

const setsByText = new Map<string, ReadonlySet<string>>();

function setOf(text: string): ReadonlySet<string> {
  const known = setsByText.get(text) ?? new Set(text.split(' '));
  setsByText.set(text, known);
  return known;
}

/** The fields an entity is known to have; undefined for entities the simulator keeps without looking inside. */
export function knownFieldsOf(entity: EntityName): ReadonlySet<string> | undefined {
  const fields = fieldsByEntity[entity];
  return fields === undefined ? undefined : setOf(fields);
}

/** Refuses a body with a field Intuit's schema does not have (2010, quickbooks.md §4.2). */
export function requireKnownFields(entity: EntityName, body: JsonObject): void {
  const fields = fieldsByEntity[entity];
  if (fields === undefined) return;
  requireFields(entity, body, setOf(fields));
  requireKnownLineFields(body);

  const taxDetail = body['TxnTaxDetail'];
  if (isObject(taxDetail)) requireFields('TxnTaxDetail', taxDetail, setOf(taxDetailFields));
}

function requireKnownLineFields(holder: JsonObject): void {
  for (const line of listOf(holder, 'Line')) {
    requireFields('Line', line, setOf(lineFields));
    for (const [name, fields] of Object.entries(detailFields)) {
      const detail = line[name];
      if (isObject(detail)) requireFields(name, detail, setOf(fields));
    }
    const group = line['GroupLineDetail'];
    if (isObject(group)) requireKnownLineFields(group);
  }
}

function requireFields(className: string, object: JsonObject, known: ReadonlySet<string>): void {
  const stranger = Object.keys(object).find((key) => !known.has(key));
  if (stranger === undefined) return;
  const names = [...known].map((name) => `"${name}"`).join(', ');
  const list = names.length > 1_000 ? `${names.slice(0, 1_000)} [truncated]` : names;
  refuse(
    '2010',
    `Property Name:Unrecognized field "${stranger}" (class com.intuit.schema.finance.v3.${className}), not marked as ignorable (${known.size} known properties: ${list}])\n specified is unsupported or invalid`,
  );
}
