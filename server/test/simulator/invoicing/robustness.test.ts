import * as fc from 'fast-check';
import { expect, test } from 'vitest';
import { cpuMs } from '../../support/cpu-time.ts';
import { compareAmounts, subtractAmounts, sumAmounts } from '../../../simulator/invoicing/money.ts';
import { invoiceSchema } from '../../../simulator/invoicing/wire.ts';
import { plainInvoice, smallCompany, startWorld, type World } from './world.ts';

const decimalText = fc.constantFrom(
  '0',
  '1',
  '2.5',
  '-3',
  '99999999999.99',
  '0.005',
  '1e5',
  ' 1',
  '',
);
const nonsense = fc.constantFrom(null, true, 7, '', 'x'.repeat(5_000), [], {}, [null], '__proto__');
const lineId = fc.constantFrom('l1', 'l2', 'l9');
const line = fc.record(
  {
    id: lineId,
    item: fc.oneof(fc.constantFrom({ id: 'itm_1' }, { id: 'itm_9' }, null), nonsense),
    description: fc.oneof(fc.string(), nonsense),
    quantity: fc.oneof(decimalText, nonsense),
    unitPrice: fc.oneof(decimalText, nonsense),
    amount: fc.oneof(decimalText, nonsense),
    taxCode: fc.oneof(fc.constantFrom('TAX', 'NON', null), nonsense),
  },
  { requiredKeys: [] },
);
const body = fc.oneof(
  nonsense,
  fc.record(
    {
      customer: fc.oneof(fc.constantFrom({ id: 'cus_1' }, { id: 'cus_2' }), nonsense),
      lines: fc.oneof(fc.array(line, { maxLength: 4 }), nonsense),
      discount: fc.oneof(
        fc.record({ percent: decimalText }),
        fc.record({ amount: decimalText }),
        nonsense,
      ),
      taxTotal: fc.oneof(decimalText, nonsense),
      taxInclusive: fc.boolean(),
      currency: fc.constantFrom('USD', 'JPY', 'usd', 'ZZZ', 'KWD'),
      billTo: fc.oneof(fc.record({ line1: fc.string(), city: nonsense }), nonsense),
      amount: fc.oneof(decimalText, nonsense),
      displayName: fc.oneof(fc.string(), nonsense),
      name: fc.oneof(fc.string(), nonsense),
      ['__proto__']: nonsense,
    },
    { requiredKeys: [] },
  ),
);
const paths = [
  '/invoices',
  '/invoices/inv_1',
  '/invoices/inv_2',
  '/invoices/inv_1/payments',
  '/payments/pay_1',
  '/customers',
  '/items',
  '/invoices/inv_2/void',
  '/invoices/%00',
  '/terms',
  '/invoices?cursor=AAAA',
  '/invoices?updatedSince=0',
  '/customers?limit=-1',
  '/%',
];
const call = fc.record({
  method: fc.constantFrom('GET', 'POST', 'PATCH', 'DELETE', 'PUT'),
  path: fc.constantFrom(...paths),
  body,
  ifMatch: fc.constantFrom('*', '"1"', '""', 'W/"1"', ','),
});

/** 600 calls over HTTP, one after the other. */
const manyCallsMs = 60_000;

test(
  'whatever is sent, the answer is never a crash and the books stay consistent',
  { timeout: manyCallsMs },
  async () => {
    const world = await startWorld({}, smallCompany);
    await world.newInvoice();
    await world.newInvoice();
    await world.human({ action: 'pay', id: 'inv_1', amount: '8' });

    await fc.assert(
      fc.asyncProperty(call, async ({ method, path, body, ifMatch }) => {
        const hasBody = method !== 'GET';
        const reply = await world.send(method, path, { ifMatch, ...(hasBody ? { body } : {}) });
        expect(reply.status).toBeLessThan(500);
        if (reply.status >= 400) {
          expect(reply.headers.get('content-type')).toContain('application/problem+json');
          expect(reply.body['status']).toBe(reply.status);
        }
      }),
      { numRuns: 600 },
    );
    await expectConsistentBooks(world);
  },
);

