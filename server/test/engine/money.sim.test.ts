import { describe, expect, test } from 'vitest';
import { known, lineOf, plainInvoice, unknown } from '../support/companies.ts';
import {
  conflictsOf,
  counterpartOf,
  deadLettersOf,
  linkOf,
  soldLines,
  taxVarianceOf,
  writesOf,
} from '../support/ledger.ts';
import {
  editHere,
  editThere,
  idOf,
  internally,
  internalWrites,
  pair,
  type Pair,
} from '../support/pair.ts';
import { startWorld, type World } from '../support/world.ts';

/** Turns multi-currency on in QuickBooks, as a person does; it cannot be turned off again. */
const withCurrencies = (world: World) =>
  world.quickbooks.human({
    action: 'edit',
    entity: 'Preferences',
    id: '1',
    set: { CurrencyPrefs: { MultiCurrencyEnabled: true, HomeCurrency: { value: 'USD' } } },
  });

/** A settled invoice in a company that has turned multi-currency on. */
async function foreign(more: object): Promise<Pair> {
  const world = await startWorld({ quickbooksTells: true });
  await withCurrencies(world);
  const { id } = await world.invoicing.human({
    action: 'create',
    invoice: plainInvoice({ customer: { id: unknown.customer }, ...more }),
  });
  await world.drainUntilSettled();
  return { world, id, quickbooksId: (await counterpartOf(world, id)).Id };
}

describe('a foreign currency', () => {
  test('is refused in words before anything is made where QuickBooks keeps one currency', async () => {
    const world = await startWorld();
    const invoice = plainInvoice({
      customer: { id: unknown.customer },
      currency: 'EUR',
      exchangeRate: '1.1',
    });

    const { id } = await world.invoicing.human({ action: 'create', invoice });
    await world.drainUntilSettled();

    expect(await deadLettersOf(world, id)).toMatchObject([
      {
        reason: 'VALIDATION',
        explanation: expect.stringContaining(
          "It is in EUR, but this company's QuickBooks keeps only USD.",
        ),
      },
    ]);
    expect(await writesOf(world)).toEqual([]);
  });

  test('crosses with its rate, and its customer is made in it', async () => {
    const both = await foreign({ currency: 'EUR', exchangeRate: '1.0875' });

    expect(await counterpartOf(both.world, both.id)).toMatchObject({
      CurrencyRef: { value: 'EUR' },
      ExchangeRate: 1.0875,
      TotalAmt: 108,
      HomeTotalAmt: 117.45,
    });
    const customers = await both.world.quickbooks.all('Customer');
    expect(customers.find(({ DisplayName }) => DisplayName === 'Kestrel Boat Yard')).toMatchObject({
      CurrencyRef: { value: 'EUR' },
    });
    expect(await linkOf(both.world, both.id)).toMatchObject({ status: 'IN_SYNC' });
    expect(await taxVarianceOf(both.world, both.id)).toBeNull();
  });

  test('has a rate that crosses both ways', async () => {
    const both = await foreign({ currency: 'EUR', exchangeRate: '1.0875' });

    await editThere(both, { ExchangeRate: 1.1 });
    await both.world.drainUntilSettled();
    expect(await internally(both)).toMatchObject({ exchangeRate: '1.1' });

    await editHere(both, { exchangeRate: '1.2345678' });
    await both.world.drainUntilSettled();
    expect(await counterpartOf(both.world, both.id)).toMatchObject({ ExchangeRate: 1.2345678 });
    expect(await linkOf(both.world, both.id)).toMatchObject({ status: 'IN_SYNC' });
  });

  test('has one rate for a person to choose where both sides changed it', async () => {
    const both = await foreign({ currency: 'EUR', exchangeRate: '1.0875' });

    await editThere(both, { ExchangeRate: 1.1 });
    await editHere(both, { exchangeRate: '1.2' });
    await both.world.drainUntilSettled();

    expect(await conflictsOf(both.world, both.id)).toMatchObject([
      { status: 'OPEN', fields: [{ group: 'customer' }] },
    ]);
  });

  test.each([
    ['JPY', '0.0067', lineOf('3', '333'), { total: '1079', TotalAmt: 1079 }],
    ['KWD', '3.25', lineOf('3', '33.25'), { total: '107.730', TotalAmt: 107.73 }],
  ])('%s keeps its own places', async (currency, exchangeRate, line, { total, TotalAmt }) => {
    const both = await foreign({ currency, exchangeRate, lines: [line] });

    expect(await internally(both)).toMatchObject({ total });
    expect(await counterpartOf(both.world, both.id)).toMatchObject({ TotalAmt });
    expect(await linkOf(both.world, both.id)).toMatchObject({ status: 'IN_SYNC' });

    await editHere(both, { customerMemo: 'Ours' });
    await both.world.drainUntilSettled();
    expect(await writesOf(both.world, 'Invoice')).toEqual(['Invoice create', 'Invoice update']);
  });

  test('with a third decimal that QuickBooks would round away is held, and nothing was made', async () => {
    const world = await startWorld();
    await withCurrencies(world);
    const invoice = plainInvoice({
      customer: { id: unknown.customer },
      currency: 'KWD',
      exchangeRate: '3.25',
      lines: [lineOf('1', '33.335')],
    });

    const { id } = await world.invoicing.human({ action: 'create', invoice });
    await world.drainUntilSettled();

    expect((await deadLettersOf(world, id))[0]?.explanation).toContain(
      'two decimals of an amount, so 33.335 KWD would not stay what it is',
    );
    expect(await writesOf(world)).toEqual([]);
  });

  test('at home has no rate, and QuickBooks’ rate of 1 is no change', async () => {
    const both = await foreign({ customer: { id: known.customer } });
    expect(await counterpartOf(both.world, both.id)).toMatchObject({ ExchangeRate: 1 });

    await editThere(both, { PONumber: 'PO-1' });
    await both.world.drainUntilSettled();

    expect(await internally(both)).toMatchObject({ exchangeRate: null, poNumber: 'PO-1' });
    expect(await internalWrites(both)).toEqual(['update']);
    expect(await writesOf(both.world, 'Invoice')).toEqual(['Invoice create']);
  });
});

