import { randomUUID } from 'node:crypto';
import { findCompany } from '#adapters/postgres/company.ts';
import { findRulesInForce } from '#adapters/postgres/field-policies.ts';
import { systemDigest } from '#adapters/system/ids.ts';
import { toCompanyId } from '#core/brand.ts';
import { termsOf } from '#sync/planning-pass.ts';
import type { Bridge } from './bridge.ts';
import { seedCompany } from './seed.ts';

const globalId = (type: string, id: string): string =>
  Buffer.from(`${type}:${id}`).toString('base64');

/** A company in shadow mode. */
async function seedShadow({ prisma, pool }: Bridge): Promise<string> {
  const companyId = await seedCompany(prisma, `Shadow ${randomUUID()}`);
  await pool.query(`UPDATE company SET mode = 'SHADOW' WHERE id = $1`, [companyId]);
  return companyId;
}

/** A whole planning pass without a write. */
async function seedPass({ pool }: Bridge, companyId: string): Promise<string> {
  const company = await findCompany(pool, toCompanyId(companyId));
  const rules = await findRulesInForce(pool, toCompanyId(companyId));
  if (company === null) throw new Error('the company is gone');
  const id = randomUUID();
  await pool.query(
    `INSERT INTO planning_pass (id, company_id, status, requested_by, correlation_id, terms, planned_at)
     VALUES ($1, $2, 'WHOLE', '{}', 'test', $3, now())`,
    [id, companyId, termsOf(systemDigest, company.settings, rules)],
  );
  return id;
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