async function expectConsistentBooks(world: World): Promise<void> {
  const state = await world.control('GET', 'state');
  for (const shown of state.list('invoices')) {
    const invoice = invoiceSchema.parse(shown);
    const { lines, payments, subtotal, total, amountPaid, balanceDue, currency } = invoice;
    if (invoice.status === 'void') continue;
    expect(
      sumAmounts(
        lines.map(({ amount }) => amount),
        currency,
      ),
    ).toBe(subtotal);
    expect(
      sumAmounts(
        payments.map(({ amount }) => amount),
        currency,
      ),
    ).toBe(amountPaid);
    expect(subtractAmounts(total, amountPaid, currency)).toBe(balanceDue);
    expect(compareAmounts(balanceDue, '0')).toBeGreaterThanOrEqual(0);
    expect(new Set(lines.map(({ id }) => id)).size).toBe(lines.length);
  }
}

test('property: whatever set of lines replaces another, sent ids are kept and new ones are new', async () => {
  const world = await startWorld({}, smallCompany);
  const seen = new Set(['l1', 'l2', 'l3']);
  const { id } = await world.newInvoice({
    lines: ['a', 'b', 'c'].map((description) => ({ description, amount: '1' })),
  });

  await fc.assert(
    fc.asyncProperty(
      fc.array(fc.nat({ max: 5 }), { maxLength: 4 }),
      fc.nat({ max: 2 }),
      async (picks, addedCount) => {
        const before = (await world.get(`/invoices/${id}`)).invoice();
        const keptIds = [...new Set(picks)].flatMap((pick) => before.lines[pick]?.id ?? []);
        const kept = keptIds.map((lineId) => ({ id: lineId, amount: '2' }));
        const added = Array.from({ length: addedCount + (kept.length === 0 ? 1 : 0) }, () => ({
          amount: '3',
        }));

        const reply = await world.patch(
          `/invoices/${id}`,
          { lines: [...kept, ...added] },
          `"${before.version}"`,
        );

        const after = reply.invoice().lines.map((line) => line.id);
        expect(after.slice(0, keptIds.length)).toEqual(keptIds);
        const newIds = after.slice(keptIds.length);
        expect(newIds.filter((lineId) => seen.has(lineId))).toEqual([]);
        for (const lineId of newIds) seen.add(lineId);
      },
    ),
    { numRuns: 40 },
  );
});

test('500 invoices created side by side are 500 invoices with 500 numbers', async () => {
  const world = await startWorld({}, smallCompany);
  const replies = await Promise.all(
    Array.from({ length: 500 }, () => world.post('/invoices', plainInvoice)),
  );
  const invoices = replies.map((reply) => reply.invoice());
  expect(new Set(invoices.map(({ id }) => id)).size).toBe(500);
  expect(new Set(invoices.map((invoice) => invoice['number'])).size).toBe(500);
});

test('a list of 10,000 invoices is walked in a few seconds of processor time', async () => {
  const invoices = Array.from({ length: 10_000 }, (_, index) => ({
    id: `inv_${index}`,
    updatedAt: new Date(1_760_000_000_000 + index * 1_000).toISOString(),
    customer: { id: 'cus_1', displayName: 'Globex Corp' },
    issueDate: '2026-01-01',
    lines: [{ id: 'l1', amount: '1.00' }],
    subtotal: '1.00',
    total: '1.00',
    balanceDue: '1.00',
  }));
  const world = await startWorld();
  const reset = await fetch(`${world.url}/_control/reset`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ company: { ...smallCompany, invoices } }),
  });
  expect(reset.status).toBe(200);

  const startMs = cpuMs();
  let cursor = '';
  let count = 0;
  for (;;) {
    const page = await world.get(`/invoices?limit=500${cursor}`);
    count += page.list('invoices').length;
    const nextCursor = page.body['nextCursor'];
    if (typeof nextCursor !== 'string') break;
    cursor = `&cursor=${nextCursor}`;
  }
  expect(count).toBe(10_000);
  expect(cpuMs() - startMs).toBeLessThan(5_000);
});
