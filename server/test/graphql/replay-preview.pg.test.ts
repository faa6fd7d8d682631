import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { z } from 'zod';
import { startBridge, type Bridge } from './bridge.ts';
import { deadBooks } from './dead-books.ts';
import { globalId, makeKey } from './requests.ts';

let bridge: Bridge;

beforeAll(async () => {
  bridge = await startBridge();
});

afterAll(async () => {
  await bridge.close();
});

const preview = (selection: object, headers?: Record<string, string>) =>
  bridge.ask(
    `query ($selection: DeadLetterSelection!) { previewReplay(selection: $selection) {
      count bySafety { safety count } amounts { amount currency } estimatedSeconds } }`,
    { selection },
    headers,
  );

describe('a preview', () => {
  test('counts what matches, by verdict and currency, and how long the default rate takes', async () => {
    const { selection } = await deadBooks(bridge, 5, [
      'SAFE',
      'RISKY',
      'POINTLESS',
      'RECHECKED',
      'SAFE',
    ]);

    const { data } = await preview(selection);

    expect(data?.['previewReplay']).toEqual({
      count: 5,
      bySafety: expect.arrayContaining([
        { safety: 'SAFE', count: 2 },
        { safety: 'RISKY', count: 1 },
        { safety: 'POINTLESS', count: 1 },
        { safety: 'RECHECKED', count: 1 },
      ]),
      amounts: [{ amount: '602.50', currency: 'USD' }],
      estimatedSeconds: 3,
    });
  });

  test('of a selection matches what the list with the same filter counts', async () => {
    const { companyId, letters } = await deadBooks(bridge, 4, ['SAFE', 'RISKY', 'SAFE', 'SAFE']);
    await bridge.pool.query(
      `UPDATE dead_letter SET reason = 'MAPPING', fingerprint = 'other', died_at = '2026-11-21T10:00:00Z' WHERE id = $1`,
      [letters[0]],
    );
    await bridge.pool.query(`UPDATE dead_letter SET status = 'DISCARDED' WHERE id = $1`, [
      letters[3],
    ]);
    const companyIds = [globalId('Company', companyId)];
    const filters = [
      { companyIds },
      { companyIds, statuses: null },
      { companyIds, statuses: [] },
      { companyIds, statuses: ['DISCARDED', 'OPEN'] },
      { companyIds, reasons: ['MAPPING'] },
      { companyIds, fingerprint: 'other' },
      { companyIds, direction: 'TO_QUICKBOOKS' },
      { companyIds, direction: 'TO_INTERNAL' },
      { companyIds, safeties: ['RISKY'] },
      { companyIds, diedAt: { from: '2026-11-21T00:00:00Z' } },
      { companyIds, diedAt: { from: '2026-11-20T10:00:00Z', to: '2026-11-21T10:00:00Z' } },
      { companyIds: [] },
    ];

    for (const filter of filters) {
      const { data } = await bridge.ask(
        `query ($filter: DeadLetterFilter) { deadLetters(filter: $filter) { totalCount } }`,
        { filter },
      );
      const listed = z.object({ totalCount: z.number() }).parse(data?.['deadLetters']);
      const { data: previewed } = await preview({ filter });
      expect(previewed?.['previewReplay'], JSON.stringify(filter)).toMatchObject({
        count: listed.totalCount,
      });
    }
  });

  test('knows nothing of companies the caller may not see', async () => {
    const { companyId, letters } = await deadBooks(bridge, 2);
    const mine = await deadBooks(bridge, 1);
    const limited = await makeKey(bridge, ['READ', 'OPERATE'], [mine.companyId]);

    const ids = letters.map((id) => globalId('DeadLetter', id));
    for (const selection of [{ ids }, { filter: { companyIds: [globalId('Company', companyId)] } }])
      expect((await preview(selection, limited)).data?.['previewReplay']).toMatchObject({
        count: 0,
      });
    expect((await preview({ filter: {} }, limited)).data?.['previewReplay']).toMatchObject({
      count: 1,
    });
  });
});
