import type { ChangeSet } from './change-set.ts';
import { discountAccount, isUsCompany } from './company-settings.ts';
import { missing, refuse } from './fault-bodies.ts';
import {
  compact,
  isObject,
  listOf,
  objectOf,
  referenceOf,
  textOf,
  without,
  type Json,
  type JsonObject,
} from './json.ts';
import { amountOf, Decimal, sumOf, toCents, toDecimal, toSevenDecimals, zero } from './money.ts';
import { resolve, toReference } from './references.ts';

const detailTypes = [
  'SalesItemLineDetail',
  'DiscountLineDetail',
  'SubTotalLineDetail',
  'DescriptionOnly',
  'GroupLineDetail',
];

const descriptionMax = 4_000;

/** The sum of what is sold, before discount and tax. */
export function subtotalOf(lines: readonly JsonObject[]): Decimal {
  return sumOf(lines.filter(isSold).map((line) => amountOf(line, 'Amount')));
}

/** True for lines that bring money in; a bundle counts through its own amount. */
export function isSold(line: JsonObject): boolean {
  const type = textOf(line, 'DetailType');
  return type === 'SalesItemLineDetail' || type === 'GroupLineDetail';
}

/** The lines whose tax code counts: items, also those inside bundles. */
export function itemLinesOf(lines: readonly JsonObject[]): readonly JsonObject[] {
  return lines.flatMap((line) => {
    if (textOf(line, 'DetailType') === 'GroupLineDetail') {
      return itemLinesOf(listOf(objectOf(line, 'GroupLineDetail'), 'Line'));
    }
    return textOf(line, 'DetailType') === 'SalesItemLineDetail' ? [line] : [];
  });
}

/**
 * The lines of a form as QuickBooks keeps them: a given set replaces the whole set; a known Id stays, any other line
 * gets a new one (quickbooks.md §2.5); a SubTotal line of its own making precedes the discount (§7.2).
 */
export function settleLines(
  change: ChangeSet,
  sent: readonly JsonObject[],
  earlier: readonly JsonObject[],
): readonly JsonObject[] {
  const numberer = new LineNumberer(earlier);
  const wanted = sent.filter((line) => textOf(line, 'DetailType') !== 'SubTotalLineDetail');
  const discounts = wanted.filter((line) => textOf(line, 'DetailType') === 'DiscountLineDetail');
  const others = wanted.filter((line) => !discounts.includes(line));

  const settled = others.map((line) => settleLine(change, line, numberer));
  const subtotal = subtotalOf(settled);
  return [
    ...settled,
    { Amount: subtotal.toNumber(), DetailType: 'SubTotalLineDetail', SubTotalLineDetail: {} },
    ...discounts.map((line) => settleDiscount(change, line, subtotal)),
  ];
}

/** Ids of lines are small numbers, unique within the form. */
class LineNumberer {
  readonly #known: ReadonlyMap<string, JsonObject>;
  #last: number;
  #position = 0;
  readonly #used = new Set<string>();

