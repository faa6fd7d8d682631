import * as fc from 'fast-check';
import {
  brandAmount,
  brandDecimal,
  brandLocalDate,
  type Amount,
  type Decimal,
  type LocalDate,
} from '#core/brand.ts';
import type { QuickBooksFacts } from '#core/company/company.ts';
import type { Address, Discount, Invoice, Line, PartyRef } from '#core/invoice/invoice.ts';
import { textOf } from '#core/money/decimal.ts';
import { parseDecimal } from '#core/money/decimal.ts';
import { extended } from '#core/money/money.ts';

/** Values of every field in QuickBooks' terms, for laws that must hold on any of them. */

const words = fc.string({ minLength: 1, maxLength: 30, unit: 'grapheme' });
const oneLine = words.filter((text) => !/[\r\n]/.test(text));
const optional = <Value>(value: fc.Arbitrary<Value>): fc.Arbitrary<Value | null> =>
  fc.option(value, { freq: 4 });

const decimalWith = (places: number, unitsMax: bigint): fc.Arbitrary<Decimal> =>
  fc
    .bigInt({ min: 0n, max: unitsMax })
    .map((units) => parseDecimal(textOf(units, places)) ?? brandDecimal('0'));

const amount: fc.Arbitrary<Amount> = fc
  .bigInt({ min: 0n, max: 10n ** 9n })
  .map((units) => brandAmount(textOf(units, 2)));

const date: fc.Arbitrary<LocalDate> = fc
  .date({ min: new Date('2000-01-01'), max: new Date('2099-12-31'), noInvalidDate: true })
  .map((instant) => brandLocalDate(instant.toISOString().slice(0, 10)));

const party: fc.Arbitrary<PartyRef> = fc.record({ id: fc.nat(999).map(String), name: oneLine });

const address: fc.Arbitrary<Address> = fc
  .record({
    line1: optional(oneLine),
    line2: optional(fc.array(oneLine, { minLength: 1, maxLength: 4 }).map((all) => all.join('\n'))),
    city: optional(oneLine),
    region: optional(oneLine),
    postalCode: optional(oneLine),
    country: optional(oneLine),
  })
  .filter((parts) => Object.values(parts).some((part) => part !== null));

const discount: fc.Arbitrary<Discount> = fc.oneof(
  fc.record({ kind: fc.constant('percent' as const), percent: decimalWith(2, 10_000n) }),
  fc.record({ kind: fc.constant('amount' as const), amount }),
);

/** Values of the header; a note that ends like a marker or starts like a void would say something else. */
const headerValues = {
  number: optional(oneLine.filter((text) => text.length <= 21)),
  customer: party,
  billEmail: optional(fc.emailAddress()),
  billTo: optional(address),
  issueDate: date,
  dueDate: optional(date),
  terms: optional(party),
  poNumber: optional(oneLine.filter((text) => text.length <= 15)),
  customerMemo: optional(words),
  privateNote: optional(words.filter((text) => !/^Voided|LedgerBridge /.test(text))),
  discount: optional(discount),
};
export type HeaderPath = keyof typeof headerValues;
export const headerPaths: readonly HeaderPath[] = [
  'number',
  'customer',
  'billEmail',
  'billTo',
  'issueDate',
  'dueDate',
  'terms',
  'poNumber',
  'customerMemo',
  'privateNote',
  'discount',
];

export type HeaderValues = Pick<Invoice, HeaderPath>;
export const header: fc.Arbitrary<HeaderValues> = fc.record(headerValues);

/** What may stand on a line: a whole price, an amount alone, or words alone. */
export function lineContent(
  facts: QuickBooksFacts,
  taxCodes: readonly PartyRef[],
): fc.Arbitrary<Omit<Line, 'key' | 'sideId'>> {
  const common = fc.record({
    item: optional(party),
    description: optional(words),
    taxCode: fc.constantFrom(...taxCodes),
    serviceDate: optional(date),
  });
  const priced = fc
    .record({ quantity: decimalWith(3, 10n ** 6n), unitPrice: decimalWith(5, 10n ** 8n) })
    .map(({ quantity, unitPrice }) => ({
      quantity,
      unitPrice,
      amount: extended(quantity, unitPrice, facts.homeCurrency),
    }));
  const lump = amount.map((only) => ({ quantity: null, unitPrice: null, amount: only }));
  const sold = fc
    .tuple(common, fc.oneof(priced, lump))
    .map(([one, other]) => ({ ...one, ...other }));
  const wordsOnly = optional(words).map((description) => ({
    item: null,
    description,
    quantity: null,
    unitPrice: null,
    amount: brandAmount('0.00'),
    taxCode: null,
    serviceDate: null,
  }));
  return fc.oneof({ weight: 5, arbitrary: sold }, { weight: 1, arbitrary: wordsOnly });
}

/** Changes to a set of lines: each kept, edited or removed, then some added anywhere, then perhaps another order. */
export function changedLines(
  lines: readonly Line[],
  content: fc.Arbitrary<Omit<Line, 'key' | 'sideId'>>,
): fc.Arbitrary<readonly Line[]> {
  const each = lines.map((line) =>
    fc.oneof(
      fc.constant([line]),
      content.map((changed) => [{ ...line, ...changed }]),
      fc.constant([]),
    ),
  );
  const added = fc.array(
    content.map((made) => ({ ...made, key: null, sideId: null })),
    { maxLength: 2 },
  );
  return fc.tuple(fc.tuple(...each), added).chain(([kept, made]): fc.Arbitrary<readonly Line[]> => {
    const all: readonly Line[] = [...kept.flat(), ...made];
    return fc.oneof(fc.constant(all), fc.shuffledSubarray([...all], { minLength: all.length }));
  });
}
