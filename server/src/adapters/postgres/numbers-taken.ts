import type { Pool, PoolClient } from 'pg';
import { z } from 'zod';
import type { CompanyId } from '#core/brand.ts';
import type { NumberHolder } from '#core/resolution/check-values.ts';

/** By the number that the link shows, which is indexed; what each of its documents says decides. */
const select = `
SELECT t.side, t.number, t.id FROM link k
  LEFT JOIN observation i ON i.id = k.internal_observation_id LEFT JOIN observation q ON q.id = k.quickbooks_observation_id
  CROSS JOIN LATERAL (VALUES ('internal', i.content->>'number', k.internal_id, i.content->>'existence'),
    ('quickbooks', q.content->>'number', k.quickbooks_id, q.content->>'existence')) AS t(side, number, id, existence)
WHERE k.company_id = $1 AND k.number = ANY ($2::text[]) AND k.id <> $3::uuid
  AND t.number = ANY ($2::text[]) AND t.id IS NOT NULL AND t.existence <> 'deleted'
ORDER BY k.id, t.side`;

const holder = z.object({
  side: z.enum(['internal', 'quickbooks']),
  number: z.string(),
  id: z.string(),
}) satisfies z.ZodType<NumberHolder>;

/** Documents of other links that have one of these numbers on their side. */
export async function findNumbersTaken(
  client: Pool | PoolClient,
  companyId: CompanyId,
  numbers: readonly string[],
  exceptLinkId: string,
): Promise<readonly NumberHolder[]> {
  const { rows } = await client.query(select, [companyId, numbers, exceptLinkId]);
  return rows.map((row) => holder.parse(row));
}