describe('the amount of a line', () => {
  test('that its quantity and price round to stays to the cent, whatever price QuickBooks shows', async () => {
    const both = await pair({ lines: [lineOf('9.39', '24.49')] });

    const [line] = soldLines(await counterpartOf(both.world, both.id));
    expect(line).toMatchObject({ Amount: 229.96 });
    await editThere(both, { CustomerMemo: { value: 'Theirs' } });
    await both.world.drainUntilSettled();

    expect(await internally(both)).toMatchObject({
      lines: [{ quantity: '9.39', unitPrice: '24.49', amount: '229.96' }],
      customerMemo: 'Theirs',
    });
    expect(await writesOf(both.world, 'Invoice')).toEqual(['Invoice create']);
  });

  test('with a price of seven places crosses and comes back unchanged', async () => {
    const both = await pair({ lines: [lineOf('1000', '0.0333333')] });

    expect(await counterpartOf(both.world, both.id)).toMatchObject({ TotalAmt: 36 });
    await editHere(both, { customerMemo: 'Ours' });
    await both.world.drainUntilSettled();
    expect(await internalWrites(both)).toEqual([]);
    expect(await linkOf(both.world, both.id)).toMatchObject({ status: 'IN_SYNC' });
  });

  test('without quantity and price is the amount', async () => {
    const line = { item: { id: known.item }, description: 'Flat', amount: '77.77', taxCode: 'NON' };
    const both = await pair({ lines: [line] });

    expect(await counterpartOf(both.world, both.id)).toMatchObject({ TotalAmt: 77.77 });
    expect(await linkOf(both.world, both.id)).toMatchObject({ status: 'IN_SYNC' });
  });

  test('taxed on many lines is rounded line by line on both sides: thirty-one times 2.69 at 8 %', async () => {
    const lines = Array.from({ length: 31 }, () => lineOf('1', '2.69'));
    const both = await pair({ lines });

    expect(await internally(both)).toMatchObject({ taxTotal: '6.82', total: '90.21' });
    expect(await counterpartOf(both.world, both.id)).toMatchObject({ TotalAmt: 90.21 });
    expect(await taxVarianceOf(both.world, both.id)).toBeNull();
  });
});

describe('a discount', () => {
  test.each([
    ['of ten percent', { percent: '10' }, { total: '194.40', TotalAmt: 194.4 }],
    ['of an amount', { amount: '33.33' }, { total: '180.01', TotalAmt: 180.01 }],
  ])('%s comes off before tax on both sides', async (_name, discount, { total, TotalAmt }) => {
    const both = await pair({ discount, lines: [lineOf('2', '50'), lineOf('1', '100')] });
    // QuickBooks computes tax anew with every write, also with one that states none.
    await editHere(both, { dueDate: '2026-12-24' });
    await both.world.drainUntilSettled();

    expect(await internally(both)).toMatchObject({ total });
    expect(await counterpartOf(both.world, both.id)).toMatchObject({ TotalAmt });
    expect(await linkOf(both.world, both.id)).toMatchObject({ status: 'IN_SYNC' });
  });

  test('changed in QuickBooks crosses, and the totals are compared after the write', async () => {
    const both = await pair({ discount: { percent: '10' } });
    const invoice = await counterpartOf(both.world, both.id);
    const Line = invoice.Line.filter(({ DetailType }) => DetailType !== 'SubTotalLineDetail').map(
      (line) =>
        line.DetailType === 'DiscountLineDetail'
          ? { ...line, DiscountLineDetail: { PercentBased: true, DiscountPercent: 20 } }
          : line,
    );

    await editThere(both, { Line });
    await both.world.drainUntilSettled();

    expect(await internally(both)).toMatchObject({ discount: { percent: '20' }, total: '86.40' });
    // QuickBooks keeps the tax it was told for ten percent: more than the company lets pass.
    const there = await counterpartOf(both.world, both.id);
    const disputed = there.TotalAmt === 86.4 ? [] : [{ fields: [{ group: 'taxTotal' }] }];
    expect(await conflictsOf(both.world, both.id)).toMatchObject(disputed);
  });
});

test('a customer of QuickBooks keeps its currency: a move to one with another is refused in words', async () => {
  const both = await foreign({ currency: 'EUR', exchangeRate: '1.0875' });
  await idOf(both.world, 'Customer', 'Bluebird Bakery');

  await editHere(both, { customer: { id: known.customer } });
  await both.world.drainUntilSettled();

  expect((await deadLettersOf(both.world, both.id)).at(-1)).toMatchObject({ status: 'OPEN' });
  expect(await counterpartOf(both.world, both.id)).toMatchObject({ CurrencyRef: { value: 'EUR' } });
});
