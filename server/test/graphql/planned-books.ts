import { randomUUID } from 'node:crypto';
import { findCompany } from '#adapters/postgres/company.ts';
import { findRulesInForce } from '#adapters/postgres/field-policies.ts';
import { systemDigest } from '#adapters/system/ids.ts';
import { toCompanyId } from '#core/brand.ts';
import { termsOf } from '#sync/planning-pass.ts';
import type { Bridge } from './bridge.ts';
import { invoiceContent, seedCompany, seedInvoice } from './seed.ts';

const globalId = (type: string, id: string): string =>
  Buffer.from(`${type}:${id}`).toString('base64');

/** A company in shadow mode. */
export async function seedShadow({ prisma, pool }: Bridge): Promise<string> {
  const companyId = await seedCompany(prisma, `Shadow ${randomUUID()}`);
  await pool.query(`UPDATE company SET mode = 'SHADOW' WHERE id = $1`, [companyId]);
  return companyId;
}

/** A whole planning pass, by default without a write. */
export async function seedPass(
  { pool }: Bridge,
  companyId: string,
  writeCount = 0,
): Promise<string> {
  const company = await findCompany(pool, toCompanyId(companyId));
  const rules = await findRulesInForce(pool, toCompanyId(companyId));
  if (company === null) throw new Error('the company is gone');
  const id = randomUUID();
  await pool.query(
    `INSERT INTO planning_pass (id, company_id, status, requested_by, correlation_id, terms, planned_at, requested_at, write_count)
     VALUES ($1, $2, 'WHOLE', '{}', 'test', $3, now(), clock_timestamp(), $4)`,
    [id, companyId, termsOf(systemDigest, company.settings, rules), writeCount],
  );
  return id;
}

/** A whole pass with so many planned writes, each of an invoice of its own, and as many suggestions, best first in this order. */
export async function seedPlan(bridge: Bridge, companyId: string, size: number): Promise<string> {
  const passId = await seedPass(bridge, companyId, size);
  for (let index = 0; index < size; index += 1) {
    const { linkId } = await seedInvoice(bridge.prisma, companyId, index);
    await bridge.prisma.plannedWrite.create({
      data: {
        id: randomUUID(),
        companyId,
        passId,
        linkId,
        position: index + 1,
        side: 'QUICKBOOKS',
        kind: 'UPDATED',
        reason: 'It was changed.',
        currency: 'USD',
        changes: [{ path: 'customerMemo', label: 'Message', before: null, after: `No. ${index}` }],
      },
    });
    await bridge.prisma.matchSuggestion.create({
      data: {
        id: randomUUID(),
        companyId,
        passId,
        internalId: `alike_${index}`,
        quickbooksId: `9${index}`,
        internal: invoiceContent('internal', `AL-${index}`),
        quickbooks: invoiceContent('quickbooks', `AL-${index}`, '121.00'),
        // Each score is shared by two, so that a page also ends between equals.
        score: 0.9 - Math.floor(index / 2) / 1000,
        reason: 'The same number.',
      },
    });
  }
  return passId;
}

/** Inputs of the mutations about planning, each about a company of its own. */
export const planningInputs = {
  refreshPlan: async (bridge: Bridge) => {
    const [companyId, other] = [await seedShadow(bridge), await seedShadow(bridge)];
    const input = { companyId: globalId('Company', companyId) };
    return { companyId, input, other: { companyId: globalId('Company', other) } };
  },
  goLive: async (bridge: Bridge) => {
    const companyId = await seedShadow(bridge);
    const planPassId = await seedPass(bridge, companyId);
    const input = {
      companyId: globalId('Company', companyId),
      expectedVersion: 1,
      planPassId: globalId('PlanPass', planPassId),
      expectedWriteCount: 0,
    };
    return { companyId, input, other: { ...input, expectedWriteCount: 1 } };
  },
} as const;
