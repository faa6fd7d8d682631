import { readdirSync, readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { afterAll, beforeEach, expect, test } from 'vitest';
import type { JsonObject } from '../../../simulator/quickbooks/json.ts';
import { at, idOf, listIn, saleLine, startSimulator, type Running } from './running-simulator.ts';

const simulator: Running = await startSimulator();
afterAll(() => simulator.close());
beforeEach(async () => {
  await simulator.control('POST', '/reset', {});
});
const { ask, run, client } = simulator.client();

const form: JsonObject = {
  CustomerRef: { value: '1' },
  BillEmail: { Address: 'a@example.com' },
  Line: [saleLine(50, { Qty: 2, UnitPrice: 25 })],
};
const payment: JsonObject = { CustomerRef: { value: '1' }, TotalAmt: 30 };
const invoiceId = async (): Promise<string> => idOf(await ask('createInvoice', { ...form }));
const creditMemoId = async (): Promise<string> => idOf(await ask('createCreditMemo', { ...form }));
const paymentId = async (): Promise<string> => idOf(await ask('createPayment', { ...payment }));

/** What an update, create or read unwraps to. */
type Expected = Promise<void>;
const gives = async (answer: Promise<JsonObject>, expected: object): Expected => {
  expect(await answer).toMatchObject(expected);
};
const sparsely = (name: string, id: string, set: JsonObject): Expected =>
  gives(ask(name, { Id: id, SyncToken: '0', ...set }), { Id: id, SyncToken: '1', ...set });
const finds = async (name: string, entity: string, criteria: object): Expected => {
  const [first] = listIn(await ask(name, criteria), 'QueryResponse', entity);
  expect(first).toMatchObject(criteria);
};
const isGone = async (name: string, entity: string, id: string): Expected => {
  const answer = await ask(name, id);
  expect(answer).toEqual({
    [entity]: { domain: 'QBO', status: 'Deleted', Id: id },
    time: expect.any(String),
  });
};
const prints = async (name: string, id: string): Expected => {
  expect(String(await run(name, id)).slice(0, 5)).toBe('%PDF-');
};
const refuses = async (name: string, body: JsonObject, code: string): Expected => {
  const failure: unknown = await run(name, body).catch((error: unknown) => error);
  expect(failure).toMatchObject({
    response: { status: 400, data: { Fault: { Error: [{ code }] } } },
  });
};
const sent = { EmailStatus: 'EmailSent', BillEmail: { Address: 'b@example.com' } };
const realm = '9130000000000001';

/** One check for every verb; a verb that changes something is checked for what it answers. */
const verbs: Readonly<Record<string, () => Expected>> = {
  createInvoice: () => gives(ask('createInvoice', { ...form }), { SyncToken: '0', TotalAmt: 50 }),
  getInvoice: async () => gives(ask('getInvoice', await invoiceId()), { TotalAmt: 50 }),
  updateInvoice: async () => sparsely('updateInvoice', await invoiceId(), { PrivateNote: 'x' }),
  deleteInvoice: async () => isGone('deleteInvoice', 'Invoice', await invoiceId()),
  voidInvoice: async () =>
    gives(ask('voidInvoice', { Id: await invoiceId(), SyncToken: '0' }), {
      Invoice: { SyncToken: '1', TotalAmt: 0, PrivateNote: 'Voided' },
    }),
  findInvoices: async () => finds('findInvoices', 'Invoice', { Id: await invoiceId() }),
  getInvoicePdf: async () => prints('getInvoicePdf', await invoiceId()),
  sendInvoicePdf: async () =>
    gives(ask('sendInvoicePdf', await invoiceId(), 'b@example.com'), sent),

  createCustomer: () => gives(ask('createCustomer', { DisplayName: 'New' }), { SyncToken: '0' }),
  getCustomer: () => gives(ask('getCustomer', '1'), { Id: '1', Active: true }),
  updateCustomer: () => sparsely('updateCustomer', '1', { Notes: 'x' }),
  findCustomers: () => finds('findCustomers', 'Customer', { Id: '7' }),

  createItem: () =>
    gives(ask('createItem', { Name: 'New', Type: 'Service', IncomeAccountRef: { value: '1' } }), {
      FullyQualifiedName: 'New',
      Active: true,
    }),
  getItem: () => gives(ask('getItem', '1'), { Id: '1', Name: 'Standing Desk' }),
  updateItem: () => sparsely('updateItem', '1', { UnitPrice: 12.5 }),
  findItems: () => finds('findItems', 'Item', { Id: '7' }),

  createPayment: () => gives(ask('createPayment', { ...payment }), { UnappliedAmt: 30 }),
  getPayment: async () => gives(ask('getPayment', await paymentId()), { TotalAmt: 30 }),
  updatePayment: async () => sparsely('updatePayment', await paymentId(), { PaymentRefNum: '9' }),
  deletePayment: async () => isGone('deletePayment', 'Payment', await paymentId()),
  voidPayment: async () => {
    const voided = ask('voidPayment', { Id: await paymentId(), SyncToken: '0' });
    await gives(voided, { SyncToken: '1', TotalAmt: 0, UnappliedAmt: 0, PrivateNote: 'Voided' });
  },
  findPayments: async () => finds('findPayments', 'Payment', { Id: await paymentId() }),

  createCreditMemo: () => gives(ask('createCreditMemo', { ...form }), { RemainingCredit: 50 }),
  getCreditMemo: async () => gives(ask('getCreditMemo', await creditMemoId()), { TotalAmt: 50 }),
  updateCreditMemo: async () =>
    sparsely('updateCreditMemo', await creditMemoId(), { PrivateNote: 'x' }),
  deleteCreditMemo: async () => isGone('deleteCreditMemo', 'CreditMemo', await creditMemoId()),
  findCreditMemos: async () => finds('findCreditMemos', 'CreditMemo', { Id: await creditMemoId() }),
  getCreditMemoPdf: async () => prints('getCreditMemoPdf', await creditMemoId()),
  sendCreditMemoPdf: async () =>
    gives(ask('sendCreditMemoPdf', await creditMemoId(), 'b@example.com'), sent),

  createTaxService: () =>
    gives(ask('createTaxService', { TaxCode: 'County', TaxRateDetails: [county] }), {
      TaxCode: 'County',
      TaxRateDetails: [{ TaxRateName: 'County rate' }],
    }),
  getTaxCode: () => gives(ask('getTaxCode', '1'), { Id: '1', Active: true }),
  updateTaxCode: () => refuses('updateTaxCode', { Id: '1', SyncToken: '0', Name: 'x' }, '500'),
  findTaxCodes: () => finds('findTaxCodes', 'TaxCode', { Name: 'California' }),
  getTaxRate: () => gives(ask('getTaxRate', '1'), { Id: '1', RateValue: 8 }),
  updateTaxRate: () => refuses('updateTaxRate', { Id: '1', SyncToken: '0', Name: 'x' }, '500'),
  findTaxRates: () => finds('findTaxRates', 'TaxRate', { Id: '1' }),

  createTerm: () =>
    gives(ask('createTerm', { Name: 'Net 7', DueDays: 7 }), { Type: 'STANDARD', Active: true }),
  getTerm: () => gives(ask('getTerm', '3'), { Name: 'Net 30', DueDays: 30 }),
  updateTerm: () => sparsely('updateTerm', '3', { DueDays: 31 }),
  findTerms: () => finds('findTerms', 'Term', { Name: 'Net 30' }),

  getCompanyInfo: () => gives(ask('getCompanyInfo', realm), { Id: '1', Country: 'US' }),
  updateCompanyInfo: () => sparsely('updateCompanyInfo', '1', { LegalName: 'Harbor Lane Inc.' }),
  findCompanyInfos: () => finds('findCompanyInfos', 'CompanyInfo', { Id: '1' }),

  getPreferences: () => gives(ask('getPreferences'), { SalesFormsPrefs: expect.any(Object) }),
  updatePreferences: () =>
    sparsely('updatePreferences', '1', { SalesFormsPrefs: { CustomTxnNumbers: true } }),
  findPreferenceses: () => finds('findPreferenceses', 'Preferences', { Id: '1' }),

  createPaymentMethod: () =>
    gives(ask('createPaymentMethod', { Name: 'Barter' }), { Active: true }),
  getPaymentMethod: () => gives(ask('getPaymentMethod', '2'), { Name: 'Check' }),
  updatePaymentMethod: () => sparsely('updatePaymentMethod', '2', { Name: 'Cheque' }),
  findPaymentMethods: () => finds('findPaymentMethods', 'PaymentMethod', { Name: 'Check' }),

  createAccount: () =>
    gives(ask('createAccount', { Name: 'Fees', AccountType: 'Income' }), {
      Classification: 'Revenue',
    }),
  getAccount: () => gives(ask('getAccount', '1'), { Id: '1', Active: true }),
  updateAccount: async () => {
    const { Name = '' } = await ask('getAccount', '1');
    await sparsely('updateAccount', '1', { Name, Description: 'x' });
  },
  findAccounts: () => finds('findAccounts', 'Account', { Id: '1' }),

  batch: async () => {
    const answer = await ask('batch', [
      { bId: '1', operation: 'create', Invoice: { ...form } },
      { bId: '2', Query: 'select count(*) from Customer' },
    ]);
    expect(listIn(answer, 'BatchItemResponse')).toMatchObject([
      { bId: '1', Invoice: { TotalAmt: 50 } },
      { bId: '2', QueryResponse: { totalCount: 24 } },
    ]);
  },
  changeDataCapture: async () => {
    const since = new Date(Date.now() - 60_000);
    const id = await invoiceId();
    for (const answer of [
      await ask('changeDataCapture', ['Invoice', 'Payment'], since.toISOString()),
      await ask('changeDataCapture', 'Invoice,Payment', since),
    ]) {
      expect(listIn(at(answer, 'CDCResponse', 0, 'QueryResponse', 0), 'Invoice')).toMatchObject([
        { Id: id },
      ]);
    }
  },
};

const county = { TaxRateName: 'County rate', RateValue: '9.25', TaxAgencyId: '1' };

const require = createRequire(import.meta.url);

/** The verbs in the lists of the library's README, as it is installed. */
function readmeVerbs(): readonly string[] {
  const readme = readFileSync(require.resolve('node-quickbooks/README.md'), 'utf8');
  return [...readme.matchAll(/^\* \[`(\w+)`\]/gm)].flatMap(([, verb]) => verb ?? []);
}

/** What issue and bridge are about; of the rest (bills, reports, attachments) nothing is promised. */
const concerned =
  /^(create|get|update|delete|find|send)(Account|CompanyInfo|CreditMemo|Customer|Invoice|Item|Payment|PaymentMethod|Preferences|TaxCode|TaxRate|TaxService|Term)(s|es|Pdf)?$|^(batch|changeDataCapture)$/;

/** The methods of the library that the bridge names anywhere in its adapter. */
function bridgeVerbs(): readonly string[] {
  const adapter = new URL('../../../src/adapters/quickbooks/', import.meta.url);
  const code = readdirSync(adapter).map((name) => readFileSync(new URL(name, adapter), 'utf8'));
  const words = code.join('\n').match(/\b(create|get|update|delete|void|find|send)[A-Z]\w+\b/g);
  return [...new Set(words)].filter((word) => typeof client[word] === 'function');
}

test('every verb of the README’s lists has its check, and no check is of a verb that does not exist', () => {
  const inReadme = readmeVerbs().filter((verb) => concerned.test(verb));
  expect(inReadme.length).toBeGreaterThan(40);
  // The README tells of voiding only in words.
  const expected = new Set([...inReadme, 'voidInvoice', 'voidPayment']);
  expect(Object.keys(verbs).toSorted()).toEqual([...expected].toSorted());
});

test('every verb the bridge uses has its check', () => {
  const used = bridgeVerbs();
  expect(used).toContain('updateInvoice');
  expect(used.filter((verb) => !Object.hasOwn(verbs, verb))).toEqual([]);
});

test.each(Object.entries(verbs))('%s does what the README says', (_verb, check) => check());
