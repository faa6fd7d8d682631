import type { ChangeSet } from './change-set.ts';
import { companyTaxCode, hasAutomatedSalesTax, isUsCompany } from './company-settings.ts';
import { refuse } from './fault-bodies.ts';
import { discountOf, isSold, itemLinesOf, subtotalOf } from './lines.ts';
import {
  compact,
  isObject,
  listOf,
  objectOf,
  referenceOf,
  textOf,
  type Json,
  type JsonObject,
} from './json.ts';
import {
  amountOf,
  Decimal,
  prorate,
  sumOf,
  toCents,
  toDecimal,
  toSevenDecimals,
  zero,
} from './money.ts';

export type TaxWish = {
  readonly lines: readonly JsonObject[];
  /** TxnTaxDetail as this request sent it, if it did. */
  readonly sent: JsonObject | undefined;
  /** TxnTaxDetail as the form had it before. */
  readonly earlier: JsonObject | undefined;
  readonly calculation: string | undefined;
  readonly isTaxAfterDiscount: boolean;
};

export type Taxed = {
  /** The lines again: with tax inside their amounts they come back without it (quickbooks.md §7.4). */
  readonly lines: readonly JsonObject[];
  readonly detail: JsonObject;
  readonly totalTax: Decimal;
};

type Rate = { readonly id: string; readonly percent: Decimal };

/** The tax of a form, by the rules of the company's country (quickbooks.md §7.4). */
export function settleTax(change: ChangeSet, wish: TaxWish): Taxed {
  return isUsCompany(change) ? settleUsTax(change, wish) : settleLineTax(change, wish);
}

function settleUsTax(change: ChangeSet, wish: TaxWish): Taxed {
  const { lines } = wish;
  const codeId = usTaxCode(change, wish);
  if (codeId === undefined) return { lines, detail: { TotalTax: 0 }, totalTax: zero };

  const rates = ratesOf(change, codeId);
  const taxable = discounted(wish, (line) => taxCodeOf(line) === 'TAX');
  const computed = rates.map((rate) => taxOf(rate, taxable));
  const stated = statedTotal(wish);
  const total = stated ?? sumOf(computed.map((line) => line.amount));
  const amounts =
    stated === undefined ? computed.map((line) => line.amount) : prorate(total, weights(computed));
  const taxLines = computed.map((line, index) => taxLine(line, amounts[index] ?? zero));
  const isOverridden = stated !== undefined && hasAutomatedSalesTax(change);
  const detail = compact({
    TxnTaxCodeRef: { value: codeId },
    TotalTax: total.toNumber(),
    TaxLine: taxLines,
    TaxReviewStatus: isOverridden ? 'AST_TAX_OVERRIDE' : undefined,
  });
  return { lines, detail, totalTax: total };
}

/** Automated sales tax puts its own code in place of the sender's (quickbooks.md §7.4). */
function usTaxCode(change: ChangeSet, { sent, earlier }: TaxWish): string | undefined {
  const wished =
    sent === undefined ? referenceOf(earlier, 'TxnTaxCodeRef') : referenceOf(sent, 'TxnTaxCodeRef');
  if (hasAutomatedSalesTax(change)) return companyTaxCode(change) ?? wished;
  if (wished === undefined) return undefined;
  if (change.find('TaxCode', wished) === undefined) {
    refuse('2500', `Invalid Reference Id : TaxCode element id ${wished} not found`, '');
  }
  return wished;
}

/** Only code and total together state the tax; either alone is ignored (quickbooks.md §7.4). */
function statedTotal({ sent }: TaxWish): Decimal | undefined {
  if (sent === undefined || referenceOf(sent, 'TxnTaxCodeRef') === undefined) return undefined;
  if (sent['UseAutomatedSalesTax'] === true) return undefined;
  const total = toDecimal(sent['TotalTax']);
  return total === undefined ? undefined : toCents(total);
}

type ComputedTax = { readonly rate: Rate; readonly net: Decimal; readonly amount: Decimal };

