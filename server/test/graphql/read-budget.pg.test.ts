import { afterAll, beforeAll, expect, test } from 'vitest';
import { z } from 'zod';
import { startBridge, type Bridge } from './bridge.ts';
import { seedCompany } from './seed.ts';

let bridge: Bridge;
let companyId: string;

beforeAll(async () => {
  bridge = await startBridge();
  companyId = await seedCompany(bridge.prisma);
});

afterAll(() => bridge.close());

const shown = z.object({
  companies: z.tuple([
    z.object({
      health: z.object({ state: z.string(), reasons: z.array(z.string()) }),
      quickbooksBudget: z.object({ usedThisMinute: z.number(), monthlyReadsLeft: z.number() }),
    }),
  ]),
  systemHealth: z.object({
    components: z.array(
      z.object({ name: z.string(), state: z.string(), detail: z.string().nullable() }),
    ),
  }),
});

async function seen() {
  const { data } = await bridge.ask(`{
    companies { nodes { health { state reasons } quickbooksBudget { usedThisMinute monthlyReadsLeft } } }
    systemHealth { components { name state detail } } }`);
  const page = z.looseObject({ companies: z.object({ nodes: z.unknown() }) }).parse(data);
  const { companies, systemHealth } = shown.parse({ ...page, companies: page.companies.nodes });
  const budget = systemHealth.components.find(({ name }) => name === 'quickbooks-reads');
  return { company: companies[0], budget };
}

const read = (reads: number) =>
  bridge.pool.query(
    `INSERT INTO quickbooks_reads (month, company_id, reads)
     VALUES (date_trunc('month', clock_timestamp() AT TIME ZONE 'UTC')::date, $1, $2)
     ON CONFLICT (month, company_id) DO UPDATE SET reads = excluded.reads`,
    [companyId, reads],
  );

test('the budget is what was counted: calls of the last minute, reads of the month', async () => {
  await bridge.pool.query(
    `INSERT INTO quickbooks_call (company_id, second, calls, reads, batches)
     SELECT $1, date_trunc('second', clock_timestamp()) - make_interval(secs => ago), 7, 7, 0 FROM unnest(ARRAY[5, 30, 300]) AS ago`,
    [companyId],
  );
  await read(21);

  const { company, budget } = await seen();

  expect(company.quickbooksBudget).toEqual({ usedThisMinute: 14, monthlyReadsLeft: 499_979 });
  expect(company.health).toEqual({ state: 'OK', reasons: [] });
  expect(budget).toMatchObject({ state: 'OK', detail: null });
});

test('when 5 % of the month’s reads are left, the company and the bridge say what that means', async () => {
  await read(475_000);

  const { company, budget } = await seen();

  expect(company.quickbooksBudget.monthlyReadsLeft).toBe(25_000);
  expect(company.health.state).toBe('DEGRADED');
  expect(company.health.reasons).toEqual([expect.stringContaining('kept for writes')]);
  expect(budget).toMatchObject({
    state: 'DEGRADED',
    detail: expect.stringContaining('kept for writes'),
  });
});
