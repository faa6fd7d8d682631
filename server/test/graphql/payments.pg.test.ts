import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { startBridge, type Bridge } from './bridge.ts';
import { seedCompany, seedInvoice } from './seed.ts';

let bridge: Bridge;
let companyId: string;
const invoices = 3;

beforeAll(async () => {
  bridge = await startBridge();
  companyId = await seedCompany(bridge.prisma);
  for (let index = 0; index < invoices; index += 1) await paidInvoice(index);
});

afterAll(() => bridge.close());

const content = (reference: string) => ({
  amount: '40.00',
  date: '2026-11-20',
  method: null,
  reference,
});

/** An invoice with a payment that both sides agree on, and one that only QuickBooks has. */
async function paidInvoice(index: number): Promise<void> {
  const { linkId, number } = await seedInvoice(bridge.prisma, companyId, index);
  const { pool } = bridge;
  const [internalId, quickbooksId] = [`internal-${number}`, `quickbooks-${number}`];
  await pool.query('UPDATE link SET internal_id = $2, quickbooks_id = $3 WHERE id = $1', [
    linkId,
    internalId,
    quickbooksId,
  ]);
  const shown = (side: string, payments: readonly object[]) =>
    pool.query(
      `UPDATE observation SET content = jsonb_set(content, '{payments}', $3::jsonb) WHERE link_id = $1 AND side = $2::side`,
      [linkId, side, JSON.stringify(payments)],
    );
  const named = { by: 'payment', version: null, date: null, amount: null, method: null };
  const here = { ...named, ...content('ours'), id: `pay_${index}`, version: '1' };
  await shown('INTERNAL', [here]);
  await shown(
    'QUICKBOOKS',
    ['1', '2'].map((id) => ({ ...named, id: `7${index}${id}`, reference: null })),
  );
  await bridge.prisma.payment.create({
    data: {
      id: randomUUID(),
      companyId,
      linkId,
      key: `i-pay_${index}`,
      internalId: `pay_${index}`,
      quickbooksId: `7${index}1`,
      baseInternal: content('agreed'),
      baseQuickbooks: content('agreed'),
      madeIn: 'QUICKBOOKS',
    },
  });
  for (const [id, date] of [
    ['1', '2026-11-20'],
    ['2', '2026-11-18'],
  ])
    await bridge.prisma.quickBooksPayment.create({
      data: {
        companyId,
        quickbooksId: `7${index}${id}`,
        content: {
          date,
          method: null,
          reference: 'theirs',
          applications: [{ invoiceId: quickbooksId, amount: '40.00' }],
        },
        raw: {},
        capturedAt: new Date(),
      },
    });
}

const ask = (first: number) =>
  bridge.ask(`{ invoices(first: ${first}, orderBy: { field: NUMBER, direction: ASC }) { nodes {
    internal { payments { ...p } } quickbooks { payments { ...p } } base { payments { ...p } } } } }
    fragment p on Payment { paymentKey internalId quickbooksId date amount { amount currency } method reference }`);

const payment = (reference: string, more: object = {}) => ({
  paymentKey: 'i-pay_0',
  internalId: 'pay_0',
  quickbooksId: '701',
  date: '2026-11-20',
  amount: { amount: '40.00', currency: 'USD' },
  method: null,
  reference,
  ...more,
});

test('each side shows its payments oldest first, the same payment under one key', async () => {
  const { data, errors } = await ask(1);

  expect(errors).toBeUndefined();
  expect(data).toMatchObject({
    invoices: {
      nodes: [
        {
          internal: { payments: [payment('ours')] },
          quickbooks: {
            payments: [
              payment('theirs', {
                paymentKey: 'q-702',
                internalId: null,
                quickbooksId: '702',
                date: '2026-11-18',
              }),
              payment('theirs'),
            ],
          },
          base: { payments: [payment('agreed')] },
        },
      ],
    },
  });
});

test('payments of a whole list take no more statements than those of one invoice', async () => {
  const statementsFor = async (first: number): Promise<number> => {
    const before = bridge.statements.length;
    expect((await ask(first)).errors).toBeUndefined();
    return bridge.statements.length - before;
  };

  expect(await statementsFor(invoices)).toBe(await statementsFor(1));
});