  constructor(earlier: readonly JsonObject[]) {
    const all = earlier.flatMap((line) => [
      line,
      ...listOf(objectOf(line, 'GroupLineDetail'), 'Line'),
    ]);
    this.#known = new Map(all.map((line) => [textOf(line, 'Id') ?? '', line]));
    this.#last = [...this.#known.keys()].reduce(
      (highest, id) => Math.max(highest, Number(id) || 0),
      0,
    );
  }

  /** The line as it was, when it keeps its Id. */
  earlierOf(line: JsonObject): JsonObject | undefined {
    return this.#known.get(textOf(line, 'Id') ?? '-');
  }

  number(line: JsonObject): { readonly Id: string; readonly LineNum: number } {
    const sent = textOf(line, 'Id');
    const isKept = sent !== undefined && this.#known.has(sent) && !this.#used.has(sent);
    const id = isKept ? sent : String((this.#last += 1));
    this.#used.add(id);
    this.#position += 1;
    return { Id: id, LineNum: this.#position };
  }
}

function settleLine(change: ChangeSet, line: JsonObject, numberer: LineNumberer): JsonObject {
  const type = textOf(line, 'DetailType');
  if (type === undefined) throw missing('Line.DetailType');
  if (!detailTypes.includes(type)) {
    refuse('2170', `Invalid Enumeration : ${type}`, 'Line.DetailType');
  }

  const head = { ...numberer.number(line), ...describe(line) };
  const tail = carriedFields(line, numberer.earlierOf(head));
  if (type === 'DescriptionOnly') return settleDescription(line, head, tail);
  if (type === 'GroupLineDetail') return settleGroup(change, line, { head, tail, numberer });

  const { amount, detail } = settleSale(change, line);
  return {
    ...head,
    Amount: amount.toNumber(),
    ...tail,
    DetailType: type,
    SalesItemLineDetail: detail,
  };
}

function describe(line: JsonObject): JsonObject {
  const description = textOf(line, 'Description');
  if (description === undefined || description === '') return {};
  if (description.length > descriptionMax) {
    refuse(
      '2050',
      `String length specified does not match the supported length. Min:0 , Max:${descriptionMax} supplied Length:${description.length}`,
      'Line.Description',
    );
  }
  return { Description: description };
}

/** Links to estimates and reimbursed charges and the like travel with their line. */
function carriedFields(line: JsonObject, earlier: JsonObject | undefined): JsonObject {
  const extensions = earlier === undefined ? [] : earlier['CustomExtensions'];
  return compact({
    LinkedTxn: listOf(line, 'LinkedTxn').length === 0 ? undefined : line['LinkedTxn'],
    CustomField: line['CustomField'],
    ProjectRef: line['ProjectRef'],
    CustomExtensions: line['CustomExtensions'] ?? extensions,
  });
}

function settleDescription(line: JsonObject, head: JsonObject, tail: JsonObject): JsonObject {
  const amount = toDecimal(line['Amount']);
  return compact({
    ...head,
    Amount: amount === undefined ? undefined : toCents(amount).toNumber(),
    ...tail,
    DetailType: 'DescriptionOnly',
    DescriptionLineDetail: line['DescriptionLineDetail'] ?? {},
  });
}

type GroupParts = {
  readonly head: JsonObject;
  readonly tail: JsonObject;
  readonly numberer: LineNumberer;
};

/** A bundle: its lines are items of their own, its amount their sum (quickbooks.md §7.2). */
function settleGroup(
  change: ChangeSet,
  line: JsonObject,
  { head, tail, numberer }: GroupParts,
): JsonObject {
  const detail = objectOf(line, 'GroupLineDetail') ?? {};
  const item = resolve(change, detail, 'GroupItemRef', 'Item');
  const inner = listOf(detail, 'Line').map((entry) => settleLine(change, entry, numberer));
  const amount = inner.length === 0 ? requireAmount(line) : subtotalOf(inner);
  const group = compact({
    ...without(detail, 'Line'),
    GroupItemRef: item === undefined ? detail['GroupItemRef'] : toReference('Item', item.object),
    Line: inner,
  });
  return {
    ...head,
    Amount: amount.toNumber(),
    ...tail,
    DetailType: 'GroupLineDetail',
    GroupLineDetail: group,
  };
}

function requireAmount(line: JsonObject): Decimal {
  const sent = line['Amount'];
  if (sent === undefined || sent === null) throw missing('Line.Amount');
  const amount = toDecimal(sent);
  if (amount === undefined)
    refuse('2090', `Invalid Number : ${JSON.stringify(sent)}`, 'Line.Amount');
  return toCents(amount);
}

function optionalNumber(detail: JsonObject, field: string): Decimal | undefined {
  const sent = detail[field];
  if (sent === undefined || sent === null || sent === '') return undefined;
  const number = toDecimal(sent);
  if (number === undefined) refuse('2090', `Invalid Number : ${JSON.stringify(sent)}`, field);
  return toSevenDecimals(number);
}

function settleSale(change: ChangeSet, line: JsonObject): { amount: Decimal; detail: JsonObject } {
  const sent = objectOf(line, 'SalesItemLineDetail') ?? {};
  const amount = requireAmount(line);
  const quantity = optionalNumber(sent, 'Qty');
  const unitPrice = settleUnitPrice(change, {
    amount,
    quantity,
    price: optionalNumber(sent, 'UnitPrice'),
  });
  const detail = compact({
    ...sent,
    ...itemReferences(change, sent),
    UnitPrice: unitPrice?.toNumber(),
    Qty: quantity?.toNumber(),
    TaxCodeRef: lineTaxCode(change, sent),
  });
  return { amount, detail };
}

/** An amount that price and quantity do not give rewrites the price, or is refused (quickbooks.md §7.3). */
function settleUnitPrice(
  change: ChangeSet,
  {
    amount,
    quantity,
    price,
  }: { amount: Decimal; quantity: Decimal | undefined; price: Decimal | undefined },
): Decimal | undefined {
  if (quantity === undefined || price === undefined || quantity.isZero()) return price;
  if (toCents(quantity.times(price)).equals(amount)) return price;
  if (change.behaviour.amountMismatch === 'refuse') {
    refuse(
      '6070',
      `Amount calculation incorrect in the request : Amount is not equal to UnitPrice * Qty. Supplied value:${amount.toString()}`,
      '',
    );
  }
  return toSevenDecimals(amount.dividedBy(quantity));
}

/** A sale without an item takes the company's first service; lines that only mark up a charge have none. */
function itemReferences(change: ChangeSet, sent: JsonObject): JsonObject {
  const item = resolve(change, sent, 'ItemRef', 'Item')?.object;
  if (item === undefined) {
    return sent['MarkupInfo'] === undefined ? defaultItemReferences(change) : {};
  }
  return { ItemRef: toReference('Item', item), ...incomeAccount(item) };
}

function defaultItemReferences(change: ChangeSet): JsonObject {
  const item = change.find('Item', '1');
  return item === undefined ? {} : { ItemRef: toReference('Item', item), ...incomeAccount(item) };
}

function incomeAccount(item: JsonObject): JsonObject {
  const account = objectOf(item, 'IncomeAccountRef');
  return account === undefined ? {} : { ItemAccountRef: account };
}

/** US lines say TAX or NON and nothing else (6100); elsewhere every line names a tax code (quickbooks.md §7.4). */
function lineTaxCode(change: ChangeSet, detail: JsonObject): Json | undefined {
  const id = referenceOf(detail, 'TaxCodeRef');
  if (isUsCompany(change)) {
    if (id === undefined) return { value: 'NON' };
    if (id !== 'TAX' && id !== 'NON') {
      refuse('6100', `Invalid Line TaxCode in the request : Supplied value:${id}`, '');
    }
    return { value: id };
  }
  if (id === undefined) return undefined;
  const code = resolve(change, detail, 'TaxCodeRef', 'TaxCode');
  return code === undefined ? undefined : { value: code.id };
}

/** A discount is positive and subtracted; in percent it follows the subtotal (quickbooks.md §7.2). */
function settleDiscount(change: ChangeSet, line: JsonObject, subtotal: Decimal): JsonObject {
  const sent = objectOf(line, 'DiscountLineDetail') ?? {};
  const percent =
    sent['PercentBased'] === true ? optionalNumber(sent, 'DiscountPercent') : undefined;
  if (sent['PercentBased'] === true && percent === undefined) {
    refuse(
      '6090',
      'Discount Line missing required info : A discount amount or percent is required.',
      '',
    );
  }
  const amount =
    percent === undefined ? requireAmount(line) : toCents(subtotal.times(percent).dividedBy(100));
  const accountId = referenceOf(sent, 'DiscountAccountRef') ?? discountAccount(change);
  const account = accountId === undefined ? undefined : change.find('Account', accountId);
  const carried = isObject(sent['DiscountAccountRef']) ? sent['DiscountAccountRef'] : undefined;
  const detail = compact({
    ...sent,
    PercentBased: percent !== undefined,
    DiscountPercent: percent?.toNumber(),
    DiscountAccountRef: account === undefined ? carried : toReference('Account', account),
  });
  return {
    Amount: amount.toNumber(),
    DetailType: 'DiscountLineDetail',
    DiscountLineDetail: detail,
  };
}

/** The sum of the discounts. */
export function discountOf(lines: readonly JsonObject[]): Decimal {
  const discounts = lines.filter((line) => textOf(line, 'DetailType') === 'DiscountLineDetail');
  return sumOf(discounts.map((line) => amountOf(line, 'Amount')));
}

/** The lines of a voided form: all amounts and quantities zero, Ids kept (recorded, quickbooks.md §2.6). */
export function voidLines(lines: readonly JsonObject[]): readonly JsonObject[] {
  return lines.map((line) => {
    const detail = objectOf(line, 'SalesItemLineDetail');
    const group = objectOf(line, 'GroupLineDetail');
    return compact({
      ...line,
      Amount: line['Amount'] === undefined ? undefined : zero.toNumber(),
      SalesItemLineDetail:
        detail?.['Qty'] === undefined ? line['SalesItemLineDetail'] : { ...detail, Qty: 0 },
      GroupLineDetail:
        group === undefined ? undefined : { ...group, Line: voidLines(listOf(group, 'Line')) },
    });
  });
}