/** Rounded line by line, then added up (quickbooks.md §7.3). */
function taxOf(rate: Rate, nets: readonly Decimal[]): ComputedTax {
  const perLine = nets.map((net) => toCents(net.times(rate.percent).dividedBy(100)));
  return { rate, net: sumOf(nets), amount: sumOf(perLine) };
}

function weights(computed: readonly ComputedTax[]): readonly Decimal[] {
  const isTaxed = computed.some((line) => !line.amount.isZero());
  return computed.map((line) => (isTaxed ? line.amount : line.rate.percent));
}

function taxLine({ rate, net }: ComputedTax, amount: Decimal): JsonObject {
  return {
    Amount: amount.toNumber(),
    DetailType: 'TaxLineDetail',
    TaxLineDetail: {
      TaxRateRef: { value: rate.id },
      PercentBased: true,
      TaxPercent: rate.percent.toNumber(),
      NetAmountTaxable: net.toNumber(),
    },
  };
}

function taxCodeOf(line: JsonObject): string | undefined {
  return referenceOf(objectOf(line, 'SalesItemLineDetail'), 'TaxCodeRef');
}

/** The net amounts of the lines that count, less their share of the discount when tax comes after it. */
function discounted(wish: TaxWish, counts: (line: JsonObject) => boolean): readonly Decimal[] {
  const items = itemLinesOf(wish.lines);
  const amounts = items.map((line) => amountOf(line, 'Amount'));
  const discount = wish.isTaxAfterDiscount ? discountOf(wish.lines) : zero;
  const shares = prorate(discount, amounts);
  return items.flatMap((line, index) => {
    const amount = amounts[index] ?? zero;
    return counts(line) ? [amount.minus(shares[index] ?? zero)] : [];
  });
}

function ratesOf(change: ChangeSet, codeId: string): readonly Rate[] {
  const code = change.find('TaxCode', codeId);
  const details = listOf(objectOf(code, 'SalesTaxRateList'), 'TaxRateDetail');
  return details.flatMap((detail) => {
    const id = referenceOf(detail, 'TaxRateRef');
    if (id === undefined) return [];
    return [{ id, percent: percentOf(change.find('TaxRate', id)) }];
  });
}

/** A rate without a value of its own has it in its history (recorded). */
function percentOf(rate: JsonObject | undefined): Decimal {
  const history = listOf(rate, 'EffectiveTaxRate').at(-1);
  return toDecimal(rate?.['RateValue']) ?? amountOf(history, 'RateValue');
}

/** Outside the US every line carries its own code and GlobalTaxCalculation says whether tax is inside the amounts. */
function settleLineTax(change: ChangeSet, wish: TaxWish): Taxed {
  if (wish.calculation === 'NotApplicable') return withoutTax(wish);
  if (
    itemLinesOf(wish.lines).some(
      (line) => taxCodeOf(line) === undefined && line['SalesItemLineDetail'] !== undefined,
    )
  ) {
    refuse(
      '6000',
      'Business Validation Error: Make sure all your transactions have a GST rate before you save.',
      '',
    );
  }
  return wish.calculation === 'TaxInclusive' ? taxInside(change, wish) : taxOnTop(change, wish);
}

function withoutTax({ lines, sent }: TaxWish): Taxed {
  if (sent !== undefined && Object.keys(sent).some((key) => key !== 'TotalTax')) {
    refuse(
      '6170',
      'Invalid TxnTaxDetail Error : TxnTaxDetail is not allowed when GlobalTaxCalculation is NotApplicable.',
      '',
    );
  }
  return { lines, detail: { TotalTax: 0 }, totalTax: zero };
}

function taxOnTop(change: ChangeSet, wish: TaxWish): Taxed {
  const codes = [...new Set(itemLinesOf(wish.lines).flatMap((line) => taxCodeOf(line) ?? []))];
  const computed = codes.flatMap((code) => {
    const nets = discounted(wish, (line) => taxCodeOf(line) === code);
    return ratesOf(change, code).map((rate) => taxOf(rate, nets));
  });
  return { lines: wish.lines, ...summed(mergeByRate(computed)) };
}

