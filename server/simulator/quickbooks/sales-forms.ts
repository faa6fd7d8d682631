import type { ChangeSet } from './change-set.ts';
import {
  customFieldSkeletons,
  hasMultiCurrency,
  homeCurrency,
  isUsCompany,
  shipFromLines,
  toCurrencyReference,
} from './company-settings.ts';
import type { EntityName } from './entities.ts';
import { missing, QuickBooksFault, refuse } from './fault-bodies.ts';
import { requireSoundFields } from './field-rules.ts';
import {
  compact,
  isList,
  listOf,
  objectOf,
  referenceOf,
  textOf,
  without,
  type Json,
  type JsonObject,
} from './json.ts';
import { discountOf, settleLines, subtotalOf } from './lines.ts';
import { Decimal, toCents, toDecimal } from './money.ts';
import { settleNumber } from './numbering.ts';
import { addDays } from './pacific-time.ts';
import {
  nextAddressId,
  resolve,
  resolveRequired,
  settleAddress,
  toReference,
  type Resolved,
} from './references.ts';
import { settleTax } from './tax.ts';

export type FormWish = {
  readonly entity: EntityName;
  /** The fields that hold from now on: of the request alone, or laid over the form when the update is sparse. */
  readonly body: JsonObject;
  /** The request as sent, to tell a stated tax from a kept one. */
  readonly sent: JsonObject;
  readonly earlier: JsonObject | undefined;
  readonly allowDuplicateNumber: boolean;
};

/** Made by QuickBooks, whatever is sent. */
const computedFields = [
  'Id',
  'SyncToken',
  'MetaData',
  'domain',
  'sparse',
  'status',
  'AutoDocNumber',
  'Balance',
  'HomeBalance',
  'InvoiceLink',
  'LinkedTxn',
  'NameAndId',
  'RemainingCredit',
  'TotalAmt',
  'HomeTotalAmt',
  'invoiceStatus',
  'invoiceStatusLog',
];

/** The order of fields in recorded answers. */
const fieldOrder =
  'AllowIPNPayment AllowOnlinePayment AllowOnlineCreditCardPayment AllowOnlineACHPayment RemainingCredit domain sparse Id SyncToken MetaData CustomField DocNumber TxnDate DepartmentRef CurrencyRef ExchangeRate PrivateNote TxnStatus LinkedTxn Line TxnTaxDetail RecurDataRef ProjectRef CustomerRef CustomerMemo BillAddr ShipAddr FreeFormAddress ShipFromAddr ClassRef SalesTermRef DueDate GlobalTaxCalculation TotalAmt HomeTotalAmt ApplyTaxAfterDiscount PrintStatus EmailStatus BillEmail Balance HomeBalance DeliveryInfo'.split(
    ' ',
  );

/** A sales form with all its money computed anew; Balance and links are the caller's. */
export function settleForm(
  change: ChangeSet,
  wish: FormWish,
): { form: JsonObject; total: Decimal } {
  const { entity, body, earlier } = wish;
  requireSoundFields(change, wish.sent);
  const customer = customerOf(change, wish);
  const id = textOf(earlier, 'Id') ?? change.nextId(entity);
  const date =
    textOf(body, 'TxnDate')?.slice(0, 10) || (textOf(earlier, 'TxnDate') ?? change.today);
  const currency = settleCurrency(change, { body, earlier, customer, date });
  const money = settleMoney(change, wish, currency.rate);

  const form = compact({
    ...carried(body),
    domain: 'QBO',
    sparse: false,
    Id: id,
    SyncToken: textOf(earlier, 'SyncToken') ?? '0',
    MetaData: earlier?.['MetaData'] ?? {},
    CustomField: settleCustomFields(change, body, earlier),
    DocNumber: settleNumber(change, entity, {
      body: wish.sent,
      earlier,
      id,
      allowDuplicate: wish.allowDuplicateNumber,
    }),
    TxnDate: date,
    ...currency.fields,
    CustomerRef: customer === undefined ? undefined : toReference('Customer', customer.object),
    ...settleTerms(change, entity, body, date),
    ...settleAddresses(change, { wish, customer: customer?.object }),
    ...money.fields,
    RecurDataRef: earlier?.['RecurDataRef'],
    PrintStatus: body['PrintStatus'] ?? earlier?.['PrintStatus'] ?? 'NeedToPrint',
    EmailStatus: body['EmailStatus'] ?? earlier?.['EmailStatus'] ?? 'NotSet',
    DeliveryInfo: settleDelivery(body, earlier),
  });
  return { form: inOrder(form), total: money.total };
}

