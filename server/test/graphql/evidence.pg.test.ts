import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { startBridge, type Bridge } from './bridge.ts';
import { seedDrift } from './drifted-books.ts';
import { globalId, seedBooks } from './requests.ts';
import { invoiceContent } from './seed.ts';

let bridge: Bridge;

beforeAll(async () => {
  bridge = await startBridge();
});

afterAll(async () => {
  await bridge.close();
});

const question = `query ($companyId: ID!, $from: Date!, $to: Date!) {
  evidenceReport(companyId: $companyId, from: $from, to: $to) {
    company { id } from to auditHead build computedAt
    controlTotals { currency internalCount internalTotal { amount } quickbooksCount quickbooksTotal { amount } difference { amount } }
    residual { reason amount { amount currency } invoiceCount invoices { id } } } }`;

const evidence = (companyId: string, from = '2026-11-01', to = '2026-11-30', key?: string) =>
  bridge.ask(
    question,
    { companyId: globalId('Company', companyId), from, to },
    key === undefined ? {} : { authorization: `Bearer ${key}` },
  );

/** The side shows another total and another note than when both last agreed. */
async function moveQuickbooks(linkId: string, total: string): Promise<void> {
  await bridge.pool.query(
    `UPDATE observation SET content = jsonb_set(jsonb_set(content, '{derived,total}', to_jsonb($2::text)), '{customerMemo}', '"Theirs"')
     WHERE id = (SELECT quickbooks_observation_id FROM link WHERE id = $1)`,
    [linkId, total],
  );
}

describe('evidence for a period', () => {
  test('shows equal totals and no residual while the sides agree', async () => {
    const { companyId } = await seedBooks(bridge);

    const { data, errors } = await evidence(companyId);

    expect(errors).toBeUndefined();
    expect(data?.['evidenceReport']).toMatchObject({
      company: { id: globalId('Company', companyId) },
      from: '2026-11-01',
      to: '2026-11-30',
      build: 'test',
      auditHead: '0'.repeat(64),
      controlTotals: [{ internalCount: 1, quickbooksCount: 1, difference: { amount: '0.00' } }],
      residual: [],
    });
  });

  test('explains a difference to the cent, by links and by what has no counterpart', async () => {
    const books = await seedBooks(bridge);
    await moveQuickbooks(books.linkId, '1.00');
    await bridge.pool.query(
      `UPDATE link SET open_conflict_id = NULL, paused = true WHERE id = $1`,
      [books.linkId],
    );
    await seedDrift(bridge.prisma, books, {
      linkId: null,
      kind: 'MISSING_INTERNALLY',
      subjectKey: 'quickbooks:901',
      quickbooksId: '901',
      evidence: {
        internal: null,
        quickbooks: invoiceContent('quickbooks', 'INV-901', '40.10'),
        baseInternal: null,
        baseQuickbooks: null,
      },
    });

    const { data } = await evidence(books.companyId);

    const own = await bridge.pool.query<{ total: string }>(
      'SELECT total::numeric(12, 2)::text AS total FROM link WHERE id = $1',
      [books.linkId],
    );
    const total = Number(own.rows[0]?.total);
    expect(data?.['evidenceReport']).toMatchObject({
      controlTotals: [
        {
          internalCount: 1,
          quickbooksCount: 2,
          quickbooksTotal: { amount: '41.10' },
          difference: { amount: (total - 41.1).toFixed(2) },
        },
      ],
      residual: [
        {
          reason: 'paused',
          amount: { amount: (total - 1).toFixed(2) },
          invoices: [{ id: globalId('Invoice', books.linkId) }],
        },
        { reason: 'unlinked', amount: { amount: '-40.10' }, invoiceCount: 1, invoices: [] },
      ],
    });
  });

  test('leaves out what is dated outside it', async () => {
    const { companyId } = await seedBooks(bridge);

    const { data } = await evidence(companyId, '2026-01-01', '2026-10-31');

    expect(data?.['evidenceReport']).toMatchObject({ controlTotals: [], residual: [] });
  });

  test.each([
    ['of a company that is not there', randomUUID(), '2026-11-30'],
    ['that ends before it begins', null, '2026-10-01'],
  ])('%s is not understood', async (_what, missing, to) => {
    const { companyId } = await seedBooks(bridge);

    const { errors } = await evidence(missing ?? companyId, '2026-11-01', to);

    expect(errors?.[0]?.extensions['code']).toBe('BAD_USER_INPUT');
  });
});

describe('invoices that differ at a path', () => {
  const differing = async (companyId: string, differsAt: string) => {
    const { data, errors } = await bridge.ask(
      `query ($companyIds: [ID!], $differsAt: String) {
        invoices(filter: { companyIds: $companyIds, differsAt: $differsAt }) { nodes { id } } }`,
      { companyIds: [globalId('Company', companyId)], differsAt },
    );
    return errors?.[0]?.extensions['code'] ?? JSON.stringify(data).includes('"id"');
  };

  test.each([
    ['customerMemo', true],
    ['total', true],
    ['dueDate', false],
    ['customer', false],
    ['lines[*].quantity', false],
    ['lines[key=A1].quantity', false],
    ['lines', false],
    ['nothingLikeIt', 'BAD_USER_INPUT'],
    ['lines[*].nothing', 'BAD_USER_INPUT'],
    ["customerMemo' OR true --", 'BAD_USER_INPUT'],
  ])('%s: %s', async (path, expected) => {
    const { companyId, linkId } = await seedBooks(bridge);
    await moveQuickbooks(linkId, '1.00');

    expect(await differing(companyId, path)).toBe(expected);
  });

  test('a changed quantity of one line is found by its own path and by the whole line', async () => {
    const { companyId, linkId } = await seedBooks(bridge);
    await bridge.pool.query(
      `UPDATE observation SET content = jsonb_set(content, '{lines,0,quantity}', '"3"')
       WHERE id = (SELECT internal_observation_id FROM link WHERE id = $1)`,
      [linkId],
    );

    expect(await differing(companyId, 'lines[*].quantity')).toBe(true);
    expect(await differing(companyId, 'lines')).toBe(true);
    expect(await differing(companyId, 'lines[*].unitPrice')).toBe(false);
  });
});