function mergeByRate(computed: readonly ComputedTax[]): readonly ComputedTax[] {
  const byRate = new Map<string, ComputedTax>();
  for (const line of computed) {
    const known = byRate.get(line.rate.id);
    const net = line.net.plus(known?.net ?? zero);
    byRate.set(line.rate.id, {
      rate: line.rate,
      net,
      amount: line.amount.plus(known?.amount ?? zero),
    });
  }
  return [...byRate.values()];
}

function summed(computed: readonly ComputedTax[]): { detail: JsonObject; totalTax: Decimal } {
  const totalTax = sumOf(computed.map((line) => line.amount));
  const taxLines = computed.map((line) => taxLine(line, line.amount));
  return { detail: { TotalTax: totalTax.toNumber(), TaxLine: taxLines }, totalTax };
}

/** The gross of each line is split into net and tax; price follows the net (recorded: invoice 185 of an AU company). */
function taxInside(change: ChangeSet, wish: TaxWish): Taxed {
  const computed: ComputedTax[] = [];
  const net = (line: JsonObject): JsonObject => {
    if (textOf(line, 'DetailType') === 'GroupLineDetail') return netGroup(line, net);
    const detail = objectOf(line, 'SalesItemLineDetail');
    if (detail === undefined) return line;
    const { netLine, taxes } = netSale(change, line, detail);
    computed.push(...taxes);
    return netLine;
  };
  const netLines = wish.lines.map(net);
  const subtotal = subtotalOf(netLines).toNumber();
  const lines = netLines.map((line) =>
    textOf(line, 'DetailType') === 'SubTotalLineDetail' ? { ...line, Amount: subtotal } : line,
  );
  return { lines, ...summed(mergeByRate(computed)) };
}

function netGroup(line: JsonObject, net: (line: JsonObject) => JsonObject): JsonObject {
  const group = objectOf(line, 'GroupLineDetail');
  const inner = listOf(group, 'Line').map(net);
  const amount = sumOf(inner.filter(isSold).map((entry) => amountOf(entry, 'Amount')));
  return { ...line, Amount: amount.toNumber(), GroupLineDetail: { ...group, Line: inner } };
}

function netSale(
  change: ChangeSet,
  line: JsonObject,
  detail: JsonObject,
): { netLine: JsonObject; taxes: readonly ComputedTax[] } {
  const rates = ratesOf(change, taxCodeOf(line) ?? '');
  const gross = toDecimal(detail['TaxInclusiveAmt']) ?? amountOf(line, 'Amount');
  const percent = sumOf(rates.map((rate) => rate.percent));
  const net = toCents(gross.dividedBy(percent.dividedBy(100).plus(1)));
  const parts = prorate(
    gross.minus(net),
    rates.map((rate) => rate.percent),
  );
  const taxes = rates.map((rate, index) => ({ rate, net, amount: parts[index] ?? zero }));
  const quantity = toDecimal(detail['Qty']);
  const hasPrice =
    detail['UnitPrice'] !== undefined && quantity !== undefined && !quantity.isZero();
  const price: Json | undefined = hasPrice
    ? toSevenDecimals(net.dividedBy(quantity)).toNumber()
    : detail['UnitPrice'];
  const netDetail = compact({
    TaxInclusiveAmt: toCents(gross).toNumber(),
    ...detail,
    UnitPrice: price,
  });
  return { netLine: { ...line, Amount: net.toNumber(), SalesItemLineDetail: netDetail }, taxes };
}

/** TxnTaxDetail of a voided form. */
export function voidTax(detail: Json | undefined): JsonObject {
  const code = isObject(detail) ? objectOf(detail, 'TxnTaxCodeRef') : undefined;
  return compact({ TxnTaxCodeRef: code, TotalTax: 0 });
}
