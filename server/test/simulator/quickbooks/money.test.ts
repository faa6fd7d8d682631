import { afterAll, beforeAll, expect, test } from 'vitest';
import type { JsonObject } from '../../../simulator/quickbooks/json.ts';
import {
  at,
  codeOf,
  idOf,
  listIn,
  objectIn,
  saleLine,
  startSimulator,
  type Running,
} from './running-simulator.ts';

let simulator: Running;
beforeAll(async () => {
  simulator = await startSimulator();
});
afterAll(() => simulator.close());

async function create(body: JsonObject): Promise<JsonObject> {
  const seen = await simulator.post('/invoice', { CustomerRef: { value: '1' }, ...body });
  expect(seen.status, seen.text).toBe(200);
  return objectIn(seen.body, 'Invoice');
}

const taxed = (amount: number): JsonObject => saleLine(amount, { TaxCodeRef: { value: 'TAX' } });
const percentOff = (percent: number): JsonObject => ({
  DetailType: 'DiscountLineDetail',
  DiscountLineDetail: { PercentBased: true, DiscountPercent: percent },
});

test('a discount in percent is positive, follows the subtotal and is subtracted', async () => {
  const invoice = await create({ Line: [saleLine(50), percentOff(10)] });
  expect(listIn(invoice, 'Line').map((line) => [line['DetailType'], line['Amount']])).toEqual([
    ['SalesItemLineDetail', 50],
    ['SubTotalLineDetail', 50],
    ['DiscountLineDetail', 5],
  ]);
  expect(invoice['TotalAmt']).toBe(45);
});

test('tax is computed before the discount unless the form says after', async () => {
  const body = {
    Line: [taxed(200), percentOff(10)],
    TxnTaxDetail: { TxnTaxCodeRef: { value: '1' } },
  };
  expect(await create(body)).toMatchObject({ TotalAmt: 196, TxnTaxDetail: { TotalTax: 16 } });
  expect(await create({ ...body, ApplyTaxAfterDiscount: true })).toMatchObject({
    TotalAmt: 194.4,
    TxnTaxDetail: { TotalTax: 14.4, TaxLine: [{ TaxLineDetail: { NetAmountTaxable: 180 } }] },
  });
});

test('tax is rounded line by line, half up, and only then added', async () => {
  // 31 lines at 8 %: 0.215 each is 0.22, so 6.82 where one rounding would give 6.67.
  const Line = Array.from({ length: 31 }, () => taxed(2.69));
  const invoice = await create({ Line, TxnTaxDetail: { TxnTaxCodeRef: { value: '1' } } });
  expect(at(invoice, 'TxnTaxDetail', 'TotalTax')).toBe(6.82);
  expect(invoice['TotalAmt']).toBe(90.21);
});

test('each rate of a code is rounded for itself', async () => {
  const invoice = await create({
    Line: [taxed(129.9)],
    TxnTaxDetail: { TxnTaxCodeRef: { value: '2' } },
  });
  expect(listIn(invoice, 'TxnTaxDetail', 'TaxLine').map((line) => line['Amount'])).toEqual([
    9.42, 3.9,
  ]);
});

test('a stated tax counts only with its code, and is spread over the rates', async () => {
  const code = { TxnTaxCodeRef: { value: '2' } };
  const stated = await create({ Line: [taxed(100)], TxnTaxDetail: { ...code, TotalTax: 10.3 } });
  expect(stated).toMatchObject({ TotalAmt: 110.3, TxnTaxDetail: { TotalTax: 10.3 } });
  const parts = listIn(stated, 'TxnTaxDetail', 'TaxLine').map((line) => Number(line['Amount']));
  expect(parts.reduce((sum, part) => sum + Math.round(part * 100), 0)).toBe(1030);

  const ignored = await create({ Line: [taxed(100)], TxnTaxDetail: { TotalTax: 10.3 } });
  expect(ignored).toMatchObject({ TotalAmt: 100, TxnTaxDetail: { TotalTax: 0 } });
});

test('a price that does not give the amount is rewritten to seven decimals, or refused', async () => {
  const line = saleLine(100, { Qty: 3, UnitPrice: 30 });
  const invoice = await create({ Line: [line] });
  expect(at(invoice, 'Line', 0, 'SalesItemLineDetail', 'UnitPrice')).toBe(33.3333333);

  await simulator.control('PUT', '/behaviour', { amountMismatch: 'refuse' });
  const seen = await simulator.post('/invoice', { CustomerRef: { value: '1' }, Line: [line] });
  await simulator.control('PUT', '/behaviour', { amountMismatch: 'rewrite-price' });
  expect(codeOf(seen)).toBe('6070');
});

test('a bundle counts with the sum of its lines and keeps them', async () => {
  const invoice = await create({
    Line: [
      {
        Amount: 0,
        DetailType: 'GroupLineDetail',
        GroupLineDetail: {
          GroupItemRef: { value: '3' },
          Quantity: 1,
          Line: [taxed(60), saleLine(40)],
        },
      },
      { DetailType: 'DescriptionOnly', Description: 'as agreed' },
    ],
    TxnTaxDetail: { TxnTaxCodeRef: { value: '1' } },
  });
  expect(invoice['TotalAmt']).toBe(104.8);
  expect(listIn(invoice, 'Line', '0', 'GroupLineDetail', 'Line')).toHaveLength(2);
});