function carried(body: JsonObject): JsonObject {
  const kept: Record<string, Json> = {};
  for (const [key, value] of Object.entries(without(body, ...computedFields))) {
    if (value !== null && value !== '') kept[key] = value;
  }
  return kept;
}

function customerOf(change: ChangeSet, { entity, body }: FormWish): Resolved | undefined {
  const isOptional = entity === 'SalesReceipt' || entity === 'RefundReceipt';
  if (isOptional) return resolve(change, body, 'CustomerRef', 'Customer');
  return resolveRequired(change, body, 'CustomerRef', 'Customer');
}

export type CurrencyWish = {
  readonly body: JsonObject;
  readonly earlier: JsonObject | undefined;
  readonly customer: Resolved | undefined;
  readonly date: string;
};

/** A customer has one currency, and a form must be in it (quickbooks.md §7.5). */
export function settleCurrency(
  change: ChangeSet,
  { body, earlier, customer, date }: CurrencyWish,
): { readonly fields: JsonObject; readonly rate: Decimal | undefined } {
  const home = homeCurrency(change);
  const own =
    referenceOf(customer?.object, 'CurrencyRef') ?? referenceOf(earlier, 'CurrencyRef') ?? home;
  const sent = referenceOf(body, 'CurrencyRef') ?? own;
  if (sent !== own) {
    const detail = `Business Validation Error: The currency of the transaction (${sent}) differs from the currency of the customer (${own}).`;
    throw new QuickBooksFault(change.behaviour.currencyMismatchCode, detail, '');
  }

  const reference = toCurrencyReference(own);
  if (!hasMultiCurrency(change)) return { fields: { CurrencyRef: reference }, rate: undefined };
  const rate = own === home ? new Decimal(1) : exchangeRate(change, { body, currency: own, date });
  return { fields: { CurrencyRef: reference, ExchangeRate: rate.toNumber() }, rate };
}

/** The sender's rate, else the market's of the day as far as the company knows it (quickbooks.md §7.5). */
function exchangeRate(
  change: ChangeSet,
  { body, currency, date }: { body: JsonObject; currency: string; date: string },
): Decimal {
  const sent = toDecimal(body['ExchangeRate']);
  if (sent !== undefined && sent.greaterThan(0)) return sent;
  const known = change
    .all('ExchangeRate')
    .filter((rate) => textOf(rate, 'SourceCurrencyCode') === currency)
    .filter((rate) => (textOf(rate, 'AsOfDate') ?? '') <= date)
    .sort((one, other) =>
      (textOf(one, 'AsOfDate') ?? '') < (textOf(other, 'AsOfDate') ?? '') ? -1 : 1,
    );
  return toDecimal(known.at(-1)?.['Rate']) ?? new Decimal(1);
}

/** Lines, tax and totals: recalculated whatever is sent (quickbooks.md §7.1). */
function settleMoney(
  change: ChangeSet,
  { body, sent, earlier }: FormWish,
  rate: Decimal | undefined,
): { fields: JsonObject; total: Decimal } {
  const wantedLines = listOf(body, 'Line');
  if (!isList(body['Line']) || wantedLines.length === 0) throw missing('Line');

  const isUs = isUsCompany(change);
  const calculation = isUs ? undefined : (textOf(body, 'GlobalTaxCalculation') ?? 'TaxExcluded');
  const isTaxAfterDiscount = body['ApplyTaxAfterDiscount'] === true;
  const settled = settleLines(change, wantedLines, listOf(earlier, 'Line'));
  const { lines, detail, totalTax } = settleTax(change, {
    lines: settled,
    sent: objectOf(sent, 'TxnTaxDetail'),
    earlier: objectOf(earlier, 'TxnTaxDetail'),
    calculation,
    isTaxAfterDiscount,
  });
  const total = subtotalOf(lines).minus(discountOf(lines)).plus(totalTax);
  if (total.isNegative()) {
    refuse('6000', 'Business Validation Error: Transaction amount must be 0 or greater.', '');
  }
  const fields = compact({
    Line: lines,
    TxnTaxDetail: detail,
    GlobalTaxCalculation: calculation,
    TotalAmt: total.toNumber(),
    HomeTotalAmt: rate === undefined ? undefined : toCents(total.times(rate)).toNumber(),
    ApplyTaxAfterDiscount: isUs ? isTaxAfterDiscount : undefined,
  });
  return { fields, total };
}

