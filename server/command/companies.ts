import { z } from 'zod';
import type { Bridge } from './bridge.ts';
import { allOf, pageOf } from './pages.ts';
import { tableOf } from './table.ts';

const company = z.object({
  id: z.string(),
  name: z.string(),
  status: z.string(),
  mode: z.string(),
  authorizationExpiresAt: z.string().nullable(),
  health: z.object({
    state: z.string(),
    oldestPendingSeconds: z.int(),
    reasons: z.array(z.string()),
  }),
});
const schema = z.object({ companies: pageOf(company) });
/** A company and how it stands. */
export type CompanyLine = z.infer<typeof company>;

const document = `query Companies($after: String) { companies(first: 100, after: $after) {
  edges { node { id name status mode authorizationExpiresAt health { state oldestPendingSeconds reasons } } }
  pageInfo { hasNextPage endCursor } } }`;

/** Every company with how it stands. */
export async function companies(bridge: Bridge): Promise<readonly CompanyLine[]> {
  const read = async (after: string | null) =>
    (await bridge.ask(document, { after }, schema)).companies;
  return allOf(read);
}

/** For people. */
export const companiesText = (lines: readonly CompanyLine[]): string =>
  tableOf(
    ['COMPANY', 'HEALTH', 'STATUS', 'MODE', 'OLDEST', 'ACCESS UNTIL', 'WHY'],
    lines.map(({ name, status, mode, authorizationExpiresAt, health }) => [
      name,
      health.state,
      status,
      mode,
      `${health.oldestPendingSeconds} s`,
      authorizationExpiresAt?.slice(0, 10) ?? 'none',
      health.reasons.join(' '),
    ]),
  );