test('automated sales tax puts its own code in place of the one sent', async () => {
  const edit = (set: JsonObject) =>
    simulator.human({ action: 'edit', entity: 'Preferences', id: '1', set: { TaxPrefs: set } });
  await edit({ PartnerTaxEnabled: true });
  const invoice = await create({
    Line: [taxed(100)],
    TxnTaxDetail: { TxnTaxCodeRef: { value: '2' } },
  });
  const stated = await create({
    Line: [taxed(100)],
    TxnTaxDetail: { TxnTaxCodeRef: { value: '2' }, TotalTax: 9.99 },
  });
  await edit({ PartnerTaxEnabled: false });
  expect(invoice).toMatchObject({ TotalAmt: 108, TxnTaxDetail: { TxnTaxCodeRef: { value: '1' } } });
  expect(stated).toMatchObject({
    TotalAmt: 109.99,
    TxnTaxDetail: { TxnTaxCodeRef: { value: '1' }, TaxReviewStatus: 'AST_TAX_OVERRIDE' },
  });
});

test('amounts with the tax inside come back without it, prices at seven decimals', async () => {
  const abroad = await australianCompany();
  const seen = await abroad.post('/invoice', {
    CustomerRef: { value: '1' },
    GlobalTaxCalculation: 'TaxInclusive',
    Line: [saleLine(450, { Qty: 450, UnitPrice: 1, TaxCodeRef: { value: '10' } })],
  });
  const missing = await abroad.post('/invoice', {
    CustomerRef: { value: '1' },
    Line: [saleLine(10)],
  });
  const notAllowed = await abroad.post('/invoice', {
    CustomerRef: { value: '1' },
    GlobalTaxCalculation: 'NotApplicable',
    TxnTaxDetail: { TxnTaxCodeRef: { value: '10' } },
    Line: [saleLine(10)],
  });
  await abroad.close();

  expect(objectIn(seen.body, 'Invoice')).toMatchObject({
    TotalAmt: 450,
    HomeTotalAmt: 450,
    TxnTaxDetail: { TotalTax: 40.91, TaxLine: [{ TaxLineDetail: { NetAmountTaxable: 409.09 } }] },
    Line: [
      { Amount: 409.09, SalesItemLineDetail: { UnitPrice: 0.9090889, TaxInclusiveAmt: 450 } },
      { Amount: 409.09 },
    ],
  });
  expect(codeOf(missing)).toBe('6000');
  expect(codeOf(notAllowed)).toBe('6170');
});

test('a foreign invoice carries home totals at its rate, and its customer keeps its currency', async () => {
  const abroad = await australianCompany();
  const body = {
    CustomerRef: { value: '2' },
    ExchangeRate: 1.5432,
    Line: [saleLine(100.55, { TaxCodeRef: { value: '11' } })],
  };
  const seen = await abroad.post('/invoice', body);
  const byMarket = await abroad.post('/invoice', { ...body, ExchangeRate: null });
  const wrong = await abroad.post('/invoice', { ...body, CurrencyRef: { value: 'AUD' } });
  const id = idOf(objectIn(seen.body, 'Invoice'));
  await abroad.human({ action: 'pay', invoices: [{ id, amount: 50.55 }] });
  const paid = await abroad.get(`/invoice/${id}`);
  await abroad.close();

  expect(objectIn(seen.body, 'Invoice')).toMatchObject({
    CurrencyRef: { value: 'USD' },
    ExchangeRate: 1.5432,
    TotalAmt: 100.55,
    HomeTotalAmt: 155.17,
  });
  expect(at(byMarket.body, 'Invoice', 'ExchangeRate')).toBe(1.5);
  expect(codeOf(wrong)).toBe('6000');
  expect(objectIn(paid.body, 'Invoice')).toMatchObject({ Balance: 50, HomeBalance: 77.16 });
});

async function australianCompany(): Promise<Running> {
  const abroad = await startSimulator();
  const rate = (id: string, percent: number): JsonObject => ({
    Id: id,
    Name: `rate ${id}`,
    RateValue: percent,
  });
  const code = (id: string, rateId: string): JsonObject => ({
    Id: id,
    Name: `code ${id}`,
    Active: true,
    SalesTaxRateList: { TaxRateDetail: [{ TaxRateRef: { value: rateId } }] },
  });
  await abroad.control('POST', '/reset', {
    company: {
      Account: [
        { Id: '1', Name: 'Sales', CurrencyRef: { value: 'AUD' } },
        { Id: '3', Name: 'Bank', AccountType: 'Bank', CurrencyRef: { value: 'AUD' } },
        { Id: '2', Name: 'Undeposited Funds', AccountSubType: 'UndepositedFunds' },
      ],
      Customer: [
        {
          Id: '1',
          SyncToken: '0',
          DisplayName: 'Kerr',
          Active: true,
          CurrencyRef: { value: 'AUD' },
        },
        {
          Id: '2',
          SyncToken: '0',
          DisplayName: 'Overseas',
          Active: true,
          CurrencyRef: { value: 'USD' },
        },
      ],
      Item: [{ Id: '1', Name: 'Work', Active: true, IncomeAccountRef: { value: '1' } }],
      TaxRate: [rate('20', 10), rate('8', 0)],
      TaxCode: [code('10', '20'), code('11', '8')],
      ExchangeRate: [
        { SourceCurrencyCode: 'USD', TargetCurrencyCode: 'AUD', Rate: 1.5, AsOfDate: '2020-01-01' },
      ],
    },
  });
  return abroad;
}