/** The due date follows the terms; without terms it is 30 days away (recorded, quickbooks.md §2.4). */
function settleTerms(
  change: ChangeSet,
  entity: EntityName,
  body: JsonObject,
  date: string,
): JsonObject {
  if (entity !== 'Invoice') return {};
  const term = resolve(change, body, 'SalesTermRef', 'Term')?.object;
  const days = Number(term?.['DueDays'] ?? 30);
  const sent = textOf(body, 'DueDate')?.slice(0, 10);
  return compact({
    SalesTermRef: term === undefined ? undefined : toReference('Term', term),
    DueDate: sent === undefined || sent === '' ? addDays(date, days) : sent,
  });
}

type AddressWish = {
  readonly wish: FormWish;
  readonly customer: JsonObject | undefined;
};

/** Addresses not sent are the customer's own, with their Id (quickbooks.md §2.4). */
function settleAddresses(change: ChangeSet, { wish, customer }: AddressWish): JsonObject {
  const { body, earlier } = wish;
  const settle = (field: 'BillAddr' | 'ShipAddr'): JsonObject | undefined =>
    settleAddress(
      change,
      objectOf(body, field),
      objectOf(earlier, field) ?? objectOf(customer, field),
    ) ?? objectOf(customer, field);
  const sentFrom = settleAddress(
    change,
    objectOf(body, 'ShipFromAddr'),
    objectOf(earlier, 'ShipFromAddr'),
  );
  return compact({
    BillAddr: settle('BillAddr'),
    ShipAddr: settle('ShipAddr'),
    FreeFormAddress:
      body['FreeFormAddress'] ?? (earlier === undefined ? true : earlier['FreeFormAddress']),
    ShipFromAddr: sentFrom ?? earlier?.['ShipFromAddr'] ?? companyAddress(change, earlier),
  });
}

/** New forms carry the company's address as the one they ship from (recorded from 2024 on). */
function companyAddress(
  change: ChangeSet,
  earlier: JsonObject | undefined,
): JsonObject | undefined {
  const lines = earlier === undefined ? shipFromLines(change) : undefined;
  return lines === undefined ? undefined : { Id: nextAddressId(change), ...lines };
}

/** Every form shows the company's custom fields, filled or not (quickbooks.md §2.4). */
function settleCustomFields(
  change: ChangeSet,
  body: JsonObject,
  earlier: JsonObject | undefined,
): Json {
  const sent =
    body['CustomField'] === undefined
      ? listOf(earlier, 'CustomField')
      : listOf(body, 'CustomField');
  const skeletons = customFieldSkeletons(change);
  const filled = skeletons.map((skeleton) => {
    const same = sent.find((field) => textOf(field, 'DefinitionId') === skeleton['DefinitionId']);
    return compact({ ...skeleton, StringValue: same?.['StringValue'] || undefined });
  });
  const defined = new Set(skeletons.map((skeleton) => skeleton['DefinitionId']));
  return [...filled, ...sent.filter((field) => !defined.has(textOf(field, 'DefinitionId') ?? ''))];
}

function settleDelivery(body: JsonObject, earlier: JsonObject | undefined): Json | undefined {
  const known = body['DeliveryInfo'] ?? earlier?.['DeliveryInfo'];
  return known ?? (body['EmailStatus'] === 'NeedToSend' ? { DeliveryType: 'Email' } : undefined);
}

/** The object with its fields in the recorded order; unknown ones last. */
export function inOrder(form: JsonObject): JsonObject {
  const known = fieldOrder.filter((field) => form[field] !== undefined);
  const ordered: Record<string, Json | undefined> = {};
  for (const field of known) ordered[field] = form[field];
  return compact({ ...ordered, ...without(form, ...known) });
}
